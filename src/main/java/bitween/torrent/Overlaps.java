package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.torrent.format.ShareScanner;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Files of what was got that its user shares as well, from where they stand, or with a folder around them. Thread: {@code torrent}. */
final class Overlaps {
    private Overlaps() {}

    /**
     * Before its files are deleted.
     *
     * @throws UserException ALREADY_SHARED
     */
    static void refuseDeleting(Transfers transfers, Transfer got) {
        find(transfers, got).ifPresent(share -> {
            throw refusal(got, share, "keep its files, with bitween rm '" + got.id() + "'");
        });
    }

    /**
     * Before its files are moved.
     *
     * @throws UserException ALREADY_SHARED
     */
    static void refuseMoving(Transfers transfers, Transfer got) {
        find(transfers, got).ifPresent(share -> {
            throw refusal(
                    got,
                    share,
                    "forget it, which keeps its files, with bitween rm '" + got.id() + "', and move the share");
        });
    }

    private static UserException refusal(Transfer got, Transfer share, String orElse) {
        return new UserException(
                ErrorCode.ALREADY_SHARED,
                "files of '" + got.name() + "' are shared where they stand, as '" + share.name() + "' (" + share.place()
                        + ")",
                "first: bitween unshare '" + share.id() + "'; or " + orElse);
    }

    /** Of what still grows there is nothing in its place. Nothing is asked of the disks of shares: they may be away. */
    private static Optional<Transfer> find(Transfers transfers, Transfer got) {
        Selection selection = got.selection();
        boolean inPlace = got.finished() != null || (selection != null && selection.isBegun());
        if (!inPlace || (got.kind() == Transfer.Kind.SHARE && !got.isGotAndSharedOn())) {
            return Optional.empty();
        }
        Path place = got.place();
        Path real = ShareScanner.real(Places.parentOf(place)).resolve(Objects.requireNonNull(place.getFileName()));
        return transfers.all().stream()
                .filter(share ->
                        share.kind() == Transfer.Kind.SHARE && !share.id().equals(got.id()))
                .filter(share -> isNested(share.place(), place) || isNested(share.place(), real))
                .findFirst();
    }

    private static boolean isNested(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}

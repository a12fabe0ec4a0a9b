package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.model.ErrorCode;
import bitween.model.Magnet;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds one's own shares and jobs by what people type. Pure: looks at one catalogue. */
final class OwnNames {
    /** Shorter beginnings of info-hashes hit by accident. */
    private static final int SHORTEST_HASH = 6;

    private final Catalogue catalogue;

    OwnNames(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * By name, number ("#3"), info-hash or how it begins, or magnet link.
     *
     * @param kind null: either
     * @throws UserException UNKNOWN_JOB or UNKNOWN_SHARE, AMBIGUOUS
     */
    Transfer find(String text, Transfer.@Nullable Kind kind) {
        List<Transfer> all = catalogue.transfers().values().stream()
                .filter(transfer -> kind == null || transfer.kind() == kind)
                .toList();
        List<Transfer> hits = hits(all, text);
        if (hits.size() > 1) {
            List<String> candidates = hits.stream()
                    .map(transfer -> transfer.id() + " '" + transfer.name() + "' in "
                            + Objects.requireNonNullElse(transfer.place().getParent(), transfer.place()))
                    .toList();
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + text + "' can be " + String.join(" or ", candidates),
                    "name it by its number, such as '" + hits.get(0).id() + "'");
        }
        return hits.stream().findFirst().orElseThrow(() -> unknown(text, kind, all));
    }

    private static List<Transfer> hits(List<Transfer> all, String text) {
        if (text.matches("#[0-9]{1,18}")) {
            long number = Long.parseLong(text.substring(1));
            return all.stream()
                    .filter(transfer -> transfer.id().value() == number)
                    .toList();
        }
        List<Transfer> named = Spelling.matches(all, Transfer::name, text);
        if (!named.isEmpty()) {
            return named;
        }
        String hash = Magnet.looksLike(text) ? Resolver.magnet(text).hash().hex() : text.toLowerCase(Locale.ROOT);
        return hash.length() < SHORTEST_HASH
                ? List.of()
                : all.stream()
                        .filter(transfer ->
                                transfer.hash() != null && transfer.hash().hex().startsWith(hash))
                        .toList();
    }

    private UserException unknown(String text, Transfer.@Nullable Kind kind, List<Transfer> all) {
        boolean share = kind == Transfer.Kind.SHARE;
        Optional<Transfer> other =
                hits(List.copyOf(catalogue.transfers().values()), text).stream().findFirst();
        if (other.isPresent()) {
            return new UserException(
                    share ? ErrorCode.UNKNOWN_SHARE : ErrorCode.UNKNOWN_JOB,
                    "'" + text + "' is a " + (share ? "job, not a share" : "share, not a job"),
                    share
                            ? "a job is what this device gets, and bitween rm forgets it; what a friend shares is FRIEND/NAME"
                            : "a share is what this device offers, and bitween unshare ends that");
        }
        String near = Spelling.suggestion(all.stream().map(Transfer::name).toList(), text);
        String list = kind == null
                ? "bitween shares and bitween jobs list what there is"
                : share ? "bitween shares lists them" : "bitween jobs lists them";
        return new UserException(
                share ? ErrorCode.UNKNOWN_SHARE : ErrorCode.UNKNOWN_JOB,
                "no " + (kind == null ? "share or job" : share ? "share" : "job") + " is called '" + text + "'",
                near.isEmpty() ? list : near + " " + list);
    }
}

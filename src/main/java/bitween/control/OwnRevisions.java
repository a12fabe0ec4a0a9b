package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.control.Resolver.Reference;
import bitween.control.Resolver.Wanted;
import bitween.model.ConnectionState;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Revisions of one's own live shares, by NAME@N. They are on this disk: who wants to get one is told where. Thread: {@code control-n}. */
final class OwnRevisions {
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(20);

    private final Replies replies;
    private final Histories histories;

    OwnRevisions(Replies replies, Histories histories) {
        this.replies = replies;
        this.histories = histories;
    }

    /**
     * @return one that is not kept here, but that a friend has; null: no live share of ours is meant
     * @throws UserException ALREADY_SHARED, saying where it is; REVISION_GONE
     */
    @Nullable
    Wanted wanted(String text) throws InterruptedException {
        Catalogue now = replies.catalogue();
        Reference reference = Reference.parse(text);
        List<String> parts = new ArrayList<>(List.of(reference.friend()));
        if (reference.share() != null) {
            parts.add(reference.share());
        }
        parts.addAll(reference.path());
        if (isSelf(now, reference.friend())) {
            parts.remove(0);
        }
        Matcher numbered = Resolver.NUMBERED.matcher(parts.isEmpty() ? "" : parts.get(0));
        Transfer own = numbered.matches() ? live(now, numbered.group(1)) : null;
        Share share = own == null ? null : own.share();
        if (own == null || share == null) {
            return null;
        }
        long number = Long.parseLong(numbered.group(2));
        if (number == share.revision()) {
            throw here(own, number, "is what is in " + own.place(), own.place());
        }
        Revision revision = Replies.await(histories.own(own.id()), FETCH_LIMIT).stream()
                .filter(known -> known.number() == number)
                .findFirst()
                .orElse(null);
        if (revision != null && share.keeps(revision.hash())) {
            Path kept = histories.keptAt(revision.hash());
            throw here(own, number, "is kept in " + kept, kept);
        }
        if (revision == null || now.holders(revision.hash()).isEmpty()) {
            throw new UserException(
                    ErrorCode.REVISION_GONE,
                    "revision " + number + " of '" + share.name() + "', which you share yourself, is not kept",
                    "bitween log " + Resolver.typed(share.name()) + " lists what is");
        }
        return new Wanted(
                revision.hash(),
                share.name() + "@" + number,
                now.holders(revision.hash()),
                List.copyOf(parts.subList(1, parts.size())));
    }

    private static UserException here(Transfer own, long number, String where, Path place) {
        return new UserException(
                ErrorCode.ALREADY_SHARED,
                "revision " + number + " of '" + own.name() + "', which you share yourself, " + where,
                "copy it from there: cp -r " + Resolver.typed(place.toString()) + " WHERE");
    }

    private static boolean isSelf(Catalogue now, String friend) {
        ConnectionState connection = now.connection();
        Jid self = connection == null || connection.self() == null
                ? null
                : connection.self().jid();
        return self != null && (friend.equalsIgnoreCase(self.value()) || friend.equalsIgnoreCase(self.local()));
    }

    private static @Nullable Transfer live(Catalogue now, String name) {
        return now.transfers().values().stream()
                .filter(transfer -> transfer.kind() == Transfer.Kind.SHARE && transfer.isLive())
                .filter(transfer -> transfer.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }
}

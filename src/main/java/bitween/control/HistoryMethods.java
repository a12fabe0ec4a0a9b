package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Histories.Entry;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What live shares were, one's own and friends'. */
final class HistoryMethods {
    /** Of files in one answer, of each kind; nobody reads more. */
    private static final int MAX_ENTRIES = 10_000;

    private static final Duration FETCH_LIMIT = Duration.ofSeconds(60);

    private final Replies replies;
    private final Histories histories;

    HistoryMethods(Replies replies, Histories histories) {
        this.replies = replies;
        this.histories = histories;
    }

    void addTo(Methods methods) {
        methods.add(
                "share.log",
                "the revisions of a live share of yours, or of FRIEND/SHARE, the newest first; 'available': it can be got; 'keptAt': where the files of a former one of yours are",
                List.of("name"),
                params -> log(params.text("name")));
        methods.add(
                "share.diff",
                "what is other in revision 'to' (the newest, if not said) of a live share, or of FRIEND/SHARE, than in 'from' (the one before it); NAME@2 says 'from', too",
                List.of("name", "from?", "to?"),
                params -> diff(params.text("name"), params.optionalText("from"), params.optionalText("to")));
    }

    /**
     * @param share as it is now
     * @param devices that can be asked; empty: it is one of ours
     */
    private record Live(String name, @Nullable Share share, List<Revision> revisions, List<Device> devices) {
        Revision at(long number) {
            return revisions.stream()
                    .filter(revision -> revision.number() == number)
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            ErrorCode.UNKNOWN_SHARE,
                            "revision " + number + " of " + name + " is not known",
                            "there are " + numbers()));
        }

        private String numbers() {
            return revisions.stream().map(revision -> "@" + revision.number()).collect(Collectors.joining(", "));
        }
    }

    private View log(String name) throws InterruptedException {
        Live live = live(name);
        return new View()
                .with("name", live.name())
                .with(
                        "revisions",
                        live.revisions().stream()
                                .map(revision -> view(revision)
                                        .with("available", isAvailable(live, revision))
                                        .with("keptAt", keptAt(live, revision)))
                                .toList());
    }

    /** Whether it can be got; one of ours, whether others can get it. */
    private boolean isAvailable(Live live, Revision revision) {
        Share share = live.share();
        boolean owned = share != null && (share.hash().equals(revision.hash()) || share.keeps(revision.hash()));
        return owned || !replies.catalogue().holders(revision.hash()).isEmpty();
    }

    private @Nullable Path keptAt(Live live, Revision revision) {
        boolean own =
                live.devices().isEmpty() && live.share() != null && live.share().keeps(revision.hash());
        return own ? histories.keptAt(revision.hash()) : null;
    }

    private static View view(Revision revision) {
        return new View()
                .with("revision", revision.number())
                .with("hash", revision.hash())
                .with("made", revision.made())
                .with("files", revision.files())
                .with("sizeBytes", revision.sizeBytes());
    }

    private Live live(String text) throws InterruptedException {
        Catalogue now = replies.catalogue();
        String name;
        Share share;
        List<Device> devices = List.of();
        List<Revision> revisions;
        if (text.contains("/")) {
            Held held = held(now, text);
            name = BrowseMethods.nameOf(held);
            devices = held.devices().stream()
                    .filter(FriendDevice::isReachable)
                    .map(FriendDevice::device)
                    .toList();
            share = held.share();
            if (share.revision() == 0) {
                throw notLive(name);
            }
            revisions = Replies.await(histories.of(share.hash(), devices), FETCH_LIMIT);
        } else {
            Transfer own = own(now, text);
            name = own.name();
            share = own.share();
            revisions = Replies.await(histories.own(own.id()), FETCH_LIMIT);
        }
        if (revisions.isEmpty()) {
            throw notLive(name);
        }
        return new Live(name, share, revisions, devices);
    }

    /** Who left the friend out is helped, unless something of ours is called nearly so. */
    private static Transfer own(Catalogue now, String text) {
        try {
            return new OwnNames(now).find(text, Transfer.Kind.SHARE);
        } catch (UserException e) {
            String full = new Resolver(now).inFull(text);
            if (e.code() != ErrorCode.UNKNOWN_SHARE
                    || full.isEmpty()
                    || e.hint().startsWith("did you mean")) {
                throw e;
            }
            throw new UserException(e.code(), e.sentence(), full, e);
        }
    }

    private static Held held(Catalogue now, String text) {
        Reference reference = Reference.parse(text);
        Resolver resolver = new Resolver(now);
        return resolver.share(resolver.friend(reference.friend()), Objects.requireNonNullElse(reference.share(), ""));
    }

    private static UserException notLive(String name) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                "'" + name + "' has no revisions: it is no live share",
                "bitween share --live PATH makes one");
    }

    private View diff(String text, @Nullable String from, @Nullable String to) throws InterruptedException {
        Matcher numbered = Resolver.NUMBERED.matcher(text);
        boolean named = numbered.matches();
        Live live = live(named ? numbered.group(1) : text);
        long newest = live.revisions().get(0).number();
        long last = to == null ? newest : number(to);
        String first = from != null ? from : named ? numbered.group(2) : Long.toString(last - 1);
        Revision before = live.at(number(first));
        Revision after = live.at(last);
        RevisionDiff diff = RevisionDiff.between(content(live, before.hash()), content(live, after.hash()));
        return new View()
                .with("name", live.name())
                .with("from", view(before))
                .with("to", view(after))
                .with("added", entries(diff.added()))
                .with("changed", entries(diff.changed()))
                .with("removed", entries(diff.removed()))
                .with(
                        "renamed",
                        diff.renamed().stream()
                                .limit(MAX_ENTRIES)
                                .map(renamed -> entry(renamed.after())
                                        .with("before", renamed.before().path()))
                                .toList())
                .with(
                        "counts",
                        new View()
                                .with("added", diff.added().size())
                                .with("changed", diff.changed().size())
                                .with("removed", diff.removed().size())
                                .with("renamed", diff.renamed().size()));
    }

    private List<Entry> content(Live live, InfoHash hash) throws InterruptedException {
        return Replies.await(histories.content(hash, live.devices()), FETCH_LIMIT);
    }

    private static long number(String text) {
        String digits = text.startsWith("@") ? text.substring(1) : text;
        if (!digits.matches("[0-9]{1,10}")) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "'" + text + "' is no revision", "it is a number, such as @3");
        }
        return Long.parseLong(digits);
    }

    private static List<View> entries(List<Entry> entries) {
        return entries.stream().limit(MAX_ENTRIES).map(HistoryMethods::entry).toList();
    }

    private static View entry(Entry entry) {
        return new View().with("path", entry.path()).with("sizeBytes", entry.sizeBytes());
    }
}

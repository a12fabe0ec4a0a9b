package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Magnet;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds friends and their shares by what people type. Pure: looks at one catalogue. */
final class Resolver {
    /** NAME@N. */
    static final Pattern NUMBERED = Pattern.compile("(.+)@([0-9]{1,10})", Pattern.DOTALL);

    private final Catalogue catalogue;

    Resolver(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * A friend's share.
     *
     * @param devices that hold it, at least one
     */
    record Held(Friend friend, Share share, List<FriendDevice> devices) {
        boolean isOnline() {
            return devices.stream().anyMatch(FriendDevice::isReachable);
        }
    }

    /**
     * What is to be got.
     *
     * @param name null when nobody says
     * @param from whose it is, when somebody was named
     * @param path of what is meant in it; empty: all
     */
    record Wanted(InfoHash hash, @Nullable String name, List<FriendDevice> from, List<String> path) {}

    /** The parts of FRIEND/SHARE/DIR/…: the friend, the share, the path below it. */
    record Reference(String friend, @Nullable String share, List<String> path) {
        static Reference parse(String text) {
            List<String> parts =
                    Stream.of(text.split("/")).filter(part -> !part.isEmpty()).toList();
            if (parts.isEmpty()) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + text + "' names no friend", "it is FRIEND or FRIEND/SHARE");
            }
            return new Reference(
                    parts.get(0),
                    parts.size() > 1 ? parts.get(1) : null,
                    parts.size() > 2 ? parts.subList(2, parts.size()) : List.of());
        }
    }

    /**
     * By address, by its part before the @, by the name in the roster, or by how one of these begins.
     *
     * @throws UserException UNKNOWN_FRIEND, AMBIGUOUS
     */
    Friend friend(String text) {
        List<Friend> hits = named(text);
        return hits.isEmpty() ? only(beginning(text), text) : only(hits, text);
    }

    /** As {@link #friend}, but not by how something begins: for what cannot be undone, and for whom something is given to. */
    Friend friendInFull(String text) {
        return only(named(text), text);
    }

    private List<Friend> named(String text) {
        Collection<Friend> all = catalogue.friends().values();
        List<Friend> hits = Spelling.matches(all, friend -> friend.jid().value(), text);
        if (!hits.isEmpty()) {
            return hits;
        }
        Set<Friend> named =
                new LinkedHashSet<>(Spelling.matches(all, friend -> friend.jid().local(), text));
        named.addAll(Spelling.matches(all, Resolver::nickname, text));
        return List.copyOf(named);
    }

    private List<Friend> beginning(String text) {
        return catalogue.friends().values().stream()
                .filter(friend ->
                        Spelling.startsWith(friend.jid().value(), text) || Spelling.startsWith(nickname(friend), text))
                .toList();
    }

    private Friend only(List<Friend> hits, String text) {
        if (hits.isEmpty()) {
            throw unknownFriend(text);
        }
        if (hits.size() > 1) {
            List<String> candidates =
                    hits.stream().map(friend -> friend.jid().value()).sorted().toList();
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + text + "' can be " + String.join(" or ", candidates),
                    "name one of them in full");
        }
        return hits.get(0);
    }

    private static String nickname(Friend friend) {
        return friend.entry() == null || friend.entry().name() == null
                ? friend.jid().local()
                : friend.entry().name();
    }

    private UserException unknownFriend(String text) {
        for (Jid asking : catalogue.requests()) {
            if (!Spelling.matches(List.of(asking.value(), asking.local()), name -> name, text)
                    .isEmpty()) {
                return new UserException(
                        ErrorCode.UNKNOWN_FRIEND,
                        asking + " waits for you to accept",
                        "accept with: bitween friend accept " + asking);
            }
        }
        List<String> names = new ArrayList<>();
        for (Friend friend : catalogue.friends().values()) {
            names.add(friend.jid().value());
            names.add(friend.jid().local());
            names.add(nickname(friend));
        }
        boolean isOurs = catalogue.transfers().values().stream()
                .anyMatch(transfer -> transfer.kind() == Transfer.Kind.SHARE
                        && transfer.name().equalsIgnoreCase(text));
        String similar = Spelling.suggestion(names, text);
        String near = similar.isEmpty() && !text.isEmpty() ? begun(text) : similar;
        String otherwise = isOurs
                ? "bitween shares lists what you share yourself"
                : names.isEmpty() ? "add one with: bitween friend add name@example.org" : "bitween friends lists them";
        return new UserException(
                ErrorCode.UNKNOWN_FRIEND,
                "no friend is called '" + text + "'",
                near.isEmpty() ? otherwise : near + " " + otherwise);
    }

    /** "did you mean 'carol@example.org'?", for who typed no more than how that begins; empty: nobody is called so. */
    private String begun(String text) {
        return Spelling.question(beginning(text).stream()
                .map(friend -> friend.jid().value())
                .sorted()
                .toList());
    }

    /** What a friend shares, each share once whatever the number of devices that hold it, by name. */
    List<Held> shares(Friend friend) {
        Map<InfoHash, Held> byHash = new LinkedHashMap<>();
        for (FriendDevice device : friend.sortedDevices()) {
            for (Share share : device.sortedShares()) {
                Held held = byHash.get(share.hash());
                List<FriendDevice> devices = new ArrayList<>(held == null ? List.of() : held.devices());
                devices.add(device);
                byHash.put(share.hash(), new Held(friend, held == null ? share : held.share(), List.copyOf(devices)));
            }
        }
        return byHash.values().stream()
                .sorted((a, b) -> a.share().name().compareToIgnoreCase(b.share().name()))
                .toList();
    }

    /**
     * By its name on any of the friend's devices.
     *
     * @throws UserException UNKNOWN_SHARE, AMBIGUOUS when shares with other content have that name
     */
    Held share(Friend friend, String text) {
        List<Share> named = friend.sortedDevices().stream()
                .flatMap(device -> device.sortedShares().stream())
                .toList();
        List<InfoHash> hits = Spelling.matches(named, Share::name, text).stream()
                .map(Share::hash)
                .distinct()
                .toList();
        List<Held> shares = shares(friend);
        if (hits.isEmpty()) {
            return revision(friend, text).orElseThrow(() -> unknownShare(friend, named, text));
        }
        List<Held> meant = shares.stream()
                .filter(held -> hits.contains(held.share().hash()))
                .toList();
        if (meant.stream().map(held -> SameContent.key(held.share())).distinct().count() > 1) {
            throw ambiguous(friend, text, shares, hits);
        }
        return meant.stream().filter(Held::isOnline).findFirst().orElse(meant.get(0)); // several have it, each its own
    }

    /**
     * By SHARE@N, while that is what the friend shares.
     *
     * @return empty: it is not called so
     * @throws UserException REVISION_GONE, saying which revisions there are
     */
    private Optional<Held> revision(Friend friend, String text) {
        Matcher numbered = NUMBERED.matcher(text);
        if (!numbered.matches()) {
            return Optional.empty();
        }
        Held live = share(friend, numbered.group(1));
        int now = live.share().revision();
        if (now == 0) {
            return Optional.empty();
        }
        if (Long.parseLong(numbered.group(2)) != now) {
            throw gone(live, numbered.group(2));
        }
        return Optional.of(live);
    }

    /**
     * By SHARE@N, a former revision that the friend keeps.
     *
     * @return empty: it is not called so, or is not kept by whom it is of
     */
    private Optional<Wanted> former(Friend friend, Reference reference) {
        String text = Objects.requireNonNullElse(reference.share(), "");
        Matcher numbered = NUMBERED.matcher(text);
        boolean named = friend.sortedDevices().stream()
                .flatMap(device -> device.sortedShares().stream())
                .anyMatch(share -> share.name().equalsIgnoreCase(text));
        if (named || !numbered.matches()) {
            return Optional.empty();
        }
        Share live = share(friend, numbered.group(1)).share();
        return live.kept().stream()
                .filter(kept -> kept.number() == Long.parseLong(numbered.group(2)))
                .findFirst()
                .map(kept -> formerly(live, kept, reference.path()));
    }

    /** A former revision, whoever has it. */
    Wanted formerly(Share live, Former former, List<String> path) {
        return new Wanted(former.hash(), live.name() + "@" + former.number(), catalogue.holders(former.hash()), path);
    }

    /** A revision that nobody has. */
    static UserException gone(Held live, String number) {
        Share share = live.share();
        String reference = live.friend().jid() + "/" + share.name();
        List<String> there = new ArrayList<>(List.of("@" + share.revision()));
        share.kept().forEach(kept -> there.add("@" + kept.number()));
        return new UserException(
                ErrorCode.REVISION_GONE,
                "revision " + number + " of '" + share.name() + "' is not kept by "
                        + live.friend().jid() + (there.size() == 1 ? ", who shares revision " + share.revision() : ""),
                (there.size() == 1
                                ? "bitween get " + typed(reference) + " gets what there is"
                                : "there is " + String.join(", ", there) + ": bitween get "
                                        + typed(reference + there.get(1)))
                        + "; bitween log " + typed(reference) + " lists what there was");
    }

    /** As a shell takes it for one word. */
    static String typed(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static UserException unknownShare(Friend friend, List<Share> named, String text) {
        String near = Spelling.suggestion(named.stream().map(Share::name).toList(), text);
        String list = "bitween ls " + friend.jid() + " shows what is shared";
        return new UserException(
                ErrorCode.UNKNOWN_SHARE,
                friend.jid() + " shares nothing called '" + text + "'",
                near.isEmpty() ? list : near + " " + list);
    }

    private static UserException ambiguous(Friend friend, String text, List<Held> shares, List<InfoHash> hits) {
        List<String> candidates = shares.stream()
                .filter(held -> hits.contains(held.share().hash()))
                .map(held -> "'" + held.share().name() + "' "
                        + held.share().hash() + " on "
                        + String.join(
                                ", ",
                                held.devices().stream().map(FriendDevice::name).toList()))
                .toList();
        return new UserException(
                ErrorCode.AMBIGUOUS,
                friend.jid() + " shares several called '" + text + "': " + String.join("; ", candidates),
                "name one by its info-hash");
    }

    /**
     * By FRIEND/SHARE, or a path in it, info-hash or magnet link; the latter two also when nobody holds it.
     *
     * @throws UserException BAD_HASH, UNKNOWN_FRIEND, UNKNOWN_SHARE, AMBIGUOUS, BAD_ARGUMENT
     */
    Wanted wanted(String text) {
        if (Magnet.looksLike(text)) {
            Magnet magnet = magnet(text);
            String told = catalogue.holders(magnet.hash()).stream()
                    .map(device -> device.shares().get(magnet.hash()))
                    .flatMap(Stream::ofNullable)
                    .map(Share::name)
                    .findFirst()
                    .orElse(null);
            return new Wanted(magnet.hash(), told == null ? magnet.name() : told, List.of(), List.of());
        }
        Reference reference = Reference.parse(text);
        if (reference.share() == null) {
            throw nameAlone(reference.friend());
        }
        Friend friend = friend(reference.friend());
        Optional<Wanted> former = former(friend, reference);
        if (former.isPresent()) {
            return former.get();
        }
        Held held = share(friend, reference.share());
        return new Wanted(held.share().hash(), held.share().name(), held.devices(), reference.path());
    }

    static Magnet magnet(String text) {
        try {
            return Magnet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_HASH,
                    String.valueOf(e.getMessage()),
                    "copy the whole hash or link; bitween ls FRIEND shows names, which work too",
                    e);
        }
    }

    /** A share's name without its owner: not got, because another friend may share something else under that name, but helped with. */
    private UserException nameAlone(String text) {
        String full = inFull(text);
        List<Friend> friends = named(text);
        if (friends.size() == 1) {
            return new UserException(
                    ErrorCode.UNKNOWN_SHARE,
                    "'" + text + "' is a friend, and no share of theirs is named",
                    "bitween ls " + friends.get(0).jid() + " shows what is shared"
                            + (full.isEmpty() ? "" : "; " + full));
        }
        return new UserException(
                ErrorCode.UNKNOWN_SHARE,
                "'" + text + "' is no FRIEND/SHARE, info-hash or magnet link",
                full.isEmpty() ? "no friend shares anything called so; bitween ls shows what there is" : full);
    }

    /** "did you mean 'alice/Music'?", for who left the friend out; empty: nobody shares anything like that. */
    String inFull(String text) {
        List<String> full = new ArrayList<>();
        for (Friend friend : catalogue.friends().values()) {
            List<Held> shares = shares(friend);
            List<String> names =
                    shares.stream().map(held -> held.share().name()).toList();
            List<String> hits = Spelling.matches(names, name -> name, text);
            (hits.isEmpty() ? Spelling.similar(names, text) : hits)
                    .forEach(name -> full.add(friend.jid().local() + "/" + name));
        }
        return Spelling.question(full);
    }
}

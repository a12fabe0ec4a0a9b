package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds out whom people mean by "bob", "@family" or "everyone". Pure: looks at one catalogue. */
final class Grantees {
    /** Whoever would name more one by one wants a group. */
    private static final int MAX_NAMED = 1_000;

    private final Catalogue catalogue;

    Grantees(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Whom to let have a share. Who is in no roster is a mistake that nobody would notice, so it is refused; before the roster is here, whole addresses and
     * groups are taken as they are written.
     *
     * @throws UserException UNKNOWN_FRIEND, UNKNOWN_GROUP, AMBIGUOUS, BAD_ARGUMENT
     */
    Set<Grantee> toGrant(List<String> texts) {
        return all(texts, this::known);
    }

    /**
     * Whom to take a share from.
     *
     * @throws UserException NOT_GRANTED; STILL_GRANTED when somebody would keep it all the same; as {@link #toGrant} for a name that means nobody
     */
    Set<Grantee> toRevoke(List<String> texts, Transfer share) {
        Set<Grantee> revoked = all(texts, text -> granted(text, share));
        Audience rest = share.audience().without(revoked);
        for (Grantee grantee : revoked) {
            if (grantee instanceof Grantee.Person person) {
                List<Grantee> left = rest.including(person.jid(), groupsOf(person.jid()));
                if (!left.isEmpty()) {
                    throw stillGranted(person.jid(), share, left);
                }
            }
            if (!share.audience().grantees().contains(grantee)) {
                throw new UserException(
                        ErrorCode.NOT_GRANTED,
                        "'" + share.name() + "' is not shared with " + grantee
                                + (share.audience().isEmpty()
                                        ? ": it is for nobody but your own devices"
                                        : ", but with " + share.audience()),
                        "bitween shares lists who may have what");
            }
        }
        return revoked;
    }

    /** By what is granted, also when it stands in no roster any more; else by what is known. */
    private Grantee granted(String text, Transfer share) {
        Set<Grantee> grantees = share.audience().grantees();
        List<Grantee> hits = Spelling.matches(grantees, Grantee::toString, text);
        if (hits.isEmpty()) {
            hits = Spelling.matches(
                    grantees,
                    grantee -> grantee instanceof Grantee.Person person
                            ? person.jid().local()
                            : grantee.toString(),
                    text);
        }
        return hits.size() == 1 ? hits.get(0) : known(text);
    }

    private Grantee known(String text) {
        if (text.startsWith("@")) {
            return group(text);
        }
        if (text.indexOf('@') < 0
                && Spelling.matches(List.of("everyone"), word -> word, text).size() == 1) {
            return new Grantee.Everyone();
        }
        return new Grantee.Person(person(text));
    }

    private Grantee group(String text) {
        Grantee.Group wanted = parsed(text, Grantee.Group.class);
        Set<String> groups = rosterEntries()
                .flatMap(entry -> entry.groups().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> hits = Spelling.matches(groups, name -> name, wanted.name());
        if (hits.size() > 1) {
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + text + "' can be @" + String.join(" or @", hits),
                    "write it as it stands in your roster");
        }
        if (hits.isEmpty() && isRosterKnown()) {
            throw unknownGroup(wanted.name(), groups);
        }
        return hits.isEmpty() ? wanted : new Grantee.Group(hits.get(0));
    }

    private static UserException unknownGroup(String name, Set<String> groups) {
        String near =
                Spelling.suggestion(groups.stream().map(group -> "@" + group).toList(), "@" + name);
        String otherwise = groups.isEmpty()
                ? "your roster has no groups yet; your chat program can make them"
                : "your roster has @" + String.join(", @", groups);
        return new UserException(
                ErrorCode.UNKNOWN_GROUP,
                "nobody in your roster is in a group '" + name + "'",
                near.isEmpty() ? otherwise : near + " " + otherwise);
    }

    private Jid person(String text) {
        ConnectionState connection = catalogue.connection();
        if (connection != null
                && connection.self() != null
                && connection.self().jid().value().equalsIgnoreCase(text)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    text + " is your own account",
                    "your own devices see all your shares anyway");
        }
        try {
            return new Resolver(catalogue).friendInFull(text).jid();
        } catch (UserException e) {
            if (e.code() != ErrorCode.UNKNOWN_FRIEND || text.indexOf('@') < 0) {
                throw orGroup(e, text);
            }
            Jid jid = parsed(text, Grantee.Person.class).jid();
            if (!isRosterKnown()) {
                return jid;
            }
            throw catalogue.requests().contains(jid)
                    ? e
                    : new UserException(
                            ErrorCode.UNKNOWN_FRIEND,
                            jid + " is not in your roster",
                            "ask them first: bitween friend add " + jid + "; bitween friends lists who is in it",
                            e);
        }
    }

    /** Who names no friend, but a group without its @, is told so. */
    private UserException orGroup(UserException unknown, String text) {
        List<String> groups = rosterEntries()
                .flatMap(entry -> entry.groups().stream())
                .distinct()
                .toList();
        List<String> hits = Spelling.matches(groups, name -> name, text);
        return unknown.code() != ErrorCode.UNKNOWN_FRIEND || hits.isEmpty()
                ? unknown
                : new UserException(
                        unknown.code(), unknown.sentence(), "did you mean '@" + hits.get(0) + "'?", unknown);
    }

    private static <T extends Grantee> T parsed(String text, Class<T> kind) {
        try {
            return kind.cast(Grantee.parse(text));
        } catch (IllegalArgumentException e) {
            String rule = String.valueOf(e.getMessage());
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    rule.startsWith("must ") ? "'" + text + "' " + rule : rule,
                    "such as everyone, @family or bob@example.org",
                    e);
        }
    }

    private static UserException stillGranted(Jid jid, Transfer share, List<Grantee> by) {
        boolean everyone = by.get(0) instanceof Grantee.Everyone;
        String names = by.stream().map(Grantee::toString).collect(Collectors.joining(" and "));
        return new UserException(
                ErrorCode.STILL_GRANTED,
                jid + " would keep '" + share.name() + "', which is shared with " + names + "; nothing was changed",
                everyone
                        ? "grant it to those who may keep it, then: bitween revoke NAME everyone"
                        : "take " + jid + " out of the group in your roster, or: bitween revoke NAME " + names);
    }

    private Set<String> groupsOf(Jid jid) {
        Friend friend = catalogue.friends().get(jid);
        return friend == null || friend.entry() == null
                ? Set.of()
                : friend.entry().groups();
    }

    private Stream<RosterEntry> rosterEntries() {
        return catalogue.friends().values().stream().map(Friend::entry).flatMap(Stream::ofNullable);
    }

    private boolean isRosterKnown() {
        ConnectionState connection = catalogue.connection();
        return rosterEntries().findAny().isPresent()
                || (connection != null && connection.status() == ConnectionState.Status.ONLINE);
    }

    private static Set<Grantee> all(List<String> texts, Function<String, Grantee> meaning) {
        Set<Grantee> all = new LinkedHashSet<>();
        texts.forEach(text -> all.add(meaning.apply(text.strip())));
        if (all.isEmpty() || all.size() > MAX_NAMED) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "1 to " + MAX_NAMED + " can be named at once",
                    "such as everyone, @family or bob@example.org");
        }
        return all;
    }
}

package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.Transfer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What somebody may mean who has typed the beginning of a name. Pure: looks at one catalogue. */
final class Candidates {
    private final Catalogue catalogue;

    Candidates(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Whose names begin so: as it is written, else whatever the case and what accents are made of. */
    static List<String> beginning(Stream<String> names, String text) {
        List<String> all = names.distinct().sorted().toList();
        List<String> exact = all.stream().filter(name -> name.startsWith(text)).toList();
        return exact.isEmpty()
                ? all.stream().filter(name -> Spelling.startsWith(name, text)).toList()
                : exact;
    }

    /** By name; by number those whose name another one has, and all when a number is begun. */
    List<String> transfers(Transfer.Kind kind, String text) {
        List<Transfer> all = catalogue.transfers().values().stream()
                .filter(transfer -> transfer.kind() == kind)
                .toList();
        List<String> names = all.stream().map(Transfer::name).toList();
        boolean numbers = text.startsWith("#");
        return beginning(
                all.stream()
                        .map(transfer -> numbers || Collections.frequency(names, transfer.name()) > 1
                                ? transfer.id().toString()
                                : transfer.name()),
                text);
    }

    /** By the part before the @ where that is enough and no more was typed. */
    List<String> friends(String text) {
        return people(catalogue.friends().keySet(), text);
    }

    List<String> asking(String text) {
        return people(catalogue.requests(), text);
    }

    List<String> blocked(String text) {
        return people(catalogue.blocked(), text);
    }

    /** Whom a share can be for: everyone, groups of the roster, friends. */
    List<String> grantees(String text) {
        Stream<String> groups = catalogue.friends().values().stream()
                .map(Friend::entry)
                .filter(Objects::nonNull)
                .map(RosterEntry::groups)
                .flatMap(Collection::stream)
                .map(group -> "@" + group);
        return Stream.of(beginning(Stream.of("everyone"), text), beginning(groups, text), friends(text))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> people(Collection<Jid> all, String text) {
        List<String> locals = all.stream().map(Jid::local).toList();
        return beginning(
                all.stream()
                        .map(jid -> text.indexOf('@') > 0 || Collections.frequency(locals, jid.local()) > 1
                                ? jid.value()
                                : jid.local()),
                text);
    }

    /** "bob/" of what has no / yet. */
    List<String> friendsBeforeShares(String text) {
        return friends(text).stream().map(name -> name + "/").toList();
    }

    /** "bob/Music/", or without the last / what is known to be one file. */
    List<String> shares(Friend friend, String head, String text) {
        return beginning(
                new Resolver(catalogue)
                        .shares(friend).stream()
                                .map(Held::share)
                                .map(share -> head + share.name() + (share.files() == 1 ? "" : "/")),
                head + text);
    }

    /** What is in a folder of a share, as {@link #shares}. */
    static List<String> entries(FileTree folder, String head, String text) {
        return beginning(
                folder.entries(false).stream().map(entry -> head + entry.name() + (entry.isFolder() ? "/" : "")),
                head + text);
    }

    /** The text up to its last /, and what was begun after it. */
    record Begun(String head, String last) {
        static Begun of(String text) {
            int cut = text.lastIndexOf('/') + 1;
            return new Begun(text.substring(0, cut), text.substring(cut));
        }

        /** @return friend, share and path of the head */
        Reference reference() {
            return Reference.parse(head);
        }
    }

    /** Not more of them than anybody looks at. */
    static List<String> first(List<String> names, int count) {
        return new ArrayList<>(names.subList(0, Math.min(count, names.size())));
    }
}

package bitween.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may see and get a share: whoever is a contact and meant by one of these. With none of them it is for one's own devices alone.
 *
 * @param grantees in no order; {@link #texts} has them in theirs
 */
public record Audience(Set<Grantee> grantees) {
    public static final Audience NOBODY = new Audience(Set.of());
    public static final Audience EVERYONE = new Audience(Set.of(new Grantee.Everyone()));

    public Audience {
        grantees = Set.copyOf(grantees);
    }

    /** @throws IllegalArgumentException as {@link Grantee#parse} */
    public static Audience parse(Collection<String> texts) {
        return new Audience(texts.stream().map(Grantee::parse).collect(Collectors.toSet()));
    }

    /**
     * @param groups of the roster, in which {@code jid} is now
     * @param contact whether {@code jid} is a contact, each having agreed; nobody else is ever admitted
     */
    public boolean admits(Jid jid, Set<String> groups, boolean contact) {
        return contact && grantees.stream().anyMatch(grantee -> grantee.includes(jid, groups));
    }

    /** By which of them {@code jid} is meant, in order. */
    public List<Grantee> including(Jid jid, Set<String> groups) {
        return grantees.stream()
                .filter(grantee -> grantee.includes(jid, groups))
                .sorted()
                .toList();
    }

    public boolean isEmpty() {
        return grantees.isEmpty();
    }

    public Audience with(Set<Grantee> more) {
        Set<Grantee> all = new HashSet<>(grantees);
        all.addAll(more);
        return new Audience(all);
    }

    public Audience without(Set<Grantee> fewer) {
        Set<Grantee> rest = new HashSet<>(grantees);
        rest.removeAll(fewer);
        return new Audience(rest);
    }

    /** Each as {@link Grantee#parse} reads it, in order. */
    public List<String> texts() {
        return grantees.stream().sorted().map(Grantee::toString).toList();
    }

    @Override
    public String toString() {
        return isEmpty() ? "nobody" : String.join(", ", texts());
    }
}

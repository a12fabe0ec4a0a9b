package bitween.model;

import java.util.Set;

/** Whom a share can be granted to. As text: {@code everyone}, {@code @group}, or an address; ordered as people list them. */
public sealed interface Grantee extends Comparable<Grantee> {
    /**
     * @param groups of the roster, in which {@code jid} is now
     * @return whether {@code jid} is meant; that it is a contact is for the caller to know
     */
    boolean includes(Jid jid, Set<String> groups);

    /** @throws IllegalArgumentException saying what can be written */
    static Grantee parse(String text) {
        if (text.equalsIgnoreCase(Everyone.WORD)) {
            return new Everyone();
        }
        if (text.startsWith("@")) {
            return new Group(text.substring(1));
        }
        if (text.indexOf('@') < 0) {
            throw new IllegalArgumentException("must be everyone, an @group of the roster or an address");
        }
        return new Person(new Jid(text));
    }

    @Override
    default int compareTo(Grantee other) {
        int kinds = Integer.compare(rank(this), rank(other));
        return kinds != 0 ? kinds : toString().compareTo(other.toString());
    }

    private static int rank(Grantee grantee) {
        return grantee instanceof Everyone ? 0 : grantee instanceof Group ? 1 : 2;
    }

    /** All contacts. */
    record Everyone() implements Grantee {
        private static final String WORD = "everyone";

        @Override
        public boolean includes(Jid jid, Set<String> groups) {
            return true;
        }

        @Override
        public String toString() {
            return WORD;
        }
    }

    /** Who is in a group of the roster (RFC 6121 section 2.1.2.6) at the moment of asking. */
    record Group(String name) implements Grantee {
        /** The roster sets no limit; nobody types more. */
        private static final int MAX_LENGTH = 1_023;

        public Group {
            if (name.isBlank() || name.length() > MAX_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "must have a group's name after the @, 1 to " + MAX_LENGTH + " characters on one line");
            }
        }

        @Override
        public boolean includes(Jid jid, Set<String> groups) {
            return groups.contains(name);
        }

        @Override
        public String toString() {
            return "@" + name;
        }
    }

    /** One contact, with all devices. */
    record Person(Jid jid) implements Grantee {
        @Override
        public boolean includes(Jid other, Set<String> groups) {
            return jid.equals(other);
        }

        @Override
        public String toString() {
            return jid.toString();
        }
    }
}

package bitween.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contact as the server keeps it (RFC 6121 section 2).
 *
 * @param name what the user calls this contact; null when unnamed
 * @param asked whether our request to see their presence is not answered yet
 */
public record RosterEntry(
        Jid jid, @Nullable String name, Subscription subscription, boolean asked, Set<String> groups) {
    /** Whose presence is seen: TO, we see theirs; FROM, they see ours. */
    public enum Subscription {
        NONE,
        TO,
        FROM,
        BOTH
    }

    public RosterEntry {
        groups = Set.copyOf(groups);
    }

    /** Whether both have agreed to see each other: only then is this a contact whom anything of ours is for. */
    public boolean isContact() {
        return subscription == Subscription.BOTH;
    }

    public boolean weSeeThem() {
        return subscription == Subscription.TO || subscription == Subscription.BOTH;
    }

    public boolean theySeeUs() {
        return subscription == Subscription.FROM || subscription == Subscription.BOTH;
    }
}

package bitween.events;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something happened.
 *
 * @param number from 1, in the order in which it happened, since the daemon started
 * @param details strings, numbers, lists of strings, and null for what does not apply
 */
public record Happening(long number, Instant at, Kind kind, Map<String, @Nullable Object> details) {
    public Happening {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Their words are released: scripts match on them. */
    public enum Kind {
        JOB_ADDED("job.added"),
        JOB_STATE("job.state"),
        JOB_COMPLETE("job.complete"),
        /** It failed, or rests or waits because of something that the user did not ask for. */
        JOB_ERROR("job.error"),
        JOB_REMOVED("job.removed"),
        /** A newer revision took its place; what was changed here stands beside it. */
        JOB_KEPT("job.kept"),
        SHARE_ADDED("share.added"),
        SHARE_STATE("share.state"),
        SHARE_ERROR("share.error"),
        /** A live share is its next revision. */
        SHARE_REVISED("share.revised"),
        /** The files of a live share's newest revision are not kept. */
        SHARE_UNKEPT("share.unkept"),
        SHARE_REMOVED("share.removed"),
        FRIEND_ONLINE("friend.online"),
        FRIEND_OFFLINE("friend.offline"),
        FRIEND_REQUEST("friend.request"),
        /** A device of a friend's told for the first time what it shares. */
        FRIEND_LISTED("friend.listed"),
        FRIEND_SHARED("friend.shared"),
        FRIEND_UNSHARED("friend.unshared"),
        /** A live share of a friend's is its next revision: neither shared nor unshared. */
        FRIEND_REVISED("friend.revised"),
        FRIEND_OFFENCE("friend.offence"),
        /** Somebody shares what the user waits for. */
        WANT_FOUND("want.found"),
        /** There is something new in what the user follows. */
        REVISION_FOUND("revision.found"),
        /** It does not come by itself: it is too large. */
        REVISION_HELD("revision.held"),
        /** It is here. */
        REVISION_READY("revision.ready"),
        /** A friend sends something. */
        OFFER_FOUND("offer.found"),
        /** Its sender took it back. */
        OFFER_GONE("offer.gone"),
        /** A friend has what was sent to them. */
        SENT_TAKEN("sent.taken"),
        SENT_DECLINED("sent.declined"),
        SENT_WITHDRAWN("sent.withdrawn"),
        CONNECTION("connection");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** A detail as text; empty when there is none. */
    String text(String key) {
        Object value = details.get(key);
        return value == null ? "" : value.toString();
    }
}

package bitween.model;

/** The stable names of what can go wrong. Scripts match on them; a name, once released, keeps its meaning. */
public enum ErrorCode {
    /** A bug or a state nobody foresaw. */
    INTERNAL,
    BAD_ARGUMENT,
    BAD_CONFIG,
    BAD_HASH,
    BAD_METADATA,
    /** A queue is full; the same command may work in a moment. */
    BUSY,
    TIMED_OUT,
    NOT_CONFIGURED,
    ALREADY_CONFIGURED,
    DAEMON_NOT_RUNNING,
    /** A daemon runs and does not answer: it hangs, or was stopped by a signal. */
    DAEMON_HANGS,
    ALREADY_RUNNING,
    UNSUPPORTED_PLATFORM,
    HOME_UNSAFE,
    NEWER_HOME,
    STORE_FAILED,
    /** Another program holds the database: it can be read, not written. */
    STORE_LOCKED,
    /** The file system of the database takes nothing any more. */
    STORE_READ_ONLY,
    /** The database is not what was written. */
    STORE_DAMAGED,
    /** It is not in the database that was restored, and comes from what is kept beside it: nobody knows for whom it is. */
    REBUILT,
    /** The file that holds the device's key is not one that bitween wrote. */
    KEY_DAMAGED,
    /** The file is not what the program kept from which something is to be taken over. */
    IMPORT_UNREADABLE,
    UNKNOWN_FRIEND,
    UNKNOWN_GROUP,
    UNKNOWN_SHARE,
    /** Nobody who may be asked has a former revision of a live share, or what a share was before, any more. */
    REVISION_GONE,
    UNKNOWN_JOB,
    /** It is not known where a file came from. */
    UNKNOWN_FILE,
    UNKNOWN_WANT,
    UNKNOWN_FOLLOW,
    /** Whoever it was sent to does not want it. */
    OFFER_DECLINED,
    /** It was sent, and taken back. */
    OFFER_WITHDRAWN,
    /** Whoever is meant is blocked here. */
    BLOCKED,
    /** Whoever is meant is not blocked. */
    NOT_BLOCKED,
    AMBIGUOUS,
    PATH_MISSING,
    /** What was chosen of a share fits nothing in it. */
    NOTHING_FITS,
    PATH_UNREADABLE,
    PATH_REFUSED,
    NAME_REFUSED,
    NAME_TAKEN,
    ALREADY_SHARED,
    /** Nobody said who may have a share. */
    AUDIENCE_MISSING,
    /** Whoever is to lose a share did not have it. */
    NOT_GRANTED,
    /** Whoever is to lose a share would keep it, as one of everyone or of a group. */
    STILL_GRANTED,
    DISK_WRITE,
    DISK_READ,
    DISK_FULL,
    /** The file system takes nothing any more, whatever room it has. */
    DISK_READ_ONLY,
    /** The user let it rest. */
    PAUSED_BY_USER,
    /** Files of a share that is not to change have changed. */
    FILES_CHANGED,
    /** What was received is not what its owner hashed. */
    CONTENT_CHANGED,
    XMPP_AUTH,
    XMPP_UNREACHABLE,
    XMPP_CERTIFICATE,
    /** The server makes no account. */
    XMPP_REGISTRATION,
    XMPP_OFFLINE,
    FRIEND_OFFLINE,
    /** One of two people does not see the other's presence, so they are no contacts. */
    NOT_MUTUAL,
    /** A device waits for somebody to trust it. */
    DEVICE_HELD,
    /** Two people share nothing with each other. */
    NOTHING_GRANTED,
    /** This device has no address that friends could dial. */
    NO_ADDRESS,
    /** Two devices cannot reach each other by TCP. */
    NO_DIRECT_LINK,
    /** The XMPP servers carry nothing from one device to the other. */
    NO_IN_BAND_LINK,
    /** This machine's clock is not the server's. */
    CLOCK_WRONG,
    /** Memory-mapped I/O would not be safe, so files are read in a slower way. */
    SLOW_BACKEND,
    FRIEND_REFUSED
}

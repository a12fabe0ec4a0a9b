package bitween.model;

/** Where a share or a job stands. */
public enum TransferState {
    /** A share whose files are being read for the first time; or a live one of which the next revision is made: friends see the last, and get nothing of it. */
    HASHING,
    /** A share that friends can get. */
    SEEDING,
    /** A job whose info-hash no contact holds at the moment. */
    WAITING_FOR_FRIEND,
    /** A job that waits for its turn: more are wanted than may run at once. */
    QUEUED,
    /** A job that asks a friend for the info dictionary. */
    METADATA,
    DOWNLOADING,
    /** What is on disk is being compared with its hashes. */
    VERIFYING,
    /** Every byte is verified and under its final name. */
    COMPLETE,
    /** A share whose files are not there: moved, deleted, or on a disk that is not. It goes on by itself when they are back. */
    MISSING,
    /** A share whose files are not what was hashed. It goes on by itself when they are as they were. */
    STALE,
    /** Its files are on their way to another folder. A share is offered meanwhile. */
    MOVING,
    /** A job that rests until its disk can be used again, or the user lets it go on: its failure says which. */
    PAUSED,
    FAILED
}

package bitween.model;

/** Whether a device may have links with us. */
public enum DeviceTrust {
    /** It may. */
    TRUSTED,
    /** It may not until a trusted device of the same person, or the user, says so. */
    WAITING,
    /**
     * It may not until the user says so, whoever vouches for it: it came where another device of that person was, with another key, and somebody may be in between; or
     * the user trusts it no longer.
     */
    CHANGED
}

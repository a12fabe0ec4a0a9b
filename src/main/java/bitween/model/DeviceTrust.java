package bitween.model;

/** Whether a device may have links with us. */
public enum DeviceTrust {
    /** It may. */
    TRUSTED,
    /** It may not until a trusted device of the same person, or the user, says so. */
    WAITING,
    /** It may not: it came where another device of that person was, with another key. Somebody may be in between. */
    CHANGED
}

package bitween.model;

/** What becomes of a share when its files change. */
public enum ShareMode {
    /** It is withdrawn, and goes on by itself once the files are as they were. */
    USUAL,
    /** What is there becomes its next revision. */
    LIVE,
    /** It is withdrawn, and goes on when its user says so. */
    FROZEN
}

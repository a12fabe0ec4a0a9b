package bitween.model;

/**
 * What a friend's device did that no honest bitween does, whatever its disk, its line or its owner's limits are like. Being silent, slow, choked or gone is not
 * among them.
 */
public enum Offence {
    DAMAGED_PIECES("sends damaged pieces"),
    OTHER_PROTOCOL("speaks something else than BitTorrent"),
    MALFORMED_MESSAGES("sends messages that make no sense"),
    UNASKED_BLOCKS("sends what nobody asked for"),
    UNKNOWN_EXTENSIONS("uses extensions that we never offered"),
    REQUEST_FLOOD("asks for more at once than any bitween"),
    CHOKE_FLAPPING("chokes and unchokes all the time"),
    CHURN("connects again and again"),
    BROKEN_QUESTIONS("asks or answers what makes no sense");

    private final String deed;

    Offence(String deed) {
        this.deed = deed;
    }

    /** For people: what follows a device's name. */
    public String deed() {
        return deed;
    }
}

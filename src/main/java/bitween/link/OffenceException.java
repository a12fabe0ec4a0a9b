package bitween.link;

import bitween.model.Offence;
import java.io.IOException;

/** A friend's device did what no honest bitween does; the connection ends. */
final class OffenceException extends IOException {
    private static final long serialVersionUID = 1;

    private final Offence offence;
    private final String what;

    /** @param what it did, for the log; follows its name */
    OffenceException(Offence offence, String what) {
        super(what);
        this.offence = offence;
        this.what = what;
    }

    OffenceException(Offence offence, String what, Throwable cause) {
        super(what, cause);
        this.offence = offence;
        this.what = what;
    }

    Offence offence() {
        return offence;
    }

    String what() {
        return what;
    }
}

package bitween.link;

import java.io.IOException;

/** The other end is not who it should be: this end has refused it. */
public final class StrangerException extends IOException {
    StrangerException(String path, String reason, IOException cause) {
        super("refused who is at " + path + ": " + reason, cause);
    }
}

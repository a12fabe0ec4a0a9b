package bitween.follow;

import bitween.bus.Bus;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.OwnerRequest.TellOwner;
import bitween.model.Followed;
import bitween.model.Share;
import java.util.Locale;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Chat messages to the user, of each revision one: that it is here, or, where it does not come by itself, that there is one. Thread: {@code follow}. */
final class Notices {
    private static final Logger log = LogManager.getLogger(Notices.class);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private final Bus bus;

    Notices(Bus bus) {
        this.bus = bus;
    }

    void ready(RevisionFetched ready) {
        tell("ready: " + ready.follow().title() + " (" + count(ready.files(), "new file") + ", "
                + size(ready.sizeBytes()) + ")");
    }

    /** It does not come by itself. */
    void found(Followed followed) {
        Share newest = followed.newest();
        String extent = newest == null
                ? ""
                : " (" + count(newest.files(), "file") + ", " + size(newest.sizeBytes()) + " in all)";
        String title = followed.follow().title();
        tell("new: " + title + extent + "; to get it: bitween get '" + title + "'");
    }

    private void tell(String text) {
        var unused = bus.ask(new TellOwner(text)).whenComplete((sent, failure) -> {
            if (failure != null) {
                log.warn("no chat message was sent: {}", failure.getMessage());
            }
        });
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** "999 B", "1.2 GB". */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= (unit == 0 ? 1_000 : 999.5) && unit < UNITS.length - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}

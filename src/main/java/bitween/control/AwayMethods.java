package bitween.control;

import bitween.message.ConnectionRequest.LeaveFriends;
import bitween.message.ConnectionRequest.ReturnToFriends;
import bitween.model.Absence;
import bitween.model.ConnectionState;
import java.time.Duration;
import java.util.List;

/** Whether friends see this device. */
final class AwayMethods {
    /** An answer overtakes its fact by one hop over the bus, which takes microseconds. */
    private static final Duration FACT_LIMIT = Duration.ofSeconds(5);

    private final Replies replies;

    AwayMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add(
                "away",
                "says to friends that this device leaves, until 'back', over restarts too; with 'stopSeeding' nobody gets anything from it meanwhile",
                List.of("stopSeeding?"),
                params -> shown(replies.ask(new LeaveFriends(params.flag("stopSeeding")))));
        methods.add(
                "back",
                "lets friends see this device again",
                List.of(),
                params -> shown(replies.ask(new ReturnToFriends())));
    }

    private View shown(ConnectionState answered) throws InterruptedException {
        ConnectionState known = replies.keeper()
                .await(now -> now.connection() != null && now.connection().absence() == answered.absence(), FACT_LIMIT)
                .connection();
        ConnectionState now = known == null ? answered : known;
        return new View()
                .with("state", now.status())
                .with("away", now.absence() != Absence.PRESENT)
                .with("seedingStopped", now.absence() == Absence.SILENT);
    }
}

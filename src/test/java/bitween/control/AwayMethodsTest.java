package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.ConnectionRequest.LeaveFriends;
import bitween.message.ConnectionRequest.ReturnToFriends;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.model.Absence;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import org.junit.jupiter.api.Test;

class AwayMethodsTest {
    private final World world = new World();

    @Test
    void away_and_back_say_how_it_stands_then() {
        world.answer(
                LeaveFriends.class,
                request -> becomes(Status.AWAY, request.stopSeeding() ? Absence.SILENT : Absence.AWAY));
        world.answer(ReturnToFriends.class, request -> becomes(Status.CONNECTING, Absence.PRESENT));

        assertThat(world.call("away"))
                .containsOnlyKeys("state", "away", "seedingStopped")
                .containsEntry("state", "AWAY")
                .containsEntry("away", true)
                .containsEntry("seedingStopped", false);
        assertThat(world.call("away", "stopSeeding", true)).containsEntry("seedingStopped", true);
        assertThat(World.map(world.call("status").get("xmpp")))
                .containsEntry("state", "AWAY")
                .containsEntry("seedingStopped", true);
        assertThat(world.call("back")).containsEntry("state", "CONNECTING").containsEntry("away", false);
    }

    private ConnectionState becomes(Status status, Absence absence) {
        var state = new ConnectionState(status, null, "example.org", null, World.NOW, null, absence);
        world.bus.publish(new ConnectionChanged(state));
        return state;
    }
}

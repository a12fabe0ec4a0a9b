package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.ConnectionRequest.LeaveFriends;
import bitween.message.ConnectionRequest.ReturnToFriends;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.model.Absence;
import bitween.model.ConnectionState.Status;
import bitween.model.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who says to be away is gone for friends, until back. */
@Timeout(30)
class AwayTest extends ServerFixture {
    @Test
    void friends_see_one_leave_and_come_back() {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).listens(7_011).shares("one").online();
        TestDevice desk = device(bob).online();
        AnnouncementSeen before = desk.awaitAnnouncement(laptop, "one");

        assertThat(laptop.bus.ask(new LeaveFriends(true)).join().status()).isEqualTo(Status.AWAY);
        desk.heard.await(EndpointGone.class, event -> event.endpoint().equals(laptop.device));
        assertThat(laptop.absence.load()).isEqualTo(Absence.SILENT);

        assertThat(laptop.bus.ask(new ReturnToFriends()).join().absence()).isEqualTo(Absence.PRESENT);
        desk.heard.await(
                AnnouncementSeen.class,
                seen -> seen.from().equals(before.from())
                        && seen.usable().revision().equals("one"));
        assertThat(laptop.absence.load()).isEqualTo(Absence.PRESENT);
    }

    @Test
    void who_was_away_stays_so_at_the_next_start() {
        TestDevice laptop = TestDevice.idle(account(user("a.test"), ca(), null), PASSWORD, "laptop");
        laptop.absence.save(Absence.AWAY);

        start(laptop.start());

        ConnectionChanged first = laptop.heard.await(ConnectionChanged.class, event -> true);
        assertThat(first.state().status()).isEqualTo(Status.AWAY);
        assertThat(first.state().absence()).isEqualTo(Absence.AWAY);
    }
}

package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.ConnectionRequest.LeaveFriends;
import bitween.message.ConnectionRequest.ReadServerClock;
import bitween.message.ConnectionRequest.ReturnToFriends;
import bitween.message.OwnerRequest.TellOwner;
import bitween.model.ConnectionState.Status;
import bitween.model.Jid;
import bitween.testing.LogListener;
import bitween.testing.TcpProxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jivesoftware.smack.packet.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the user is told by chat message. */
@Timeout(30)
class OwnMessagesTest extends ServerFixture {
    @Test
    void it_goes_to_the_users_own_chat_program_and_to_no_friend() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("a.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        RawClient phone = raw(alice);
        RawClient friend = raw(bob);
        phone.send("<presence/>");
        friend.send("<presence/>");
        phone.awaitPresence(presence -> presence.getFrom().toString().equals(phone.jid()));

        assertThat(laptop.bus
                        .ask(new TellOwner("ready: bob/Gard\u0000en\ud800ing"))
                        .join())
                .isTrue();

        Message message = phone.awaitMessage();
        assertThat(message.getType()).isEqualTo(Message.Type.chat);
        assertThat(message.getBody()).isEqualTo("ready: bob/Gard\ufffden\ufffding");
        assertThat(message.getTo().toString()).isEqualTo(alice.value());
        assertThat(friend.messages()).isEmpty();
    }

    @Test
    void what_is_told_while_we_are_away_is_sent_once_we_are_back() throws Exception {
        Jid alice = user("a.test");
        TestDevice laptop = device(alice).online();
        laptop.bus.ask(new LeaveFriends(false)).join();
        assertThat(laptop.bus.ask(new TellOwner("ready")).join()).isFalse();
        RawClient phone = raw(alice);
        phone.send("<presence/>");

        laptop.bus.ask(new ReturnToFriends()).join();

        assertThat(phone.awaitMessage().getBody()).isEqualTo("ready");
    }

    @Test
    @Tag("slow")
    void what_a_dead_connection_took_is_sent_over_the_next_one_and_what_was_heard_is_not() throws Exception {
        Jid alice = user("a.test");
        RawClient phone = raw(alice);
        phone.send("<presence/>");
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            laptop.ask(new TellOwner("one"));
            assertThat(phone.awaitMessage().getBody()).isEqualTo("one");
            laptop.ask(new ReadServerClock()); // answered after all that was said before

            network.lose();
            assertThat(laptop.ask(new TellOwner("two"))).isTrue();
            assertThat(laptop.ask(new TellOwner("two"))).isTrue();
            laptop.awaitStatus(Status.OFFLINE);

            assertThat(phone.awaitMessage().getBody()).isEqualTo("two");
            assertThat(phone.awaitMessage().getBody()).isEqualTo("two");
            laptop.ask(new TellOwner("three"));
            assertThat(phone.awaitMessage().getBody()).isEqualTo("three");
        }
    }

    @Test
    void what_is_dropped_when_too_much_waits_was_sent_unless_nothing_could_be() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("a.test");
        Set<String> dropped = ConcurrentHashMap.newKeySet();
        try (TcpProxy network = TcpProxy.to(server().port());
                LogListener log = LogListener.of(
                        "bitween.xmpp.OwnMessages",
                        event -> dropped.add(event.getMessage().getFormattedMessage()))) {
            assertThat(log).isNotNull();
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            network.lose();
            assertThat(tellTooMuch(laptop)).containsOnly(true);
            assertThat(dropped)
                    .containsExactly(
                            "a message to our own address is not sent again, should the server not have heard it: 50 came after it");

            dropped.clear();
            TestDevice desk = device(bob).online();
            desk.bus.ask(new LeaveFriends(false)).join();
            assertThat(tellTooMuch(desk)).containsOnly(false);
            assertThat(dropped).containsExactly("a message to our own address is not sent any more: 50 came after it");
        }
    }

    /** All at once, before anybody can see that the connection is dead. */
    private static List<Boolean> tellTooMuch(TestDevice device) {
        List<CompletableFuture<Boolean>> told = IntStream.rangeClosed(0, 50)
                .mapToObj(number -> device.bus.ask(new TellOwner("number " + number)))
                .toList();
        return told.stream().map(CompletableFuture::join).toList();
    }
}

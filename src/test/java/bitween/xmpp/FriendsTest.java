package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.FriendRequest.AddFriend;
import bitween.message.FriendRequest.BlockFriend;
import bitween.message.FriendRequest.RemoveFriend;
import bitween.message.FriendRequest.UnblockFriend;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.message.PresenceEvent.BlockedChanged;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.ConnectionState.Status;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.testing.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What friends can ask of each other. */
@Timeout(30)
class FriendsTest extends ServerFixture {
    @Test
    void a_request_waits_until_it_is_accepted_and_then_both_see_each_other() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        TestDevice laptop = device(alice).shares("one").online();
        TestDevice desk = device(bob).shares("two").online();

        RosterEntry asked = laptop.ask(new AddFriend(bob));

        assertThat(asked.asked()).isTrue();
        desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));
        assertThat(desk.stored).containsExactly(alice);
        desk.ask(new AcceptFriend(alice));
        laptop.awaitAnnouncement(desk, "two");
        desk.awaitAnnouncement(laptop, "one");
        assertThat(desk.stored).isEmpty();
        assertThat(desk.refusal(new AcceptFriend(alice))).hasMessage(alice + " is your friend already");
        laptop.ask(new RemoveFriend(bob));
        laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(desk.device));
        laptop.heard.await(RosterChanged.class, event -> event.entries().isEmpty());
        desk.heard.await(EndpointGone.class, event -> event.endpoint().equals(laptop.device));
    }

    @Test
    void a_request_can_be_refused_and_is_forgotten() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        TestDevice laptop = device(alice).online();
        TestDevice desk = device(bob).online();
        laptop.ask(new AddFriend(bob));
        desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));

        desk.ask(new RemoveFriend(alice));

        desk.heard.await(RequestsChanged.class, event -> event.pending().isEmpty());
        laptop.heard.await(
                RosterChanged.class,
                event -> event.entries().stream()
                        .anyMatch(entry -> !entry.asked() && entry.subscription() == Subscription.NONE));
        assertThat(desk.refusal(new AcceptFriend(alice)).code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }

    @Test
    @Tag("slow")
    void who_is_accepted_while_the_server_hears_nothing_is_a_friend_after_the_next_login() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = device(alice).shares("one").online();
            TestDevice desk = start(TestDevice.start(through(network, bob), PASSWORD, "desk"))
                    .shares("two")
                    .online();
            laptop.ask(new AddFriend(bob));
            desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));

            network.lose();
            CompletableFuture<RosterEntry> accepted = desk.bus.ask(new AcceptFriend(alice));

            desk.awaitStatus(Status.OFFLINE);
            assertThat(accepted).as("nobody knows yet").isNotDone();
            assertThat(desk.stored).containsExactly(alice);
            desk.online();
            laptop.awaitAnnouncement(desk, "two");
            desk.awaitAnnouncement(laptop, "one");
            assertThat(accepted.get(10, TimeUnit.SECONDS).asked()).isTrue();
            assertThat(desk.stored).isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void who_is_accepted_twice_and_then_refused_before_the_server_hears_it_was_not_accepted() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = device(alice).online();
            TestDevice desk = start(TestDevice.start(through(network, bob), PASSWORD, "desk"))
                    .online();
            laptop.ask(new AddFriend(bob));
            desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));
            network.lose();
            CompletableFuture<RosterEntry> accepted = desk.bus.ask(new AcceptFriend(alice));
            CompletableFuture<RosterEntry> again = desk.bus.ask(new AcceptFriend(alice));

            desk.ask(new RemoveFriend(alice));

            for (CompletableFuture<RosterEntry> answer : List.of(accepted, again)) {
                assertThat(answer)
                        .failsWithin(Duration.ofSeconds(1))
                        .withThrowableThat()
                        .withMessageContaining("was removed or blocked before the XMPP server had heard");
            }
            desk.awaitStatus(Status.OFFLINE);
            desk.online();
            laptop.heard.await(RosterChanged.class, event -> isAsked(event, bob));
            laptop.heard.await(RosterChanged.class, event -> !isAsked(event, bob));
        }
    }

    @Test
    @Tag("slow")
    void who_is_asked_or_refused_while_the_server_hears_nothing_is_so_at_the_next_login() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        Jid carol = user("b.test");
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            TestDevice desk = device(bob).online();
            TestDevice tablet = device(carol).online();
            laptop.ask(new AddFriend(bob));
            desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));
            desk.ask(new RemoveFriend(alice)); // who stays in her roster
            laptop.heard.await(RosterChanged.class, event -> isAsked(event, bob));
            laptop.heard.await(RosterChanged.class, event -> !isAsked(event, bob));
            tablet.ask(new AddFriend(alice));
            laptop.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(carol)));

            network.lose();
            CompletableFuture<RosterEntry> asked = laptop.bus.ask(new AddFriend(bob));
            laptop.ask(new RemoveFriend(carol));

            laptop.awaitStatus(Status.OFFLINE);
            assertThat(asked).isNotDone();
            laptop.online();
            desk.heard.await(RequestsChanged.class, event -> event.pending().equals(Set.of(alice)));
            tablet.heard.await(RosterChanged.class, event -> isAsked(event, alice));
            tablet.heard.await(RosterChanged.class, event -> !isAsked(event, alice));
            assertThat(asked.get(10, TimeUnit.SECONDS).asked()).isTrue();
        }
    }

    private static boolean isAsked(RosterChanged event, Jid jid) {
        return event.entries().stream().anyMatch(entry -> entry.jid().equals(jid) && entry.asked());
    }

    @Test
    void who_is_blocked_is_told_and_can_neither_be_seen_nor_ask_again() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).shares("one").online();
        TestDevice desk = device(bob).shares("two").online();
        laptop.awaitAnnouncement(desk, "two");

        laptop.ask(new BlockFriend(bob));

        laptop.heard.await(BlockedChanged.class, event -> event.blocked().equals(Set.of(bob)));
        laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(desk.device));
        laptop.heard.await(ContactRemoved.class, event -> event.jid().equals(bob));
        desk.heard.await(
                RosterChanged.class,
                event -> event.entries().stream().anyMatch(entry -> entry.subscription() == Subscription.NONE));
        desk.ask(new AddFriend(alice));
        desk.heard.await(RosterChanged.class, event -> event.entries().stream().anyMatch(RosterEntry::asked));
        desk.heard.await(RosterChanged.class, event -> event.entries().stream().noneMatch(RosterEntry::asked));
        assertThat(laptop.stored).isEmpty();
        assertThat(laptop.blocked).containsExactly(Map.entry(bob, true));
        assertThat(laptop.refusal(new BlockFriend(bob)).code()).isEqualTo(ErrorCode.BLOCKED);
        assertThat(laptop.refusal(new AddFriend(bob)).code()).isEqualTo(ErrorCode.BLOCKED);
        laptop.ask(new UnblockFriend(bob));
        assertThat(laptop.refusal(new UnblockFriend(bob)).code()).isEqualTo(ErrorCode.NOT_BLOCKED);
        assertThat(laptop.refusal(new BlockFriend(new Jid("eve@b.test"))).code())
                .isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }

    @Test
    void who_is_removed_is_gone_at_once_while_the_server_hears_nothing_and_leaves_its_roster_when_it_does()
            throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice desk = device(bob).shares("two").online();
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            laptop.awaitAnnouncement(desk, "two");

            network.holdToServer();
            laptop.ask(new RemoveFriend(bob));

            laptop.heard.await(RosterChanged.class, event -> event.entries().isEmpty());
            laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(desk.device));
            laptop.heard.await(ContactRemoved.class, event -> event.jid().equals(bob));
            assertThat(laptop.removed).containsExactly(bob);
            assertThat(laptop.refusal(new RemoveFriend(bob)).code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND);
            network.release();
            desk.heard.await(
                    RosterChanged.class,
                    event -> event.entries().stream().anyMatch(entry -> entry.subscription() == Subscription.NONE));
        }
    }

    @Test
    void who_was_removed_without_a_connection_leaves_the_servers_roster_at_the_next_login() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice desk = device(bob).online();
        TestDevice laptop = start(TestDevice.idle(account(alice, ca(), null), PASSWORD, "laptop"));
        laptop.removed.add(bob); // before the restart

        laptop.start().online();

        desk.heard.await(
                RosterChanged.class,
                event -> event.entries().stream().anyMatch(entry -> entry.subscription() == Subscription.NONE));
        laptop.ask(new AddFriend(bob));
        laptop.heard.await(
                RosterChanged.class, event -> event.entries().stream().anyMatch(RosterEntry::asked));
        assertThat(laptop.removed).isEmpty();
        assertThat(laptop.heard.all())
                .filteredOn(RosterChanged.class::isInstance)
                .noneMatch(event -> ((RosterChanged) event)
                        .entries().stream().anyMatch(entry -> entry.subscription() == Subscription.BOTH));
    }

    @Test
    @Tag("slow")
    void who_is_wanted_again_before_the_server_heard_of_the_removal_is_asked_anew() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            network.holdToServer();
            laptop.ask(new RemoveFriend(bob));

            CompletableFuture<RosterEntry> added = laptop.bus.ask(new AddFriend(bob));
            network.release();

            assertThat(added.get(10, TimeUnit.SECONDS).asked()).isTrue();
            laptop.heard.await(
                    RosterChanged.class, event -> event.entries().stream().anyMatch(RosterEntry::asked));
            assertThat(laptop.removed).isEmpty();
        }
    }

    @Test
    void who_was_blocked_without_a_connection_is_told_at_the_next_login_and_is_in_no_roster() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice desk = device(bob).online();
        TestDevice laptop = start(TestDevice.idle(account(alice, ca(), null), PASSWORD, "laptop"));
        laptop.blocked.put(bob, false);

        laptop.start().online();

        desk.heard.await(
                RosterChanged.class,
                event -> event.entries().stream().anyMatch(entry -> entry.subscription() == Subscription.NONE));
        laptop.heard.await(RosterChanged.class, event -> event.entries().isEmpty());
        assertThat(laptop.heard.all())
                .filteredOn(RosterChanged.class::isInstance)
                .allMatch(new RosterChanged(List.of())::equals);
    }

    @Test
    void who_is_unblocked_before_the_first_login_leaves_the_roster_that_is_known_from_earlier_alone() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        TestDevice laptop = start(TestDevice.idle(account(alice, ca(), null), "wrong", "laptop"));
        laptop.blocked.put(bob, false);
        laptop.start().awaitOffline(ErrorCode.XMPP_AUTH);

        laptop.ask(new UnblockFriend(bob));

        laptop.listens(4711);
        laptop.heard.await(ListenPortChanged.class, event -> event.port() == 4711); // said after all else
        assertThat(laptop.heard.all()).noneMatch(RosterChanged.class::isInstance);
    }

    @Test
    void friends_cannot_be_changed_while_offline_and_nobody_befriends_themselves() throws Exception {
        Jid alice = user("a.test");
        TestDevice offline = start(TestDevice.start(account(alice, ca(), null), "wrong", "laptop"));
        offline.awaitOffline(ErrorCode.XMPP_AUTH);
        TestDevice online = device(alice).online();

        assertThat(offline.refusal(new AddFriend(new Jid("bob@b.test"))).code()).isEqualTo(ErrorCode.XMPP_OFFLINE);
        assertThat(offline.refusal(new RemoveFriend(new Jid("bob@b.test"))).code())
                .as("nobody knows the roster yet")
                .isEqualTo(ErrorCode.XMPP_OFFLINE);
        assertThat(online.refusal(new AddFriend(alice)).code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(online.refusal(new RemoveFriend(new Jid("bob@b.test"))).code())
                .isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }
}

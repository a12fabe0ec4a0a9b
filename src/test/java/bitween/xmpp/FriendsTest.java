package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.FriendRequest.AddFriend;
import bitween.message.FriendRequest.RemoveFriend;
import bitween.message.PresenceEvent.DeviceGone;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What friends can ask of each other. */
@Timeout(30)
class FriendsTest extends ServerFixture {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");

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
        laptop.ask(new RemoveFriend(bob));
        laptop.heard.await(DeviceGone.class, event -> event.device().equals(desk.device));
        laptop.heard.await(RosterChanged.class, event -> event.entries().isEmpty());
        desk.heard.await(DeviceGone.class, event -> event.device().equals(laptop.device));
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
    void friends_cannot_be_changed_while_offline_and_nobody_befriends_themselves() throws Exception {
        Jid alice = user("a.test");
        TestDevice offline = start(TestDevice.start(account(alice, ca(), null), "wrong", "laptop"));
        offline.awaitOffline(ErrorCode.XMPP_AUTH);
        TestDevice online = device(alice).online();

        assertThat(offline.refusal(new AddFriend(new Jid("bob@b.test"))).code()).isEqualTo(ErrorCode.XMPP_OFFLINE);
        assertThat(online.refusal(new AddFriend(alice)).code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(online.refusal(new RemoveFriend(new Jid("bob@b.test"))).code())
                .isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }

    @Test
    void pages_are_fetched_many_at_a_time_and_come_as_they_were_served() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        TestDevice desk = device(bob).online();
        laptop.awaitAnnouncement(desk, "");
        desk.awaitAnnouncement(laptop, "");
        byte[] document = new byte[20 * Page.MAX_BYTES - 1];
        new Random(1).nextBytes(document);
        Bytes bytes = Bytes.of(document);
        desk.pages = question -> CompletableFuture.completedFuture(page(question, bytes));

        List<CompletableFuture<Page>> replies = new ArrayList<>();
        for (int offset = 0; offset < document.length; offset += Page.MAX_BYTES) {
            replies.add(laptop.bus.ask(new FetchPage(desk.device, new PageQuery(PageQuery.Kind.INFO, HASH, offset))));
        }

        for (int i = 0; i < replies.size(); i++) {
            assertThat(replies.get(i).get(10, TimeUnit.SECONDS))
                    .isEqualTo(new Page(
                            "rev-1",
                            document.length,
                            i * Page.MAX_BYTES,
                            bytes.slice(i * Page.MAX_BYTES, Page.MAX_BYTES)));
        }
    }

    @Test
    void a_page_that_is_not_to_be_had_fails_with_the_reason() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        TestDevice desk = device(bob).online();
        laptop.awaitAnnouncement(desk, "");
        var catalogue = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);

        assertThat(laptop.refusal(new FetchPage(desk.device, catalogue)).code()).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(laptop.refusal(new FetchPage(new Device(bob, new DeviceId("nowhere")), catalogue))
                        .code())
                .isEqualTo(ErrorCode.FRIEND_OFFLINE);
        desk.pages = question -> new CompletableFuture<>();
        CompletableFuture<Page> never = laptop.bus.ask(new FetchPage(desk.device, catalogue));
        server().dropConnections();
        assertThatThrownBy(() -> never.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UserException.class)
                .hasMessageContaining("is not online with that device");
    }

    @Test
    void a_friend_who_asks_too_much_at_once_is_told_so() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        CompletableFuture<Page> held = new CompletableFuture<>();
        laptop.pages = question -> held;
        RawClient friend = raw(bob);

        for (int i = 0; i <= PageServer.MAX_PER_CONTACT; i++) {
            friend.send("<iq to='" + laptop.device + "' id='p" + i + "' type='get'>" + CATALOGUE + "</iq>");
        }

        assertThat(RawClient.condition(friend.answer("p" + PageServer.MAX_PER_CONTACT)))
                .isEqualTo("resource-constraint");
        held.complete(new Page("rev-1", 0, 0, Bytes.EMPTY));
        assertThat(RawClient.condition(friend.answer("p0"))).isEqualTo("result");
    }

    private static Page page(ServePage question, Bytes document) {
        int offset = question.query().offset();
        return new Page("rev-1", document.size(), offset, document.slice(offset, Page.MAX_BYTES));
    }
}

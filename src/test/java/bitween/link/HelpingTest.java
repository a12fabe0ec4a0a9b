package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.DeviceRequest.FetchTicket;
import bitween.message.DeviceRequest.ServeHelp;
import bitween.message.DeviceRequest.ServeTicket;
import bitween.message.DeviceRequest.ShowTicket;
import bitween.message.LinkEvent.HelpersFound;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Audience;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DevicePublicKey;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.Ticket;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An owner, two followers who are friends, one who is nobody's friend, and a friend who gets something else; real keys, links made of messages. */
class HelpingTest {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");

    private final ManualExecutor threads = new ManualExecutor(7);
    private final FakeTimers timers = new FakeTimers();
    private final TestClock clock = new TestClock();
    private final Map<Device, Node> nodes = new HashMap<>();
    private final Node owner = new Node("owner");
    private final Node bob = new Node("bob");
    private final Node carol = new Node("carol");
    private final Node dora = new Node("dora");
    private final Node eve = new Node("eve");

    @BeforeEach
    void the_followers_are_linked_to_the_owner_and_bob_to_his_friends() throws Exception {
        owner.granted.addAll(Set.of(bob.self, carol.self, dora.self));
        for (Node follower : List.of(bob, carol, dora)) {
            link(owner, follower);
        }
        link(bob, carol);
        link(bob, eve);
        threads.runAll();
    }

    @Test
    void two_followers_who_are_friends_help_each_other() {
        follow(bob, carol);

        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
        assertThat(carol.helping.admits(bob.self, HASH)).isTrue();
        assertThat(bob.last().devices()).containsExactly(owner.self, carol.self);
        assertThat(carol.last().devices()).containsExactly(owner.self, bob.self);
    }

    @Test
    void who_is_no_friend_is_neither_asked_nor_helped() {
        follow(bob, carol, dora);

        assertThat(dora.found).isEmpty();
        assertThat(dora.shown).isEmpty();
        assertThat(bob.helping.admits(dora.self, HASH)).isFalse();
        assertThat(dora.helping.admits(bob.self, HASH)).isFalse();
        assertThat(bob.last().devices()).doesNotContain(dora.self);
    }

    @Test
    void a_friend_who_does_not_get_it_learns_no_hash_and_is_not_helped() {
        follow(bob);

        assertThat(eve.shown).hasSize(1);
        assertThat(eve.helping.admits(bob.self, HASH)).isFalse();
        assertThat(bob.helping.admits(eve.self, HASH)).isFalse();
        assertThat(bob.found).isEmpty();
    }

    @Test
    void somebody_else_s_ticket_a_made_up_one_and_an_unknown_owner_s_are_worth_nothing() {
        follow(bob, carol);
        Ticket carols = carol.fetched.get(0);
        DeviceKey stranger = DeviceKey.create();

        assertThat(bob.refusal(eve.self, carols)).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(bob.refusal(eve.self, Tickets.sign(eve.key, HASH, eve.self, clock.instant())))
                .isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(bob.refusal(eve.self, Tickets.sign(stranger, HASH, eve.self, clock.instant())))
                .isEqualTo(ErrorCode.UNKNOWN_SHARE);
        bob.knows.remove(owner.self); // no longer trusted there
        assertThat(bob.refusal(carol.self, carols)).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(bob.helping.admits(eve.self, HASH)).isFalse();
    }

    @Test
    void tickets_are_renewed_as_long_as_it_is_wanted() {
        follow(bob, carol);

        pass(Duration.ofMinutes(25));

        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
        assertThat(carol.helping.admits(bob.self, HASH)).isTrue();
        assertThat(owner.served).isBetween(20, 30); // each of the two, every other minute
    }

    @Test
    void who_loses_the_grant_is_helped_until_the_ticket_ends_and_no_longer() {
        follow(bob, carol);

        owner.granted.remove(carol.self);
        pass(Duration.ofMinutes(4));
        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
        pass(Duration.ofMinutes(1).plusSeconds(1));

        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        assertThat(bob.last().devices()).containsExactly(owner.self);
        pass(Duration.ofMinutes(10));
        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        assertThat(carol.helping.admits(bob.self, HASH)).isFalse();
    }

    @Test
    void an_owner_who_is_not_trusted_any_more_gives_leave_to_nobody() {
        follow(bob, carol);

        bob.knows.remove(owner.self);
        bob.bus.publish(new TrustChanged(Set.of(carol.self)));
        threads.runAll();

        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        assertThat(bob.last().devices()).doesNotContain(carol.self);
    }

    @Test
    void a_friend_who_was_shown_too_many_tickets_is_asked_again_a_little_later() {
        follow(carol);
        Ticket nonsense = Tickets.sign(eve.key, HASH, eve.self, clock.instant());
        for (int i = 0; i < 70; i++) {
            carol.refusal(bob.self, nonsense);
        }
        follow(bob);
        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();

        pass(Duration.ofSeconds(85));

        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
    }

    @Test
    void the_owner_gives_a_ticket_to_nobody_without_a_grant() {
        owner.granted.remove(bob.self);

        follow(bob, carol);

        assertThat(owner.served).isOne();
        assertThat(bob.fetched).isEmpty();
        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        assertThat(carol.helping.admits(bob.self, HASH)).isFalse();
    }

    @Test
    void an_owner_whose_clock_is_ahead_is_asked_all_the_same() {
        owner.ahead = Duration.ofMinutes(4);
        follow(bob, carol);

        pass(Duration.ofMinutes(25));

        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
        assertThat(owner.served).isBetween(20, 30);
    }

    @Test
    void an_owner_who_does_not_answer_is_not_asked_more_often_for_being_asked_in_vain() {
        owner.answers = false;
        follow(bob);
        for (int quarter = 0; quarter < 40; quarter++) {
            bob.bus.publish(new HoldersFound(HASH, List.of(owner.self)));
            pass(Duration.ofSeconds(15));
        }
        assertThat(owner.askedInVain).isBetween(25, 35); // every 20 s for 10 minutes

        owner.answers = true;
        pass(Duration.ofSeconds(20));

        assertThat(bob.fetched).hasSize(1);
    }

    @Test
    void who_has_a_copy_of_its_own_is_asked_for_no_ticket_and_stays_a_source_beside_those_who_help() {
        eve.answers = false;
        follow(bob, carol);

        bob.bus.publish(new HoldersFound(HASH, List.of(owner.self), List.of(eve.self)));
        pass(Duration.ofMinutes(3));

        assertThat(eve.askedInVain).isZero();
        assertThat(bob.last().devices()).containsExactly(owner.self, eve.self, carol.self);
    }

    @Test
    void what_is_here_or_not_wanted_any_more_ends_it() {
        follow(bob, carol);

        bob.wants = false;
        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        bob.wants = true;
        bob.bus.publish(new TransferRemoved(job()));
        threads.runAll();

        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
        assertThat(bob.refusal(carol.self, carol.fetched.get(0))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void who_asked_while_what_was_here_already_was_looked_at_is_asked_once_that_is_done() {
        follow(bob);
        bob.wants = false;
        follow(carol);
        assertThat(carol.helping.admits(bob.self, HASH)).isFalse();

        bob.wants = true;
        bob.bus.publish(new TransferChanged(job()));
        threads.runAll();
        pass(Duration.ofSeconds(1));

        assertThat(bob.helping.admits(carol.self, HASH)).isTrue();
        assertThat(carol.helping.admits(bob.self, HASH)).isTrue();
        assertThat(carol.last().devices()).containsExactly(owner.self, bob.self);
    }

    @Test
    void a_clock_that_is_set_back_makes_nothing_last_longer() {
        follow(bob, carol);

        clock.now = clock.now.minus(Duration.ofHours(1));

        assertThat(bob.helping.admits(carol.self, HASH)).isFalse();
    }

    @Test
    void who_shows_ticket_after_ticket_is_not_listened_to() {
        follow(bob, carol);
        Ticket nonsense = Tickets.sign(eve.key, HASH, eve.self, clock.instant());
        List<ErrorCode> answers = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            answers.add(bob.refusal(eve.self, nonsense));
        }

        assertThat(answers).contains(ErrorCode.UNKNOWN_SHARE).endsWith(ErrorCode.BUSY);
    }

    private void follow(Node... followers) {
        for (Node follower : followers) {
            follower.wants = true;
            follower.bus.publish(new HoldersFound(HASH, List.of(owner.self)));
        }
        threads.runAll();
        pass(Duration.ofSeconds(1)); // who answers dials a little later than who asks
    }

    private Node node(Device device) {
        return Objects.requireNonNull(nodes.get(device));
    }

    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            clock.now = clock.now.plusSeconds(1);
            timers.advance(Duration.ofSeconds(1));
            threads.runAll();
        }
    }

    private void link(Node one, Node other) throws Exception {
        one.linkedTo(other);
        other.linkedTo(one);
    }

    private static Transfer job() {
        return Transfer.of(
                new TransferId(1),
                Transfer.Kind.JOB,
                "film",
                Path.of("/home/me/film"),
                TransferState.DOWNLOADING,
                HASH,
                Instant.EPOCH,
                Audience.NOBODY);
    }

    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("nobody asks for a zone");
        }
    }

    /** One daemon's part; what goes over its links is handed to the other's bus. */
    private final class Node implements Access {
        private final DeviceKey key = DeviceKey.create();
        private final Device self;
        private final Bus bus;
        private final Helping helping;
        private final Map<Device, DevicePublicKey> knows = new HashMap<>();
        private final Set<Device> granted = new HashSet<>();
        private final List<HelpersFound> found = new ArrayList<>();
        private final List<Ticket> shown = new ArrayList<>();
        private final List<Ticket> fetched = new ArrayList<>();
        private boolean wants;
        private boolean answers = true;
        private int askedInVain;
        private Duration ahead = Duration.ZERO;
        private int served;

        Node(String name) {
            self = new Device(
                    new Jid(name + "@a.test"), new DeviceId(key.fingerprint().hex()));
            bus = new Bus(threads.lane(name + "'s bus"));
            Mailbox mailbox = threads.lane(name);
            helping = new Helping(
                    bus,
                    mailbox,
                    timers,
                    key,
                    self,
                    this,
                    device -> Optional.ofNullable(knows.get(device)),
                    new Ahead());
            bus.subscribe(HelpersFound.class, mailbox, found::add);
            bus.answerLater(FetchTicket.class, mailbox, request -> {
                if (!node(request.owner()).answers) {
                    node(request.owner()).askedInVain++;
                    return CompletableFuture.failedFuture(new UserException(ErrorCode.TIMED_OUT, "silence", ""));
                }
                CompletableFuture<Ticket> answer = node(request.owner()).bus.ask(new ServeTicket(self, request.hash()));
                return answer.thenApply(ticket -> {
                    fetched.add(ticket);
                    node(request.owner()).served++;
                    return ticket;
                });
            });
            bus.answerLater(ShowTicket.class, mailbox, request -> {
                node(request.friend()).shown.add(request.ticket());
                return node(request.friend()).bus.ask(new ServeHelp(self, request.ticket()));
            });
            nodes.put(self, this);
        }

        private final class Ahead extends Clock {
            @Override
            public Instant instant() {
                return clock.instant().plus(ahead);
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return clock.withZone(zone);
            }
        }

        void linkedTo(Node other) throws Exception {
            knows.put(other.self, other.key.publicKey());
            LinkPath path =
                    LinkPath.direct(new PeerAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 6881));
            bus.publish(new LinkChanged(other.self, path, clock.instant()));
        }

        HelpersFound last() {
            return found.get(found.size() - 1);
        }

        ErrorCode refusal(Device asker, Ticket ticket) {
            CompletableFuture<Ticket> answer = bus.ask(new ServeHelp(asker, ticket));
            threads.runAll();
            Throwable failure = answer.handle((given, why) -> why).join();
            assertThat(failure).isNotNull();
            return ((UserException) Bus.causeOf(failure)).code();
        }

        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return granted.contains(device) && hash.equals(HASH);
        }

        @Override
        public Optional<InfoHash> offered(Device device, InfoHash hash) {
            return wants(hash) && device.equals(owner.self) ? Optional.of(hash) : Optional.empty();
        }

        @Override
        public boolean wants(InfoHash hash) {
            return wants && hash.equals(HASH);
        }
    }
}

package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.DocumentServer;
import bitween.catalogue.FormerRevisions;
import bitween.catalogue.ListFetcher;
import bitween.catalogue.Revisions;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.BytePipe;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Fingerprint;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.store.CatalogueStore;
import bitween.store.Database;
import bitween.store.SecretStore;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import bitween.testing.FakeTimers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a long list costs on the link between two daemons' catalogues, TLS and all, both ways. */
@Timeout(60)
class ListTrafficTest {
    private static final int SHARES = 10_000;
    /** A share has 52 bytes that are random, and a name; twice a record of TLS, twice a frame. */
    private static final long ONE_SHARE = 1_000;

    private static final Device ALICE = device("alice@a.test", Ends.ALICE.fingerprint());
    private static final Device BOB = device("bob@b.test", Ends.BOB.fingerprint());

    @TempDir
    Path temp;

    private final AtomicLong travelled = new AtomicLong();
    private final BlockingQueue<FriendList> fetched = new LinkedBlockingQueue<>();
    private Daemon alice;
    private Daemon bob;
    private Ends ends;
    private RequestLink there;
    private RequestLink back;

    @BeforeEach
    void open() {
        alice = new Daemon("alice", BOB);
        bob = new Daemon("bob", ALICE);
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        ends = Ends.over(Tls.jdk(Ends.ALICE), Tls.jdk(Ends.BOB), new BytePipe[] {
            new Counted(pipes[0], travelled), new Counted(pipes[1], travelled)
        });
        there = link(BOB, ends.alice(), true);
        back = link(ALICE, ends.bob(), false);
        bob.bus.answerLater(FetchPage.class, bob.io, fetch -> back.ask(fetch.query()));
        bob.bus.subscribe(FriendListFetched.class, bob.io, event -> fetched.add(event.list()));
        alice.bus.subscribe(
                OwnSharesChanged.class,
                alice.io,
                own -> bob.bus.publish(new DeviceAnnounced(
                        ALICE, new Announcement("laptop", List.of(PeerAddress.parse("192.0.2.1:1")), own.revision()))));
    }

    @AfterEach
    void close() {
        there.close();
        back.close();
        ends.close();
        alice.close();
        bob.close();
    }

    @Test
    @Tag("slow")
    void in_a_list_of_ten_thousand_one_share_more_or_less_costs_less_than_a_kilobyte() throws Exception {
        alice.bus.publish(new TransfersLoaded(
                IntStream.range(0, SHARES).mapToObj(ListTrafficTest::shared).toList()));
        long whole = until(SHARES);

        alice.bus.publish(new TransferChanged(shared(SHARES)));
        long more = until(SHARES + 1);
        alice.bus.publish(new TransferChanged(shared(7).with(Audience.NOBODY)));
        long less = until(SHARES);

        assertThat(whole).isGreaterThan(SHARES * 52L);
        assertThat(more).isLessThan(ONE_SHARE);
        assertThat(less).isLessThan(ONE_SHARE);
    }

    /** @return how many bytes travelled until Bob's list had so many shares */
    private long until(int shares) throws InterruptedException {
        long before = travelled.get();
        FriendList list;
        do {
            list = fetched.poll(30, TimeUnit.SECONDS);
            assertThat(list).as("a list of %d shares", shares).isNotNull();
        } while (list.shares().size() != shares);
        return travelled.get() - before;
    }

    private static Transfer shared(int number) {
        byte[] random = new byte[52];
        new Random(number).nextBytes(random);
        Share share = new Share(
                "The Collected Recordings, volume " + number + " (remastered)",
                InfoHash.of(Arrays.copyOf(random, 20)),
                ContentId.of(Arrays.copyOfRange(random, 20, 52)),
                1_000_000L * number,
                number % 50);
        return Transfer.of(
                        new TransferId(number),
                        Transfer.Kind.SHARE,
                        share.name(),
                        Path.of("/srv", share.name()),
                        TransferState.SEEDING,
                        share.hash(),
                        Instant.EPOCH,
                        Audience.EVERYONE)
                .with(share);
    }

    private RequestLink link(Device to, SecureChannel channel, boolean dialled) {
        Link link = new Link(to, LinkPath.direct(PeerAddress.parse("192.0.2.1:1")), dialled, channel);
        RequestLink requests = new RequestLink(link, Duration.ofSeconds(20), new Served(to), ended -> {});
        requests.start();
        return requests;
    }

    private static Device device(String jid, Fingerprint key) {
        return new Device(new Jid(jid), new DeviceId(key.hex()));
    }

    /** The part of a daemon that knows of lists. */
    private final class Daemon implements AutoCloseable {
        final MailboxThread busThread;
        final MailboxThread io;
        final TimerThread timers = new TimerThread();
        final Bus bus;
        final Database database;

        Daemon(String name, Device friend) {
            busThread = MailboxThread.start("bus");
            io = MailboxThread.start("io");
            bus = new Bus(busThread);
            database = Database.open(temp.resolve(name).resolve("bitween.db"), temp.resolve("native"));
            Revisions revisions = new Revisions(new SecretStore(database).revisionKey());
            CatalogueKeeper keeper = new CatalogueKeeper(bus, busThread, Clock.systemUTC(), revisions);
            new DocumentServer(bus, io, timers, keeper, new TorrentStore(database), revisions);
            new ListFetcher(
                    bus,
                    io,
                    new FakeTimers(),
                    new CatalogueStore(database),
                    new FormerRevisions(new TorrentStore(database), new TreeStore(database), Clock.systemUTC()),
                    Clock.systemUTC());
            bus.publish(new RosterChanged(
                    List.of(new RosterEntry(friend.jid(), null, RosterEntry.Subscription.BOTH, false, Set.of()))));
        }

        @Override
        public void close() {
            timers.close();
            io.close();
            busThread.close();
            database.close();
        }
    }

    /** Alice answers Bob; of him nobody asks. */
    private final class Served extends NoAnswers {
        private final Device asker;

        Served(Device asker) {
            this.asker = asker;
        }

        @Override
        public CompletableFuture<Page> page(PageQuery query) {
            return alice.bus.ask(new ServePage(asker, query));
        }
    }

    /** Counts what is written into it. */
    private record Counted(BytePipe pipe, AtomicLong bytes) implements BytePipe {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return pipe.read(target);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            bytes.addAndGet(source.remaining());
            pipe.write(source);
        }

        @Override
        public void close() {
            pipe.close();
        }

        @Override
        public String path() {
            return pipe.path();
        }
    }
}

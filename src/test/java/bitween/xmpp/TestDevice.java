package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.MailboxThread;
import bitween.bus.Request;
import bitween.bus.TimerThread;
import bitween.config.Config;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.model.Absence;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PipeDoor;
import bitween.model.UserException;
import bitween.testing.Signed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One device's XMPP side on threads of its own, in a hurry. */
final class TestDevice implements AutoCloseable {
    static final Pace HURRY = new Pace(
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(12),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofMinutes(5),
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofSeconds(5));

    final Heard<Event> heard = new Heard<>();
    final FullJid device;
    final Bus bus;
    final Set<Jid> stored = ConcurrentHashMap.newKeySet();
    final Map<Jid, Boolean> blocked = new ConcurrentHashMap<>();
    final Set<Jid> removed = ConcurrentHashMap.newKeySet();
    final Absent absence = new Absent();
    volatile boolean diskIsFull;
    volatile String password;

    private final MailboxThread router = MailboxThread.start("bus");
    private final MailboxThread mailbox = MailboxThread.start("xmpp");
    private final MailboxThread test = MailboxThread.start("test");
    private final TimerThread timers = new TimerThread();
    private final XmppClient client;

    private TestDevice(Config.Xmpp account, String password, String resource, String name) {
        device = new FullJid(account.jid(), resource);
        this.password = password;
        bus = new Bus(router);
        bus.subscribe(Event.class, test, heard::add);
        client = new XmppClient(
                bus,
                mailbox,
                timers,
                config(account, name),
                () -> this.password,
                resource,
                new Stored(),
                absence,
                Signed::of,
                LocalNetworks::ofThisMachine,
                HURRY);
    }

    static TestDevice start(Config.Xmpp account, String password, String resource) {
        return idle(account, password, resource).start();
    }

    static TestDevice idle(Config.Xmpp account, String password, String resource) {
        return new TestDevice(account, password, resource, resource + "'s <name>");
    }

    TestDevice start() {
        client.load().join();
        client.start();
        return this;
    }

    private static Config config(Config.Xmpp account, String name) {
        return new Config(
                account,
                new Config.Device(name),
                new Config.Network(0, 0, false, Set.of(Config.AddressRange.LOOPBACK), false, 0, 0, true, 0),
                new Config.Downloads(Path.of("/downloads"), 3),
                new Config.Disk(DiskReserve.DEFAULT, 10L << 30),
                new Config.Sharing(Audience.NOBODY, ".ignore", false, Duration.ofMinutes(1)),
                new Config.Following(false),
                new Config.On(null, null, null, null, null, null, null),
                new Config.Control(false, Duration.ofSeconds(20)));
    }

    TestDevice online() {
        awaitStatus(Status.ONLINE);
        return this;
    }

    ConnectionState awaitStatus(Status status) {
        return heard.await(ConnectionChanged.class, event -> event.state().status() == status)
                .state();
    }

    ConnectionState awaitOffline(ErrorCode why) {
        return heard.await(ConnectionChanged.class, event -> {
                    var failure = event.state().failure();
                    return event.state().status() == Status.OFFLINE && failure != null && failure.code() == why;
                })
                .state();
    }

    TestDevice shares(String revision) {
        bus.publish(new OwnSharesChanged(revision));
        return this;
    }

    TestDevice listens(int port) {
        bus.publish(new ListenPortChanged(port));
        return this;
    }

    AnnouncementSeen awaitAnnouncement(TestDevice of, String revision) {
        return heard.await(
                AnnouncementSeen.class,
                event -> event.from().equals(of.device)
                        && event.usable().revision().equals(revision));
    }

    <R> R ask(Request<R> request) throws ExecutionException, InterruptedException, TimeoutException {
        return bus.ask(request).get(10, TimeUnit.SECONDS);
    }

    /** @return the error of a request that must fail */
    UserException refusal(Request<?> request) throws InterruptedException, TimeoutException {
        try {
            Object answer = ask(request);
            throw new AssertionError("answered: " + answer);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserException refusal) {
                return refusal;
            }
            throw new AssertionError("failed in another way", e);
        }
    }

    PipeDoor inBand() {
        return client.inBand();
    }

    long dropped() {
        return client.refused();
    }

    @Override
    public void close() {
        client.close();
        Stream.of(mailbox, router).parallel().forEach(MailboxThread::close);
        timers.close(); // as in a daemon: who still runs may want to be called later
        test.close(); // last, so that it hears what the others still had to say
    }

    private final class Stored implements PendingRequests {
        @Override
        public Set<Jid> load() {
            return Set.copyOf(stored);
        }

        @Override
        public void save(Set<Jid> pending) {
            if (diskIsFull) {
                throw new UserException(ErrorCode.DISK_FULL, "the disk is full", "");
            }
            stored.clear();
            stored.addAll(pending);
        }

        @Override
        public Map<Jid, Boolean> blocked() {
            return Map.copyOf(blocked);
        }

        @Override
        public void saveBlocked(Jid jid, boolean told) {
            blocked.put(jid, told);
        }

        @Override
        public void removeBlocked(Jid jid) {
            blocked.remove(jid);
        }

        @Override
        public Set<Jid> removed() {
            return Set.copyOf(removed);
        }

        @Override
        public void saveRemoved(Jid jid) {
            removed.add(jid);
        }

        @Override
        public void forgetRemoved(Jid jid) {
            removed.remove(jid);
        }
    }

    /** What the user wants, as a home keeps it. */
    static final class Absent implements KeptAbsence {
        private Absence kept = Absence.PRESENT;

        @Override
        public Absence load() {
            return kept;
        }

        @Override
        public void save(Absence wanted) {
            kept = wanted;
        }
    }
}

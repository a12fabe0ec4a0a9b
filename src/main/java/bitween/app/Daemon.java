package bitween.app;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.DocumentFetcher;
import bitween.catalogue.DocumentServer;
import bitween.catalogue.FormerRevisions;
import bitween.catalogue.FriendRecorder;
import bitween.catalogue.HistoryFetcher;
import bitween.catalogue.ListFetcher;
import bitween.catalogue.PeerFinder;
import bitween.catalogue.Provenance;
import bitween.catalogue.Revisions;
import bitween.catalogue.SearchKeeper;
import bitween.catalogue.TreeFetcher;
import bitween.catalogue.Wanting;
import bitween.cli.Cli;
import bitween.config.Config;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Homes;
import bitween.config.Keyring;
import bitween.config.PasswordFile;
import bitween.control.Api;
import bitween.control.DaemonFacts;
import bitween.control.Methods;
import bitween.control.SocketServer;
import bitween.events.EventLog;
import bitween.events.Hooks;
import bitween.events.Teller;
import bitween.follow.Follower;
import bitween.link.DeviceKey;
import bitween.link.FriendLinks;
import bitween.link.Tls;
import bitween.link.mapping.PortMapper;
import bitween.model.Audience;
import bitween.model.UserException;
import bitween.send.Pipes;
import bitween.send.Receiver;
import bitween.send.Sender;
import bitween.store.Backups;
import bitween.store.CatalogueStore;
import bitween.store.Database;
import bitween.store.FollowStore;
import bitween.store.FriendStore;
import bitween.store.GotStore;
import bitween.store.MoveStore;
import bitween.store.OfferStore;
import bitween.store.RateStore;
import bitween.store.SearchIndex;
import bitween.store.SecretStore;
import bitween.store.SendStore;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import bitween.store.TrustStore;
import bitween.store.WantStore;
import bitween.torrent.Disks;
import bitween.torrent.TorrentEngine;
import bitween.torrent.TorrentWorker;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.ShareScanner;
import bitween.torrent.libtorrent.LibtorrentEngine;
import bitween.watch.FolderWatch;
import bitween.xmpp.XmppClient;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One daemon: every component, made in order and wired by constructors. Thread: the one that starts it; afterwards the components' own.
 *
 * <p>Order: instance lock, database, bus, catalogue, torrent worker, xmpp, control socket. {@link Lifecycle} stops in exact reverse.
 */
public final class Daemon {
    private static final Logger log = LogManager.getLogger(Daemon.class);
    private static final Duration SHORT = Duration.ofSeconds(2);
    /** How often is looked whether today's backup is there: a laptop may sleep when it is due. */
    private static final Duration BACKUPS = Duration.ofHours(1);

    /** How soon is noticed that a disk has room again, or that another program has let go of the database. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    /** By then it offers all that it has, and most people have not typed a command yet. */
    private static final Duration READY_FOR_COMMANDS = Duration.ofSeconds(1);

    /** By then it rests, unless there is something to get. */
    private static final Duration STARTED = Duration.ofSeconds(5);

    private static final Duration HEAP = Duration.ofMinutes(1);

    /** The server has 2 s to let us go. */
    private static final Duration XMPP = Duration.ofSeconds(3);

    private static final Duration LINKS = Duration.ofSeconds(3);
    /** The engine saves resume data for at most 5 s, and ends its session within another 5. */
    private static final Duration ENGINE = Duration.ofSeconds(6);

    /** How long a command of the user's may run. */
    private static final Duration HOOK = Duration.ofMinutes(5);

    private final Home home;
    private final Config config;
    private final Lifecycle lifecycle;
    private final @Nullable Unattended unattended;
    private final Clock clock = Clock.systemUTC();
    private final Instant started = Instant.now();
    private final GrownHeap heap = new GrownHeap(() -> Runtime.getRuntime().totalMemory(), System::gc);

    private Daemon(Home home, Config config, Lifecycle lifecycle, @Nullable Unattended unattended) {
        this.home = home;
        this.config = config;
        this.lifecycle = lifecycle;
        this.unattended = unattended;
    }

    /**
     * Starts everything; returns when commands are answered. What was opened is in {@code lifecycle}, also when this throws.
     *
     * @return the bus, on which one may listen
     * @throws Lifecycle.StartGivenUp when the stop is asked for meanwhile
     * @throws bitween.model.UserException ALREADY_RUNNING, UNSUPPORTED_PLATFORM, HOME_UNSAFE, NEWER_HOME, STORE_FAILED …
     */
    public static Bus start(Home home, Config config, Lifecycle lifecycle) {
        return start(home, config, lifecycle, null);
    }

    /** @param unattended ends it; null: only somebody else does */
    static Bus start(Home home, Config config, Lifecycle lifecycle, @Nullable Unattended unattended) {
        return lifecycle.starting(new Daemon(home, config, lifecycle, unattended)::start);
    }

    private Bus start() {
        home.createDirectories();
        lifecycle.opened("lock", SHORT, InstanceLock.take(home.lock()));
        Leftovers.remove(home);
        CompletableFuture<Identity> loading = loadIdentity();
        Database database = lifecycle.opened("database", SHORT, Database.open(home.database(), home.natives()));
        lifecycle.atOnce(database::hurry);
        MailboxThread backupThread = lifecycle.opened("backup-thread", SHORT, MailboxThread.start("backup"));
        Backups backups = lifecycle.opened("backup", SHORT, new Backups(database, clock));
        MailboxThread busThread = lifecycle.opened("bus", SHORT, MailboxThread.start("bus"));
        MailboxThread io = lifecycle.opened("io", SHORT, MailboxThread.start("io"));
        MailboxThread disk = lifecycle.opened("disk", SHORT, MailboxThread.start("disk"));
        TimerThread timers = lifecycle.opened("timer", SHORT, new TimerThread());
        Bus bus = new Bus(busThread);
        TorrentStore torrents = new TorrentStore(database);
        FriendStore friends = new FriendStore(database);
        CatalogueStore lists = new CatalogueStore(database);

        Revisions revisions = new Revisions(new SecretStore(database).revisionKey());
        CatalogueKeeper keeper = new CatalogueKeeper(bus, busThread, clock, revisions);
        OutsideAddresses outside = new OutsideAddresses(bus, io);
        new PeerFinder(bus, busThread, keeper);
        new DocumentServer(bus, io, timers, keeper, torrents, revisions);
        TreeStore trees = new TreeStore(database);
        FormerRevisions formers = new FormerRevisions(torrents, trees, clock);
        new DocumentFetcher(bus, io, keeper, torrents, trees, formers, clock);
        new ListFetcher(bus, io, timers, lists, formers, clock);
        new TreeFetcher(bus, busThread, io, timers, keeper, trees, formers);
        new HistoryFetcher(bus, io, torrents, clock);
        SearchIndex index = lifecycle.opened("search-index", SHORT, SearchIndex.open(home.searchIndex()));
        MailboxThread searchThread = lifecycle.opened("search", SHORT, MailboxThread.start("search"));
        Wanting wanting = new Wanting(bus, searchThread, keeper, index, new WantStore(database), clock);
        new SearchKeeper(bus, busThread, searchThread, keeper, index, torrents, trees, wanting::look);
        MailboxThread followThread = lifecycle.opened("follow", SHORT, MailboxThread.start("follow"));
        Follower follower = new Follower(bus, followThread, timers, keeper, new FollowStore(database), clock);
        MailboxThread sendThread = lifecycle.opened("send", SHORT, MailboxThread.start("send"));
        Sender sender =
                new Sender(bus, sendThread, timers, keeper, new SendStore(database), new Pipes(home.piped()), clock);
        Receiver receiver =
                new Receiver(bus, sendThread, timers, keeper, new OfferStore(database), this::roomBytes, clock);
        GotStore got = new GotStore(database);
        new Provenance(bus, io, keeper, got);
        FriendRecorder recorder = new FriendRecorder(bus, io, friends, lists, clock);

        LibtorrentEngine.prepare(home.natives()); // as long as the identity takes anyway
        Identity identity = joined(loading);
        DeviceKey key = identity.key();
        MailboxThread linkThread = lifecycle.opened("link-thread", SHORT, MailboxThread.start("link"));
        FriendLinks links = new FriendLinks( // made before the first message, opened after the torrents
                new FriendLinks.Parts(
                        bus,
                        linkThread,
                        timers,
                        new TrustStore(database),
                        new RateStore(database),
                        key,
                        config.xmpp().jid(),
                        new Grants(keeper),
                        clock),
                identity.tls());
        MailboxThread xmppThread = lifecycle.opened("xmpp-thread", SHORT, MailboxThread.start("xmpp"));
        XmppClient xmpp = new XmppClient( // made before the first message, started after the torrents
                bus,
                xmppThread,
                timers,
                config,
                this::password,
                friends.resource(config.xmpp().jid()),
                new StoredRequests(friends, clock),
                new StoredAbsence(friends, config.xmpp().jid()),
                links::sign);
        MailboxThread watchThread = lifecycle.opened("watch-thread", SHORT, MailboxThread.start("watch"));
        FolderWatch watch = new FolderWatch( // made before the first message, started after the torrents
                bus, watchThread, timers, torrents, config.sharing().look());
        EventLog events = new EventLog(clock, EventLog.CAPACITY);
        Hooks hooks = tellOf(events, bus, keeper);
        recorder.publishStored();
        TorrentEngine engine = startTorrents(bus, timers, disk, torrents, new MoveStore(database));
        lifecycle.opened("watch", SHORT, watch);
        watch.start();
        lifecycle.opened("link", LINKS, links);
        mapPort(bus, timers);
        links.limitAll(
                config.network().downloadBytesPerSecond(), config.network().uploadBytesPerSecond());
        links.open(
                config.network().port(),
                config.network().lastPort(),
                config.network().loopbackOnly());
        if (config.network().inBand()) {
            links.alsoInBand(xmpp.inBand());
        }
        lifecycle.opened("xmpp", XMPP, xmpp);
        xmpp.load().join();
        xmpp.start();
        CompletableFuture.runAsync(() -> {}, linkThread).join(); // it has told which devices are trusted
        keeper.caughtUp().join(); // the first question finds all that the last run knew
        wanting.begin();
        follower.begin();
        sender.begin();
        receiver.begin();

        DaemonFacts facts = new DaemonFacts(
                BuildInfo.versions(engine.version()),
                key.fingerprint(),
                home.data(),
                config.downloads().directory(),
                this::freeBytes,
                () -> xmpp.refused() + links.dropped(),
                links::refused,
                outside,
                backups::status,
                watch::trouble,
                receiver::open,
                () -> HomeCheck.of(home, database),
                new DaemonFacts.Local(
                        () -> HomeCheck.deviceKey(home.deviceKey()),
                        () -> HomeCheck.password(config.xmpp().passwordFile()),
                        () -> DiskCheck.of(config),
                        config.network()::inBand),
                this::usualAudience,
                () -> configured().following().notifies(),
                clock,
                started,
                lifecycle.longestStop());
        Methods methods = Api.methods(
                bus,
                keeper,
                facts,
                () -> lifecycle.requestShutdown("asked by a command"),
                new SharedFiles(bus, disk),
                new IndexedNames(index),
                new StoredOrigins(got),
                new StoredHistories(bus, disk, torrents, home.revisions()),
                events,
                new RunningConfig(home, Homes.userHome(System.getenv()), bus, hooks),
                new StoredOriginals());
        lifecycle.opened(
                "control",
                SHORT,
                SocketServer.start(home, methods, CommandLineProgram.forOthers(home, methods)::serve));
        timers.after(READY_FOR_COMMANDS, io, Cli::prepare);
        timers.after(STARTED, io, heap::look);
        timers.every(HEAP, io, heap::look);
        backupThread.execute(backups::takeIfDue);
        timers.every(BACKUPS, backupThread, backups::takeIfDue);
        timers.every(TRY_AGAIN, backupThread, database::tryAgain);
        if (unattended != null) {
            unattended.watch(keeper::current, timers, busThread);
        }
        log.info(
                "ready: {} as {}, {} back-end",
                home.data(),
                config.xmpp().jid(),
                engine.status().backend());
        return bus;
    }

    /** @return the commands that are started at events */
    private Hooks tellOf(EventLog events, Bus bus, CatalogueKeeper keeper) {
        MailboxThread mailbox = lifecycle.opened("events", SHORT, MailboxThread.start("events"));
        Hooks hooks = lifecycle.opened(
                "hooks",
                SHORT,
                new Hooks(
                        RunningConfig.commands(config.on()),
                        home.data(),
                        HookEnvironment.of(home, System.getenv()),
                        HOOK));
        new Teller(bus, mailbox, keeper::current, events, hooks::heard);
        return hooks;
    }

    /** What this device is, and how it proves that. */
    private record Identity(DeviceKey key, Tls tls) {}

    /** Beside the database: deriving the key's key and loading BoringSSL take a tenth of the start. */
    private CompletableFuture<Identity> loadIdentity() {
        return CompletableFuture.supplyAsync(
                () -> {
                    DeviceKey key = DeviceKey.open(home.deviceKey());
                    return new Identity(key, Tls.open(key, home.natives()));
                },
                task -> new Thread(task, "identity").start());
    }

    private static <T> T joined(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UserException why ? why : e;
        }
    }

    /** Before there is a port, so that it hears of it. */
    private void mapPort(Bus bus, TimerThread timers) {
        if (config.network().portMapping() && !config.network().loopbackOnly()) {
            MailboxThread mailbox = lifecycle.opened("mapping-thread", SHORT, MailboxThread.start("mapping"));
            lifecycle.opened("mapping", SHORT, new PortMapper(bus, mailbox, timers));
        }
    }

    private TorrentEngine startTorrents(
            Bus bus, TimerThread timers, MailboxThread disk, TorrentStore store, MoveStore moves) {
        MailboxThread mailbox = lifecycle.opened("torrent", SHORT, MailboxThread.start("torrent"));
        Hasher hasher = lifecycle.opened("hasher", SHORT, new Hasher());
        EngineRelay relay = new EngineRelay();
        LibtorrentEngine engine = LibtorrentEngine.start(home.natives(), relay, clock);
        lifecycle.opened("engine", ENGINE, engine);
        ShareScanner scanner = new ShareScanner(new ShareScanner.Rules(
                config.sharing().ignoreFile(),
                config.sharing().hidden(),
                Homes.userHome(System.getenv()),
                Stream.of(
                                home.config(),
                                home.data(),
                                home.runtime(),
                                home.logs(),
                                config.xmpp().passwordFile())
                        .filter(Objects::nonNull)
                        .toList(),
                config.downloads().directory(),
                home.piped()));
        TorrentWorker worker = new TorrentWorker(new TorrentWorker.Parts(
                bus,
                mailbox,
                timers,
                store,
                moves,
                engine,
                hasher,
                scanner,
                disk,
                lifecycle.opened("looks", SHORT, MailboxThread.start("looks")),
                Disks.ofThisMachine(),
                home.links(),
                config.downloads().directory(),
                lifecycle.opened("keep", SHORT, MailboxThread.start("keep")),
                home.revisions(),
                config.disk().revisionsBytes(),
                config.disk().reserve(),
                config.downloads().active(),
                clock));
        relay.to(worker);
        lifecycle.opened("torrents", ENGINE, () -> worker.stop().join());
        worker.load().join();
        return engine;
    }

    /** Asked for at each login. */
    private String password() {
        Path file = config.xmpp().passwordFile();
        return file == null ? new Keyring(System.getenv()).read(config.xmpp().jid()) : PasswordFile.read(file);
    }

    /** Read anew, because {@code bitween share} writes it while the daemon runs. */
    private Audience usualAudience() {
        return configured().sharing().audience();
    }

    private Config configured() {
        return ConfigFile.load(home, Homes.userHome(System.getenv()));
    }

    /** What downloads may take of their disk. */
    private long roomBytes() {
        try {
            FileStore disk = Files.getFileStore(
                    Files.createDirectories(config.downloads().directory()));
            return disk.getUsableSpace() - config.disk().reserve().of(disk.getTotalSpace());
        } catch (IOException e) {
            log.debug("cannot tell the room in {}: {}", config.downloads().directory(), e.getMessage());
            return 0;
        }
    }

    private long freeBytes() {
        Path directory = config.downloads().directory();
        try {
            Files.createDirectories(directory);
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            log.debug("cannot tell the free space of {}: {}", directory, e.getMessage());
            return -1;
        }
    }
}

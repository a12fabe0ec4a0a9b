package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.ServePage;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Page;
import bitween.model.UserException;
import bitween.store.CatalogueStore;
import bitween.store.Database;
import bitween.store.FriendStore;
import bitween.store.SecretStore;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The catalogue's part of one daemon, whole, with a real store; other devices answer what the test wants. */
final class CatalogueWorld implements AutoCloseable {
    final ManualExecutor threads;
    final FakeTimers timers = new FakeTimers();
    final Mailbox busThread;
    final Bus bus;
    final Database database;
    final TorrentStore torrents;
    final FriendStore friends;
    final CatalogueStore lists;
    final TreeStore trees;
    final CatalogueKeeper keeper;
    final DocumentFetcher documents;
    final FormerRevisions formers;
    final ListFetcher fetcher;
    final FriendRecorder recorder;
    final List<Event> said = new ArrayList<>();
    final List<FetchPage> asked = new ArrayList<>();
    /** What it takes to look up a page: each reading of the clock is so much later than the one before. */
    long workNs;

    private long nowNs;
    private final Map<Device, Function<FetchPage, CompletableFuture<Page>>> devices = new HashMap<>();

    CatalogueWorld(Path home) {
        this(home, new ManualExecutor(1));
    }

    CatalogueWorld(Path home, ManualExecutor threads) {
        this.threads = threads;
        Clock clock = Clock.fixed(Lists.NOW, ZoneOffset.UTC);
        busThread = threads.lane("bus");
        Mailbox io = threads.lane("io");
        bus = new Bus(busThread);
        database = Database.open(home.resolve("bitween.db"), home.resolve("native"));
        torrents = new TorrentStore(database);
        friends = new FriendStore(database);
        lists = new CatalogueStore(database);
        trees = new TreeStore(database);
        Revisions revisions = new Revisions(new SecretStore(database).revisionKey());
        keeper = new CatalogueKeeper(bus, busThread, clock, revisions);
        new PeerFinder(bus, busThread, keeper);
        new DocumentServer(bus, io, new Turns(io, timers, () -> nowNs += workNs), keeper, torrents, revisions);
        formers = new FormerRevisions(torrents, trees, clock);
        documents = new DocumentFetcher(bus, io, keeper, torrents, trees, formers, clock);
        new HistoryFetcher(bus, io, torrents, clock);
        fetcher = new ListFetcher(bus, io, timers, lists, formers, clock);
        new TreeFetcher(bus, busThread, io, timers, keeper, trees, formers);
        recorder = new FriendRecorder(bus, io, friends, lists, clock);
        Mailbox xmpp = threads.lane("xmpp");
        bus.answerLater(FetchPage.class, xmpp, this::onFetchPage);
        bus.subscribe(CatalogueEvent.class, xmpp, said::add);
    }

    /** {@code device} answers as {@code other} serves, who sees us as {@code self}. */
    void reaches(Device device, CatalogueWorld other, Device self) {
        answers(device, fetch -> other.bus.ask(new ServePage(self, fetch.query())));
    }

    void answers(Device device, Function<FetchPage, CompletableFuture<Page>> answer) {
        devices.put(device, answer);
    }

    void says(Event... events) {
        for (Event event : events) {
            bus.publish(event);
        }
        threads.runAll();
    }

    <E extends Event> List<E> said(Class<E> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static <T> CompletableFuture<T> failure(ErrorCode code, String why) {
        return CompletableFuture.failedFuture(new UserException(code, why, ""));
    }

    @Override
    public void close() {
        database.close();
    }

    private CompletableFuture<Page> onFetchPage(FetchPage request) {
        asked.add(request);
        return devices.getOrDefault(request.device(), fetch -> failure(ErrorCode.FRIEND_OFFLINE, "it is away"))
                .apply(request);
    }
}

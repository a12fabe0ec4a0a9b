package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.bus.Request;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.TorrentEvent;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Database;
import bitween.store.MoveStore;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import bitween.testing.FakeEngine;
import bitween.testing.FakeTimers;
import bitween.testing.Folders;
import bitween.testing.ManualExecutor;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.ShareScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;

/** A torrent worker with a real store, real files and a real hasher, a fake engine, and friends who answer what the test wants. */
final class TorrentWorld implements AutoCloseable {
    /** Short: some tests hold the lock until a change gives up. */
    private static final Duration LOCK_WAIT = Duration.ofMillis(300);

    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final PeerAddress PEER = PeerAddress.parse("192.0.2.7:6881");
    static final Device FRIEND = new Device(new Jid("bob@example.org"), new DeviceId("r"));

    /** Little, so that tests reach it. */
    static final long REVISIONS_BYTES = 1_000;

    final Path temp;
    final Path downloads;
    final ManualExecutor threads = new ManualExecutor(1);
    final FakeTimers timers = new FakeTimers();
    final FakeEngine engine = new FakeEngine(threads.lane("alerts"));
    final Bus bus = new Bus(threads.lane("bus"));
    final Database database;
    final TorrentStore store;
    final TorrentWorker worker;
    final List<Event> said = new ArrayList<>();
    /** Of every disk. */
    volatile Disks.Space space = new Disks.Space(100L << 30, 200L << 30);

    final List<FetchDocument> asked = new ArrayList<>();
    private final Hasher hasher = new Hasher();
    private final ShareScanner scanner;
    /** By kind, what each device answers, in the order in which they are asked. */
    private final Map<PageQuery.Kind, Map<Device, Function<InfoHash, CompletableFuture<Bytes>>>> answers =
            new EnumMap<>(PageQuery.Kind.class);

    /** On what an earlier world left in {@code temp}, if any. */
    TorrentWorld(Path temp) {
        this(temp, 2);
    }

    TorrentWorld(Path temp, int active) {
        this.temp = temp;
        downloads = temp.resolve("downloads");
        database = Database.open(temp.resolve("home/bitween.db"), temp.resolve("native"), Clock.systemUTC(), LOCK_WAIT);
        store = new TorrentStore(database);
        scanner = new ShareScanner(new ShareScanner.Rules(".ignore", false, temp.resolve("nobody"), List.of(), temp));
        Mailbox io = threads.lane("io");
        answers(PageQuery.Kind.INFO, nobody());
        answers(PageQuery.Kind.DIGESTS, nobody());
        bus.answerLater(FetchDocument.class, io, this::onFetchDocument);
        bus.subscribe(TorrentEvent.class, io, said::add);
        worker = new TorrentWorker(new TorrentWorker.Parts(
                bus,
                threads.lane("torrent"),
                timers,
                store,
                new MoveStore(database),
                engine,
                hasher,
                scanner,
                threads.lane("disk"),
                threads.lane("looks"),
                directory -> space,
                temp.resolve("home/links"),
                downloads,
                threads.lane("keep"),
                temp.resolve("home/revisions"),
                REVISIONS_BYTES,
                DiskReserve.DEFAULT,
                active,
                Clock.fixed(NOW, ZoneOffset.UTC)));
        engine.tells(worker::engineSays);
    }

    /** Loads what is stored. */
    TorrentWorld started() throws InterruptedException {
        CompletableFuture<Void> loaded = worker.load();
        threads.runUntil(loaded::isDone);
        loaded.join();
        threads.runAll();
        return this;
    }

    /** Files of a friend, outside of what this world shares or gets. */
    HashedShare offered(String name, int... sizes) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("friend").resolve(name));
        for (int i = 0; i < sizes.length; i++) {
            Folders.file(folder.resolve("file " + i), sizes[i], i);
        }
        return offered(folder);
    }

    /** As it is now. */
    HashedShare offered(Path folder) {
        HashedShare share = hasher.scan(scanner, folder, null)
                .thenCompose(scan -> hasher.hash(scan, done -> {}))
                .join();
        engine.peersGive(torrent -> give(torrent, Places.parentOf(folder)));
        return share;
    }

    /** Friends answer with what they hold. */
    void holds(HashedShare share) {
        answers(PageQuery.Kind.INFO, hash -> CompletableFuture.completedFuture(share.encoded()));
        answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(share.digests()));
    }

    /** The one friend there is answers so. */
    void answers(PageQuery.Kind kind, Function<InfoHash, CompletableFuture<Bytes>> answer) {
        answers.computeIfAbsent(kind, k -> new LinkedHashMap<>()).put(FRIEND, answer);
    }

    /** Another device has these digests, and is asked after the others. */
    void alsoHolds(Device device, Bytes digests) {
        Objects.requireNonNull(answers.get(PageQuery.Kind.DIGESTS))
                .put(device, hash -> CompletableFuture.completedFuture(digests));
    }

    static Function<InfoHash, CompletableFuture<Bytes>> nobody() {
        return failing(ErrorCode.FRIEND_OFFLINE, "nobody is online");
    }

    static Function<InfoHash, CompletableFuture<Bytes>> failing(ErrorCode code, String why) {
        return hash -> CompletableFuture.failedFuture(new UserException(code, why, ""));
    }

    Path folder(String name, int... sizes) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("mine").resolve(name));
        for (int i = 0; i < sizes.length; i++) {
            Folders.file(folder.resolve("file " + i), sizes[i], i);
        }
        return folder;
    }

    <R> R ask(Request<R> request) throws InterruptedException {
        CompletableFuture<R> reply = bus.ask(request);
        threads.runUntil(reply::isDone);
        return reply.join();
    }

    ErrorCode refusalOf(Request<?> request) throws InterruptedException {
        try {
            ask(request);
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(UserException.class);
            return ((UserException) Objects.requireNonNull(e.getCause())).code();
        }
        throw new AssertionError("not refused: " + request);
    }

    /** Shares a folder, until it is seeded. */
    Transfer shared(Path folder) throws InterruptedException {
        Transfer added = ask(new SharePath(folder, null, Audience.EVERYONE)).transfer();
        return until(added.id(), TransferState.SEEDING);
    }

    /** Wants it, with all that goes by itself. */
    Transfer fetched(InfoHash hash) throws InterruptedException {
        Transfer transfer = ask(new FetchShare(hash, null, null)).transfer();
        threads.runAll();
        return stored(transfer.id());
    }

    /** Wants it while a friend is there, with all that goes by itself. */
    Transfer wanted(InfoHash hash) throws InterruptedException {
        Transfer job = fetched(hash);
        peersFound(hash);
        return stored(job.id());
    }

    /** Wants it from a friend who holds it and is there. */
    Transfer begun(HashedShare share) throws InterruptedException {
        holds(share);
        return wanted(share.info().hash());
    }

    /** Gets it from a friend who is there, until it is complete. */
    Transfer got(HashedShare share) throws InterruptedException {
        return until(begun(share).id(), TransferState.COMPLETE);
    }

    void peersFound(InfoHash hash) {
        bus.publish(new PeersFound(hash, List.of(PEER)));
        threads.runAll();
    }

    void engineSays(EngineEvent event) {
        engine.says(event);
        threads.runAll();
    }

    void pass(Duration time) {
        timers.advance(time);
        threads.runAll();
    }

    Transfer until(TransferId id, TransferState state) throws InterruptedException {
        threads.runUntil(() -> stored(id).state() == state);
        return stored(id);
    }

    Transfer stored(TransferId id) {
        return row(id).transfer();
    }

    StoredTransfer row(TransferId id) {
        return find(id).orElseThrow(() -> new AssertionError("there is no " + id));
    }

    Optional<StoredTransfer> find(TransferId id) {
        return store.all().stream()
                .filter(row -> row.transfer().id().equals(id))
                .findFirst();
    }

    /** In the order in which the rest of the program learnt of them. */
    List<TransferState> statesOf(TransferId id) {
        return said.stream()
                .filter(TorrentEvent.TransferChanged.class::isInstance)
                .map(event -> ((TorrentEvent.TransferChanged) event).transfer())
                .filter(transfer -> transfer.id().equals(id))
                .map(Transfer::state)
                .toList();
    }

    <E extends Event> List<E> said(Class<E> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Runs SQL on the store, to break it. */
    void sql(String statement) {
        database.change(connection -> {
            try (var prepared = connection.createStatement()) {
                prepared.execute(statement);
            }
        });
    }

    List<Long> numbers(String query) {
        return database.read(connection -> {
            List<Long> numbers = new ArrayList<>();
            try (var prepared = connection.createStatement();
                    var result = prepared.executeQuery(query)) {
                while (result.next()) {
                    numbers.add(result.getLong(1));
                }
            }
            return numbers;
        });
    }

    /** The process is gone: nothing is saved. */
    @Override
    public void close() {
        hasher.close();
        database.close();
    }

    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.toList();
        }
    }

    /** As a stop does before the mailbox closes. */
    void closeHasher() {
        hasher.close();
    }

    /** Stored digests come first, as with whoever really fetches; what devices give of metadata is stored. */
    private CompletableFuture<Document> onFetchDocument(FetchDocument request) {
        asked.add(request);
        if (request.kind() == PageQuery.Kind.DIGESTS) {
            Optional<Bytes> stored = store.digests(request.hash());
            if (stored.isPresent()) {
                return CompletableFuture.completedFuture(new Document(stored.get(), null));
            }
        }
        Optional<Device> giver = Objects.requireNonNull(answers.get(request.kind())).keySet().stream()
                .filter(device -> !request.except().contains(device))
                .findFirst();
        if (giver.isEmpty()) {
            return nobody().apply(request.hash()).thenApply(none -> new Document(none, null));
        }
        return Objects.requireNonNull(
                        Objects.requireNonNull(answers.get(request.kind())).get(giver.get()))
                .apply(request.hash())
                .thenApply(bytes -> {
                    if (request.kind() == PageQuery.Kind.INFO) {
                        store.saveMetadata(request.hash(), bytes, NOW);
                    }
                    return new Document(bytes, giver.get());
                });
    }

    /** Through the link, as libtorrent writes. */
    private static void give(TorrentEngine.Torrent torrent, Path from) {
        try (Stream<Path> links = Files.list(torrent.savePath())) {
            Path link = links.findFirst().orElseThrow();
            Path content = Files.readSymbolicLink(link);
            Path source =
                    from.resolve(Objects.requireNonNull(link.getFileName()).toString());
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = content.resolve(source.relativize(file).toString());
                    Files.createDirectories(Places.parentOf(target));
                    Files.write(target, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

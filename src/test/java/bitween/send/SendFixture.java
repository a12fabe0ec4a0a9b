package bitween.send;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.bus.Request;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Revisions;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.SendEvent;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LeftOut;
import bitween.model.Page;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Database;
import bitween.store.NewTransfer;
import bitween.store.OfferStore;
import bitween.store.SendStore;
import bitween.store.TorrentStore;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of what is sent, between friends whose lists the test gives and a torrent worker that does what it is told. */
abstract class SendFixture {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Jid ALICE = new Jid("alice@example.org");
    static final Jid BOB = new Jid("bob@example.org");
    static final Device LAPTOP = new Device(ALICE, new DeviceId("a"));

    @TempDir
    Path temp;

    final List<SendEvent> told = new ArrayList<>();
    final List<Request<?>> asked = new ArrayList<>();
    final Map<TransferId, Transfer> transfers = new LinkedHashMap<>();
    ManualExecutor threads;
    FakeTimers timers;
    Bus bus;
    CatalogueKeeper keeper;
    Database database;
    TorrentStore torrents;
    Receiver receiver;
    Path piped;

    @Nullable
    UserException refusal;

    long room = Long.MAX_VALUE;
    Instant time = NOW;

    @BeforeEach
    void open() throws IOException {
        threads = new ManualExecutor(1);
        timers = new FakeTimers();
        Mailbox busThread = threads.lane("bus");
        bus = new Bus(busThread);
        database = Database.open(temp.resolve("bitween.db"), temp.resolve("native"));
        torrents = new TorrentStore(database);
        piped = Files.createDirectories(temp.resolve("piped"));
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time;
            }
        };
        keeper = new CatalogueKeeper(bus, busThread, clock, new Revisions(Bytes.of(new byte[32])));
        Mailbox worker = threads.lane("torrent");
        bus.answer(FetchShare.class, worker, this::onFetchShare);
        bus.answer(RemoveJob.class, worker, this::onRemoveJob);
        bus.answer(SharePath.class, worker, this::onSharePath);
        bus.answer(UnsharePath.class, worker, this::onUnsharePath);
        bus.answer(GrantShare.class, worker, request -> {
            asked.add(request);
            Transfer known = known(request.id());
            return put(known.with(known.audience().with(request.grantees())));
        });
        bus.answer(RevokeShare.class, worker, request -> {
            asked.add(request);
            Transfer known = known(request.id());
            return put(known.with(known.audience().without(request.grantees())));
        });
        bus.answer(FetchPage.class, threads.lane("link"), request -> {
            asked.add(request);
            if (refusal != null) {
                throw refusal;
            }
            return new Page("r", 0, 0, Bytes.EMPTY);
        });
        bus.subscribe(SendEvent.class, threads.lane("test"), told::add);
        Mailbox send = threads.lane("send");
        Sender sender = new Sender(bus, send, timers, keeper, new SendStore(database), new Pipes(piped), clock);
        receiver = new Receiver(bus, send, timers, keeper, new OfferStore(database), () -> room, clock);
        transfers.values().forEach(transfer -> says(new TransferChanged(transfer)));
        sender.begin();
        receiver.begin();
        threads.runAll();
    }

    @AfterEach
    void close() {
        database.close();
    }

    void restart() throws IOException {
        database.close();
        open();
    }

    /** Alice and bob are contacts, and alice's laptop is online. */
    void meets() {
        says(new RosterChanged(List.of(contact(ALICE), contact(BOB))));
        says(new DeviceAnnounced(
                LAPTOP, new Announcement("laptop", List.of(PeerAddress.parse("192.0.2.7:6881")), "r")));
    }

    static RosterEntry contact(Jid jid) {
        return new RosterEntry(jid, null, RosterEntry.Subscription.BOTH, false, Set.of());
    }

    static InfoHash hash(int number) {
        return new InfoHash(String.format("%04x", number) + "0".repeat(36));
    }

    static Share share(int number, long size) {
        return new Share("film " + number, hash(number), new ContentId("c".repeat(64)), size, 1);
    }

    void lists(Share... shares) {
        says(new FriendListFetched(new FriendList(LAPTOP, "laptop", "r", List.of(shares), NOW)));
    }

    /** As the worker does it: stored, then said. */
    Transfer put(Transfer transfer) {
        transfers.put(transfer.id(), transfer);
        bus.publish(new TransferChanged(transfer));
        return transfer;
    }

    Transfer known(TransferId id) {
        Transfer known = transfers.get(id);
        if (known == null) {
            throw new UserException(ErrorCode.UNKNOWN_JOB, "there is no " + id, "");
        }
        return known;
    }

    private Fetched onFetchShare(FetchShare request) {
        asked.add(request);
        NewTransfer job = NewTransfer.job("film", temp.resolve("film"), request.hash(), null, null, NOW);
        TransferId id = torrents.insert(job);
        return new Fetched(
                put(Transfer.of(
                        id,
                        Transfer.Kind.JOB,
                        "film",
                        temp.resolve("film"),
                        TransferState.DOWNLOADING,
                        request.hash(),
                        NOW,
                        Audience.NOBODY)),
                false);
    }

    private Removed onRemoveJob(RemoveJob request) {
        asked.add(request);
        return new Removed(removed(known(request.id())), false);
    }

    private Shared onSharePath(SharePath request) {
        asked.add(request);
        if (refusal != null) {
            throw refusal;
        }
        String name = request.name() != null
                ? request.name()
                : String.valueOf(request.path().getFileName());
        TransferId id = torrents.insert(
                NewTransfer.share(name, request.path(), request.audience(), NOW).asSent());
        return new Shared(put(sharedAs(id, name, request.path(), request.audience())), LeftOut.NOTHING);
    }

    static Transfer sharedAs(TransferId id, String name, Path path, Audience audience) {
        InfoHash hash = hash(1_000 + (int) id.value());
        return Transfer.of(id, Transfer.Kind.SHARE, name, path, TransferState.SEEDING, hash, NOW, audience)
                .with(new Share(name, hash, new ContentId("d".repeat(64)), 5, 1).asSent());
    }

    private Transfer onUnsharePath(UnsharePath request) {
        asked.add(request);
        return removed(known(request.id()));
    }

    /** As the worker does it. */
    Transfer removed(Transfer transfer) {
        transfers.remove(transfer.id());
        torrents.remove(transfer.id());
        bus.publish(new TransferRemoved(transfer));
        return transfer;
    }

    void says(Event... events) {
        for (Event event : events) {
            bus.publish(event);
            threads.runAll();
        }
    }

    <R> R ask(Request<R> request) {
        CompletableFuture<R> answer = bus.ask(request);
        threads.runAll();
        return answer.join();
    }

    ErrorCode failure(Request<?> request) {
        try {
            ask(request);
        } catch (CompletionException e) {
            return ((UserException) Objects.requireNonNull(e.getCause())).code();
        }
        throw new AssertionError("not refused: " + request);
    }

    void pass(Duration duration) {
        time = time.plus(duration).plusSeconds(1);
        timers.advance(duration);
        threads.runAll();
    }

    <T> List<T> asked(Class<T> kind) {
        return asked.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}

package bitween.follow;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.bus.Request;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Revisions;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.FollowEvent;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.FollowEvent.RevisionFound;
import bitween.message.FollowRequest.AddFollow;
import bitween.message.FollowRequest.ListFollows;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.OwnerRequest.TellOwner;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Followed.State;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Database;
import bitween.store.FollowStore;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

/** What is followed, between a friend whose lists the test gives and a torrent worker that does what it is told. */
abstract class FollowFixture {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Jid ALICE = new Jid("alice@example.org");
    static final Device LAPTOP = new Device(ALICE, new DeviceId("a"));
    static final Device PHONE = new Device(ALICE, new DeviceId("b"));

    @TempDir
    Path temp;

    final List<FollowEvent> told = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<Request<?>> asked = new ArrayList<>();
    final Map<InfoHash, InfoDictionary> infos = new HashMap<>();
    final Map<InfoHash, Bytes> digests = new HashMap<>();
    final Map<InfoHash, Transfer> jobs = new HashMap<>();
    ManualExecutor threads;
    FakeTimers timers;
    Bus bus;
    Database database;

    @Nullable
    UserException refusal;

    boolean away;
    Instant time = NOW;

    @BeforeEach
    void open() {
        threads = new ManualExecutor(1);
        timers = new FakeTimers();
        Mailbox busThread = threads.lane("bus");
        bus = new Bus(busThread);
        database = Database.open(temp.resolve("bitween.db"), temp.resolve("native"));
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
        CatalogueKeeper keeper = new CatalogueKeeper(bus, busThread, clock, new Revisions(Bytes.of(new byte[32])));
        bus.answerLater(FetchShare.class, threads.lane("torrent"), this::onFetchShare);
        bus.answerLater(FetchDocument.class, threads.lane("io"), this::onFetchDocument);
        bus.answer(TellOwner.class, threads.lane("xmpp"), request -> messages.add(request.text()));
        bus.subscribe(FollowEvent.class, threads.lane("test"), told::add);
        Follower follower = new Follower(bus, threads.lane("follow"), timers, keeper, new FollowStore(database), clock);
        says(new RosterChanged(List.of(new RosterEntry(ALICE, null, RosterEntry.Subscription.BOTH, false, Set.of()))));
        Announcement announcement = new Announcement("laptop", List.of(PeerAddress.parse("192.0.2.7:6881")), "r");
        says(new DeviceAnnounced(LAPTOP, announcement), new DeviceAnnounced(PHONE, announcement));
        jobs.values().forEach(job -> says(new TransferChanged(job)));
        follower.begin();
        threads.runAll();
    }

    @AfterEach
    void close() {
        database.close();
    }

    static String brief(FollowEvent event) {
        return event instanceof RevisionFetched ready
                ? "ready " + number(ready.share())
                : event instanceof RevisionFound found
                        ? "found " + number(found.followed().newest())
                        : event.toString();
    }

    static int number(@Nullable Share share) {
        return Integer.parseInt(Objects.requireNonNull(share).hash().hex().substring(0, 4), 16);
    }

    static InfoHash hash(int number) {
        return new InfoHash(String.format("%04x", number) + "0".repeat(36));
    }

    InfoHash known(int number) {
        return infos.entrySet().stream()
                .filter(entry -> entry.getValue().salt().toArray()[0] == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(hash(number));
    }

    static Share share(int number, int revision) {
        return share(hash(number), revision);
    }

    static Share share(InfoHash hash, int revision) {
        return new Share("Gardening", hash, new ContentId("c".repeat(64)), 20, 2, false, revision);
    }

    static FriendListFetched list(Device device, Share... shares) {
        return new FriendListFetched(new FriendList(device, "laptop", "r", List.of(shares), NOW));
    }

    void shares(Device device, int number) {
        says(list(device, share(known(number), 0)));
    }

    /** Ten bytes each, with the SHA-256 of nothing but their names. */
    void files(int number, String... names) {
        byte[] salt = new byte[InfoDictionary.SALT_BYTES];
        salt[0] = (byte) number;
        InfoDictionary info = new InfoDictionary(
                "Gardening",
                16 << 10,
                Bytes.of(new byte[InfoDictionary.PIECE_HASH_BYTES]),
                true,
                Arrays.stream(names)
                        .map(name -> new FileEntry(List.of(name), 10))
                        .toList(),
                List.of(),
                Bytes.of(salt));
        byte[] each = new byte[names.length * 32];
        for (int file = 0; file < names.length; file++) {
            Arrays.fill(each, file * 32, file * 32 + 32, (byte) names[file].hashCode());
        }
        infos.put(info.hash(), info);
        digests.put(info.hash(), Bytes.of(each));
    }

    static Follow with(boolean auto) {
        return follow(auto, false, List.of(), null);
    }

    static Follow follow(boolean auto, boolean newOnly, List<Choice> only, @Nullable Long max) {
        return new Follow(0, ALICE, "Gardening", auto, newOnly, only, max, false, false, null, NOW);
    }

    Followed followed(Follow follow) {
        return ask(new AddFollow(follow));
    }

    List<Followed> follows() {
        return ask(new ListFollows());
    }

    List<State> states() {
        return follows().stream().map(Followed::state).toList();
    }

    FetchShare fetch(int number, @Nullable Basis basis, Choice... only) {
        return new FetchShare(known(number), "Gardening", null, Audience.NOBODY, List.of(only), basis);
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

    void restart() {
        database.close();
        open();
    }

    Transfer job(int number) {
        return Objects.requireNonNull(jobs.get(known(number)), "it was begun");
    }

    Transfer completed(int number) {
        InfoHash hash = known(number);
        Transfer job = jobs.get(hash);
        return put((job == null ? added(hash) : job).completed(NOW));
    }

    Transfer put(Transfer transfer) {
        jobs.put(Objects.requireNonNull(transfer.hash()), transfer);
        says(new TransferChanged(transfer));
        return transfer;
    }

    Transfer added(InfoHash hash) {
        TransferId id =
                new TorrentStore(database).insert(NewTransfer.job("Gardening", Path.of("/g"), hash, null, null, NOW));
        return Transfer.of(
                        id,
                        Transfer.Kind.JOB,
                        "Gardening",
                        Path.of("/g"),
                        TransferState.DOWNLOADING,
                        hash,
                        NOW,
                        Audience.NOBODY)
                .with(share(hash, 0));
    }

    CompletableFuture<Fetched> onFetchShare(FetchShare request) {
        asked.add(request);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        Transfer job = added(request.hash());
        jobs.put(request.hash(), job);
        bus.publish(new TransferChanged(job));
        return CompletableFuture.completedFuture(new Fetched(job, false));
    }

    CompletableFuture<Document> onFetchDocument(FetchDocument request) {
        InfoDictionary info = infos.get(request.hash());
        if (info == null || away) {
            return CompletableFuture.failedFuture(new UserException(ErrorCode.FRIEND_OFFLINE, "nobody is online", ""));
        }
        return CompletableFuture.completedFuture(new Document(
                request.kind() == PageQuery.Kind.INFO
                        ? info.encoded()
                        : Objects.requireNonNull(digests.get(request.hash())),
                null));
    }
}

package bitween.control;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Request;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Revisions;
import bitween.control.client.Versions;
import bitween.events.EventLog;
import bitween.events.Teller;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.FollowRequest.ListFollows;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.SendRequest.ListSent;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.Fingerprint;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.PeerAddress;
import bitween.model.Revision;
import bitween.model.RosterEntry;
import bitween.model.Sent;
import bitween.model.Share;
import bitween.model.StoreStatus;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A daemon without XMPP and BitTorrent: a real bus that delivers at once, a real catalogue, and answers that the test chooses. */
final class World {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Jid ALICE = new Jid("alice@example.org");
    static final Jid BOB = new Jid("bob@example.org");
    static final Device ALICES_LAPTOP = new Device(ALICE, new DeviceId("r-laptop"));
    static final Device ALICES_PHONE = new Device(ALICE, new DeviceId("r-phone"));
    static final Device BOBS_DESKTOP = new Device(BOB, new DeviceId("r-desktop"));
    static final Share MUSIC = share("Music", 'a', 64_000_000, 203);
    static final Share PHOTOS = share("Photos", 'b', 1_000, 2);

    final AtOnce mailbox = new AtOnce();
    final Bus bus = new Bus(mailbox);
    final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    final CatalogueKeeper keeper = new CatalogueKeeper(bus, mailbox, clock, new Revisions(Bytes.of(new byte[32])));
    final List<Request<?>> asked = new ArrayList<>();
    final Map<InfoHash, CompletableFuture<FileLists.FileList>> files = new HashMap<>();
    final List<Finder.Found> names = new ArrayList<>();
    StoreStatus store = new StoreStatus(null, 2, NOW.minusSeconds(3_600), null, null);

    @Nullable
    String unwatched;

    final List<OpenOffer> offers = new ArrayList<>();
    List<PeerAddress> own = List.of(PeerAddress.parse("192.0.2.9:6881"));
    Finding deviceKey = Finding.ok("device key", "it is abab abab");
    Finding password = Finding.ok("password", "only you can read it");
    Finding disk = Finding.ok("disk", "5 GB free");
    boolean inBand = true;

    Audience usualAudience = Audience.EVERYONE;
    boolean usualNotify;
    Function<Path, List<OriginalTorrents.OriginalTorrent>> originals = database -> List.of();
    final List<String> shutdowns = new ArrayList<>();
    final EventLog events = new EventLog(clock, 3);
    final Teller teller = new Teller(bus, mailbox, keeper::current, events, happening -> {});
    final Methods methods = Api.methods(
            bus,
            keeper,
            new DaemonFacts(
                    new Versions("0.1.0", "17.0.15", "2.0.6.0", "2.0.6-26", "4.4.8", "3.54.1"),
                    new Fingerprint("ab".repeat(32)),
                    Path.of("/home/me/.config/bitween"),
                    Path.of("/home/me/Downloads"),
                    () -> 5_000_000_000L,
                    () -> 7L,
                    () -> 8L,
                    () -> new DaemonFacts.Outside(own, List.of(PeerAddress.parse("203.0.113.7:6881")), List.of()),
                    () -> store,
                    () -> unwatched,
                    () -> List.copyOf(offers),
                    () -> List.of(Finding.wrong("backups", ErrorCode.STORE_DAMAGED, "there is none yet", "wait")),
                    new DaemonFacts.Local(() -> deviceKey, () -> password, () -> disk, () -> inBand),
                    () -> usualAudience,
                    () -> usualNotify,
                    clock,
                    NOW.minusSeconds(90),
                    Duration.ofSeconds(20)),
            () -> shutdowns.add("asked"),
            hash -> files.getOrDefault(hash, new CompletableFuture<>()),
            new Names(),
            new Known(),
            new Pasts(),
            events,
            () -> new LiveSettings.Taken(List.of("downloads.active"), List.of("network.port")),
            database -> originals.apply(database));

    final List<Followed> follows = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();

    {
        bus.answer(ListFollows.class, mailbox, request -> List.copyOf(follows));
        bus.answer(ListSent.class, mailbox, request -> List.copyOf(sent));
    }

    final List<Origins.Origin> origins = new ArrayList<>();
    /** Of whatever is asked for. */
    final List<Revision> revisions = new ArrayList<>();

    final Map<InfoHash, List<Histories.Entry>> contents = new HashMap<>();
    /** What friends' live shares were before. */
    final Map<InfoHash, List<InfoHash>> before = new HashMap<>();

    final List<String> historyAsked = new ArrayList<>();

    /** Looks at {@link #revisions}. */
    private final class Pasts implements Histories {
        @Override
        public CompletableFuture<List<Revision>> own(TransferId share) {
            historyAsked.add("own " + share);
            return CompletableFuture.completedFuture(List.copyOf(revisions));
        }

        @Override
        public CompletableFuture<List<Revision>> of(InfoHash hash, List<Device> devices) {
            historyAsked.add("of " + hash + " " + devices);
            return CompletableFuture.completedFuture(List.copyOf(revisions));
        }

        @Override
        public CompletableFuture<List<InfoHash>> before(InfoHash hash) {
            return CompletableFuture.completedFuture(before.getOrDefault(hash, List.of()));
        }

        @Override
        public Path keptAt(InfoHash hash) {
            return Path.of("/kept", hash.hex());
        }

        @Override
        public CompletableFuture<List<Entry>> content(InfoHash hash, List<Device> devices) {
            return CompletableFuture.completedFuture(Objects.requireNonNull(contents.get(hash)));
        }
    }

    /** Looks at {@link #origins}. */
    private final class Known implements Origins {
        @Override
        public List<Origin> at(Path path) {
            return origins.stream()
                    .filter(origin -> origin.place().equals(path))
                    .toList();
        }

        @Override
        public Set<Jid> givers(InfoHash hash, Path place) {
            return at(place).stream()
                    .filter(origin -> origin.hash().equals(hash))
                    .flatMap(origin -> origin.from().keySet().stream())
                    .map(Device::jid)
                    .collect(Collectors.toSet());
        }

        @Override
        public List<Origin> withDigest(Bytes sha256) {
            return origins.stream()
                    .filter(origin -> Objects.equals(sha256, origin.sha256()))
                    .toList();
        }
    }

    /** Looks at {@link #names}, one word at a time. */
    private final class Names implements Finder {
        @Override
        public List<Found> words(String text, Set<String> endings, Predicate<Found> wanted, int limit) {
            return pattern(Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE), wanted, limit);
        }

        @Override
        public List<Found> pattern(Pattern pattern, Predicate<Found> wanted, int limit) {
            return names.stream()
                    .filter(found ->
                            pattern.matcher(found.name() + "/" + found.path()).find())
                    .filter(wanted)
                    .limit(limit)
                    .toList();
        }
    }

    /** Runs what is executed at once, or after what runs now. */
    static final class AtOnce implements Mailbox {
        private final Deque<Runnable> queue = new ArrayDeque<>();
        private boolean running;

        @Override
        public String name() {
            return "test";
        }

        @Override
        public boolean isOwner() {
            return running;
        }

        @Override
        public void execute(Runnable task) {
            queue.add(task);
            if (!running) {
                running = true;
                for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
                    next.run();
                }
                running = false;
            }
        }
    }

    <R, Q extends Request<R>> void answer(Class<Q> topic, Function<Q, R> answerer) {
        bus.<R, Q>answer(topic, mailbox, request -> {
            asked.add(request);
            return answerer.apply(request);
        });
    }

    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> call(String method, Object... namesAndValues) {
        return (Map<String, @Nullable Object>) result(method, namesAndValues);
    }

    Object result(String method, Object... namesAndValues) {
        Map<String, Object> params = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return resultOf(method, params);
    }

    Object resultOf(String method, Object params) {
        try {
            return methods.call(method, params);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(@Nullable Object view) {
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(view);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, @Nullable Object>> list(@Nullable Object view) {
        return (List<Map<String, @Nullable Object>>) java.util.Objects.requireNonNull(view);
    }

    void roster(RosterEntry... entries) {
        bus.publish(new RosterChanged(List.of(entries)));
    }

    static RosterEntry friend(Jid jid) {
        return friend(jid, null);
    }

    static RosterEntry friend(Jid jid, @Nullable String name) {
        return new RosterEntry(jid, name, RosterEntry.Subscription.BOTH, false, Set.of());
    }

    void online(Device device, String name, String... addresses) {
        List<PeerAddress> all =
                List.of(addresses).stream().map(PeerAddress::parse).toList();
        bus.publish(new DeviceAnnounced(device, new Announcement(name, all, "r1")));
    }

    void shares(Device device, String name, Share... shares) {
        bus.publish(new FriendsLoaded(
                List.of(new FriendList(device, name, "r1", List.of(shares), NOW.minusSeconds(3_600))), Map.of()));
    }

    void transfer(Transfer transfer) {
        bus.publish(new TransferChanged(transfer));
    }

    /** An answer of a worker that also says to all what it did, as all do: without that whoever asked waits for it. */
    Transfer told(Transfer transfer) {
        transfer(transfer);
        return transfer;
    }

    static Share share(String name, char hashDigit, long sizeBytes, int files) {
        return new Share(
                name, hash(hashDigit), new ContentId(String.valueOf(hashDigit).repeat(64)), sizeBytes, files);
    }

    static InfoHash hash(char digit) {
        return new InfoHash(String.valueOf(digit).repeat(40));
    }

    static Transfer job(long id, Share share, TransferState state) {
        return transfer(id, Transfer.Kind.JOB, share, state);
    }

    static Transfer own(long id, Share share) {
        return transfer(id, Transfer.Kind.SHARE, share, TransferState.SEEDING);
    }

    static Transfer transfer(long id, Transfer.Kind kind, Share share, TransferState state) {
        Path place = Path.of("/home/me", kind == Transfer.Kind.JOB ? "Downloads" : "stuff", share.name());
        return Transfer.of(
                        new TransferId(id),
                        kind,
                        share.name(),
                        place,
                        state,
                        share.hash(),
                        NOW,
                        kind == Transfer.Kind.SHARE ? Audience.EVERYONE : Audience.NOBODY)
                .with(share);
    }
}

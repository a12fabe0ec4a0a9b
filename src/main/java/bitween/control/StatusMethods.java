package bitween.control;

import bitween.bus.Bus;
import bitween.bus.Trace;
import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Friend;
import bitween.model.Absence;
import bitween.model.ConnectionState;
import bitween.model.EngineStatus;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.Progress;
import bitween.model.StoreStatus;
import bitween.model.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The daemon as a whole. */
final class StatusMethods {
    private final Bus bus;
    private final CatalogueKeeper keeper;
    private final DaemonFacts facts;
    private final Runnable requestShutdown;

    StatusMethods(Bus bus, CatalogueKeeper keeper, DaemonFacts facts, Runnable requestShutdown) {
        this.bus = bus;
        this.keeper = keeper;
        this.facts = facts;
        this.requestShutdown = requestShutdown;
    }

    void addTo(Methods methods) {
        methods.add("status", "how the daemon is", List.of(), params -> status());
        methods.add(
                "version",
                "what the daemon is made of",
                List.of(),
                params -> facts.versions().toMap());
        methods.add("daemon.stop", "begins a clean stop", List.of(), params -> stop());
    }

    private View status() {
        Catalogue now = keeper.current();
        Trace.Counts counts = bus.trace().counts();
        return new View()
                .with("xmpp", xmpp(now.connection()))
                .with("engine", engine(now.engine(), now.port()))
                .with(
                        "rates",
                        new View()
                                .with("down", sum(now, Progress::downloadBytesPerSecond))
                                .with("up", sum(now, Progress::uploadBytesPerSecond))
                                .with("friends", new Speeds(now).moving()))
                .with("limits", LimitMethods.all(now))
                .with("damagedBy", new FriendViews(now).damage())
                .with("offenders", new FriendViews(now).offenders())
                .with("shares", count(now, Transfer.Kind.SHARE))
                .with("jobs", count(now, Transfer.Kind.JOB))
                .with(
                        "friendsOnline",
                        friends(now).stream().filter(Friend::isReachable).count())
                .with("friends", friends(now).size())
                .with("links", new FriendViews(now).links())
                .with(
                        "pending",
                        now.requests().stream().sorted().map(Object::toString).toList())
                .with(
                        "offers",
                        facts.offers().get().stream().map(SendMethods::view).toList())
                .with(
                        "pausedFriends",
                        now.friends().values().stream()
                                .map(Friend::jid)
                                .filter(now::isPaused)
                                .sorted()
                                .map(Jid::value)
                                .toList())
                .with(
                        "dropped",
                        new View()
                                .with("stanzas", facts.droppedStanzas().getAsLong())
                                .with("connections", facts.refusedConnections().getAsLong()))
                .with(
                        "disk",
                        new View()
                                .with("directory", facts.downloads())
                                .with("freeBytes", facts.freeBytes().getAsLong()))
                .with("store", store(facts.store().get()))
                .with("unwatched", facts.unwatched().get())
                .with(
                        "messages",
                        new View()
                                .with("published", counts.published())
                                .with("failed", counts.failed())
                                .with("lost", counts.lost()))
                .with(
                        "uptimeSeconds",
                        Duration.between(facts.started(), facts.clock().instant())
                                .toSeconds())
                .with("pid", ProcessHandle.current().pid())
                .with("outside", outside())
                .with("home", facts.home())
                .with("version", facts.versions().bitween());
    }

    private View outside() {
        DaemonFacts.Outside known = facts.outside().get();
        return new View().with("mapped", texts(known.mapped())).with("seen", texts(known.seen()));
    }

    private static List<String> texts(List<PeerAddress> addresses) {
        return addresses.stream().map(PeerAddress::brief).toList();
    }

    private static long sum(Catalogue now, ToLongFunction<Progress> rate) {
        return now.progress().values().stream().mapToLong(rate).sum();
    }

    private static long count(Catalogue now, Transfer.Kind kind) {
        return now.transfers().values().stream()
                .filter(transfer -> transfer.kind() == kind)
                .count();
    }

    /** Those of the roster; one's own other devices do not count. */
    private static List<Friend> friends(Catalogue now) {
        return now.friends().values().stream()
                .filter(friend -> friend.entry() != null)
                .toList();
    }

    private static View xmpp(@Nullable ConnectionState state) {
        FullJid self = state == null ? null : state.self();
        return new View()
                .with("state", state == null ? ConnectionState.Status.STOPPED : state.status())
                .with("jid", self, FullJid::jid)
                .with("device", self, FullJid::resource)
                .with("server", state, ConnectionState::server)
                .with("since", state, ConnectionState::since)
                .with("error", state, known -> TransferViews.failure(known.failure()))
                .with("retryAt", state, ConnectionState::retryAt)
                .with("seedingStopped", state != null && state.absence() == Absence.SILENT);
    }

    private static View engine(@Nullable EngineStatus status, int port) {
        return new View()
                .with("port", port)
                .with("backend", status, EngineStatus::backend)
                .with("reason", status, EngineStatus::backendReason)
                .with("error", status, known -> TransferViews.failure(known.failure()));
    }

    private static View store(StoreStatus store) {
        return new View()
                .with("error", TransferViews.failure(store.failure()))
                .with("backups", store.backups())
                .with("newestBackup", store.newestBackup())
                .with("backupError", TransferViews.failure(store.backupFailure()))
                .with("restored", store.restored(), StatusMethods::restored);
    }

    private static View restored(StoreStatus.Restored restored) {
        return new View()
                .with("when", restored.when())
                .with("why", restored.why())
                .with("setAside", restored.setAside())
                .with("backup", restored.backup())
                .with("emptied", restored.emptied());
    }

    private View stop() {
        requestShutdown.run();
        return new View()
                .with("pid", ProcessHandle.current().pid())
                .with("longestSeconds", facts.longestStop().toSeconds());
    }
}

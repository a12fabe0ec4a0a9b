package bitween.testing;

import bitween.bus.Mailbox;
import bitween.model.Bytes;
import bitween.model.EngineStatus;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.model.UserException;
import bitween.torrent.EngineEvent;
import bitween.torrent.Recalled;
import bitween.torrent.TorrentEngine;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An engine that remembers what it was told and says what the test wants. By itself it does what libtorrent does when all goes well: what is added is
 * checked; what may connect and has a peer is finished; what is told to go is gone. Everything is said on a lane of its own.
 */
public final class FakeEngine implements TorrentEngine {
    public static final Bytes RESUME_DATA = Bytes.of("resume".getBytes(StandardCharsets.UTF_8));

    private final Mailbox alerts;
    private final List<String> calls = new ArrayList<>();
    private final Map<InfoHash, Held> held = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private Consumer<EngineEvent> hears = event -> {};
    private Consumer<Torrent> peersGive = torrent -> {};
    private Predicate<Torrent> complete = torrent -> torrent.start() == Torrent.Start.COMPLETE;
    private @Nullable UserException refusal;

    private static final class Held {
        private final Torrent torrent;
        private final Set<PeerAddress> peers = new HashSet<>();
        private boolean resumed;
        private boolean finished;

        private Held(Torrent torrent) {
            this.torrent = torrent;
        }
    }

    public FakeEngine(Mailbox alerts) {
        this.alerts = alerts;
    }

    public void tells(Consumer<EngineEvent> listener) {
        hears = listener;
    }

    /** Says it now, whatever the script. */
    public void says(EngineEvent event) {
        alerts.execute(() -> hears.accept(event));
    }

    /** No answer to these calls: "add", "download", "remove", "save", "recheck". */
    public void keepsQuietOn(String... verbs) {
        silent.addAll(Arrays.asList(verbs));
    }

    /** What a download leaves on disk. */
    public void peersGive(Consumer<Torrent> files) {
        peersGive = files;
    }

    /** What is found to be complete when it is added or rechecked; else what was added as COMPLETE. */
    public void findsComplete(Predicate<Torrent> found) {
        complete = found;
    }

    /** Each {@link #add} from now on; null: none. */
    public void refuses(@Nullable UserException why) {
        refusal = why;
    }

    /** What it was told, in order, such as {@code "add RESUME"}; forgotten once read. */
    public List<String> calls() {
        List<String> copy = List.copyOf(calls);
        calls.clear();
        return copy;
    }

    public boolean holds(InfoHash hash) {
        return held.containsKey(hash);
    }

    @Override
    public void add(Torrent torrent) {
        calls.add("add " + torrent.start() + (torrent.resumeData() == null ? "" : " with resume data")
                + (torrent.priorities() == null ? "" : " of pieces " + wanted(torrent.priorities())));
        if (refusal != null) {
            throw refusal;
        }
        if (held.putIfAbsent(torrent.hash(), new Held(torrent)) == null) {
            answer("add", new EngineEvent.Checked(torrent.hash(), complete.test(torrent)));
        }
    }

    @Override
    public void resume(InfoHash hash) {
        calls.add("resume");
        Held known = held.get(hash);
        if (known != null) {
            known.resumed = true;
            download(known);
        }
    }

    @Override
    public void want(InfoHash hash, Bytes priorities) {
        calls.add("want " + wanted(priorities));
    }

    /** "0 2 3": the pieces; "3 high", "3 later" and "3 low" of those that are not as usual. */
    public static String wanted(Bytes priorities) {
        byte[] each = priorities.toArray();
        return IntStream.range(0, each.length)
                .filter(piece -> each[piece] > 0)
                .mapToObj(piece -> piece
                        + List.of("", " low", " later", "", "", "", "", " high").get(each[piece]))
                .collect(Collectors.joining(" "));
    }

    @Override
    public void pause(InfoHash hash) {
        calls.add("pause");
        Held known = held.get(hash);
        if (known != null) {
            known.resumed = false;
        }
    }

    @Override
    public void connect(InfoHash hash, PeerAddress peer) {
        calls.add("connect " + peer);
        Held known = held.get(hash);
        if (known != null) {
            known.peers.add(peer);
            download(known);
        }
    }

    @Override
    public void remove(InfoHash hash) {
        calls.add("remove");
        held.remove(hash);
        answer("remove", new EngineEvent.Removed(hash));
    }

    @Override
    public void saveResumeData(InfoHash hash) {
        calls.add("save");
        answer("save", new EngineEvent.ResumeData(hash, RESUME_DATA));
    }

    @Override
    public Recalled recalled(Bytes resumeData) {
        return new Recalled(new BitSet(), Map.of());
    }

    @Override
    public void recheck(InfoHash hash) {
        calls.add("recheck");
        Held known = held.get(hash);
        if (known != null) {
            known.finished = false;
            answer("recheck", new EngineEvent.Checked(hash, complete.test(known.torrent)));
        }
    }

    @Override
    public void requestUpdates(Set<InfoHash> withPeers) {}

    @Override
    public void admit(Set<InetAddress> peers) {
        calls.add("admit "
                + peers.stream().map(InetAddress::getHostAddress).sorted().toList());
    }

    @Override
    public EngineStatus status() {
        return new EngineStatus(6881, "fake", "for tests", null);
    }

    @Override
    public String version() {
        return "fake";
    }

    @Override
    public void close() {}

    private void download(Held known) {
        if (known.resumed && !known.finished && !known.peers.isEmpty() && !complete.test(known.torrent)) {
            known.finished = true;
            if (!silent.contains("download")) {
                peersGive.accept(known.torrent);
            }
            answer("download", new EngineEvent.Finished(known.torrent.hash()));
        }
    }

    private void answer(String verb, EngineEvent event) {
        if (!silent.contains(verb)) {
            says(event);
        }
    }
}

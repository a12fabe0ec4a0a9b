package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.contents;
import static bitween.torrent.libtorrent.TestTorrents.link;
import static bitween.torrent.libtorrent.TestTorrents.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.testing.ExpectedErrors;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Transfers from one engine to another, and what is asked of an engine in an odd moment. */
class LibtorrentEngineIT extends EngineFixture {
    @Test
    void a_folder_arrives_byte_for_byte_through_links_at_both_ends() throws IOException {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "needs a UTF-8 locale");
        Path source = root.resolve("ä 😀 holiday");
        random(source.resolve("b/ü 😀.bin"), 3_000_000, 1);
        random(source.resolve("a.bin"), 100, 2);
        Files.createDirectories(source.resolve("z"));
        Files.createFile(source.resolve("z/empty ü"));
        Path staging = Files.createDirectories(root.resolve("staging/ä 😀 holiday"));
        Made made = TestTorrents.of(source);

        seed(made, source);
        get(made, staging, Start.RESUME);

        assertThat(contents(staging)).isEqualTo(contents(source)).containsKey("z/empty ü");
        assertThat(root.resolve("getter/links/" + made.hash()).toFile().list())
                .as("nothing but the link lies where libtorrent thinks it writes")
                .containsExactly("ä 😀 holiday");
    }

    @Test
    void a_file_grows_through_a_dangling_link_and_is_seeded_from_its_final_place_without_hashing() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Path place = root.resolve("place.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        get(made, staged, Start.RESUME);

        getter.engine.remove(made.hash());
        getter.await(EngineEvent.Removed.class);
        Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
        damage(place, 0); // who hashes it would see that
        var checked = getter.add(made.torrent(link(root.resolve("getter"), made, place), Start.COMPLETE, null));

        assertThat(checked.complete()).isTrue();
        assertThat(getter.take(EngineEvent.Finished.class, event -> true)).isNull();
    }

    @Test
    void only_pieces_that_are_wanted_come_are_counted_and_are_given_on() throws IOException {
        Path source = random(root.resolve("film.bin"), 10 * TestTorrents.PIECE, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        Bytes wanted = Bytes.of(new byte[] {0, 0, 0, 4, 4, 0, 0, 0, 4, 0});
        var checked = getter.add(new Torrent(
                made.hash(), made.info(), link(root.resolve("getter"), made, staged), Start.RESUME, null, wanted));
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);

        assertThat(checked.complete()).isFalse();
        assertThat(pieces(getter)).containsExactlyInAnyOrder(3, 4, 8);
        EngineEvent.State state = stateOnce(getter, made.hash(), now -> now.doneBytes() == now.totalBytes());
        assertThat(state.totalBytes()).isEqualTo(3 * TestTorrents.PIECE);

        try (TestEngine third = engine()) {
            Path elsewhere = Files.createDirectories(root.resolve("third")).resolve("film.bin");
            third.add(made.torrent(link(root.resolve("third"), made, elsewhere), Start.RESUME, null));
            third.getFrom(made.hash(), getter.address());
            for (int piece = 0; piece < 3; piece++) {
                third.await(EngineEvent.PieceCame.class);
            }
            assertThat(third.take(EngineEvent.PieceRefused.class, event -> true))
                    .isNull();
        }
    }

    @Test
    void a_check_keeps_what_is_wanted_and_more_can_be_wanted_at_any_time() throws IOException {
        Path source = random(root.resolve("film.bin"), 10 * TestTorrents.PIECE, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        Bytes wanted = Bytes.of(new byte[] {0, 4, 0, 0, 0, 0, 0, 0, 0, 0});
        Path save = link(root.resolve("getter"), made, staged);
        getter.add(new Torrent(made.hash(), made.info(), save, Start.RESUME, null, wanted));
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);

        getter.engine.recheck(made.hash());
        assertThat(getter.await(EngineEvent.Checked.class).complete()).isTrue();
        damage(staged, TestTorrents.PIECE + 7);
        getter.engine.recheck(made.hash());
        assertThat(getter.await(EngineEvent.Checked.class).complete()).isFalse();
        getter.engine.resume(made.hash());
        getter.await(EngineEvent.Finished.class);
        assertThat(pieces(getter)).contains(1).doesNotContain(0, 2);

        getter.engine.want(made.hash(), Bytes.of(new byte[] {4, 4, 0, 0, 0, 0, 0, 0, 0, 0}));
        getter.await(EngineEvent.Finished.class);
        assertThat(pieces(getter)).contains(0).doesNotContain(2);
    }

    private static List<Integer> pieces(TestEngine engine) {
        return engine.heard().stream()
                .filter(EngineEvent.PieceCame.class::isInstance)
                .map(event -> ((EngineEvent.PieceCame) event).piece())
                .toList();
    }

    @Test
    void what_comes_from_one_alone_comes_in_order() throws IOException {
        Path source = random(root.resolve("film.bin"), 100 * TestTorrents.PIECE, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);

        get(made, staged, Start.RESUME);

        List<Integer> pieces = pieces(getter);
        assertThat(pieces).hasSize(100).doesNotHaveDuplicates();
        assertThat(pieces.subList(0, 50)).as("hashed by two threads, so nearly").allMatch(piece -> piece < 60);
    }

    @Test
    void who_is_not_admitted_gets_no_answer_also_with_the_right_hash() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);
        InetAddress neighbour = InetAddress.getByName("127.77.9.9");

        assertThat(answerTo(neighbour, made.hash())).isEmpty();
        seeder.engine.admit(Set.of(neighbour));
        assertThat(answerTo(neighbour, made.hash())).startsWith("\u0013BitTorrent protocol");
        seeder.engine.admit(Set.of());
        assertThat(answerTo(neighbour, made.hash())).isEmpty();
    }

    /** What libtorrent says first to a handshake from there. */
    private String answerTo(InetAddress from, InfoHash hash) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(
                    seeder.address().ip(), seeder.address().port()));
            var handshake = new ByteArrayOutputStream();
            handshake.writeBytes("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1));
            handshake.writeBytes(new byte[8]);
            handshake.writeBytes(hash.bytes());
            handshake.writeBytes("-TT0000-123456789012".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(handshake.toByteArray());
            return new String(socket.getInputStream().readNBytes(20), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // reset: no answer either
        }
    }

    @Test
    void limits_hold_on_loopback_and_the_peer_is_named_meanwhile() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        seeder.engine.limitRates(0, 1_000_000);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));

        long start = System.nanoTime();
        getter.getFrom(made.hash(), seeder.address());
        var state = stateOnce(getter, made.hash(), now -> !now.peers().isEmpty());
        getter.await(EngineEvent.Finished.class);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertThat(millis).isGreaterThan(1_500);
        assertThat(state.peers().get(0).address()).isEqualTo(seeder.address());
    }

    @Test
    void a_peer_that_was_away_is_reached_when_it_is_named_again() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        var address = seeder.address();
        seeder.close();
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));
        getter.getFrom(made.hash(), address);

        seeder = new TestEngine(root.resolve("native"), BACKEND, address.port());
        seed(made, source);
        getter.engine.connect(made.hash(), address);
        getter.await(EngineEvent.Finished.class);

        assertThat(staged).hasSameBinaryContentAs(source);
    }

    @Test
    void a_removed_torrent_is_forgotten_and_can_come_back_at_once() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        Path savePath = link(root.resolve("seeder"), made, source);
        seeder.engine.add(made.torrent(savePath, Start.COMPLETE, null));
        seeder.engine.remove(made.hash());
        seeder.engine.add(made.torrent(savePath, Start.COMPLETE, null));

        var removed = seeder.await(EngineEvent.Removed.class);
        var checked = seeder.await(EngineEvent.Checked.class);
        seeder.engine.resume(InfoHash.of(new byte[20]));

        assertThat(removed.hash()).isEqualTo(made.hash());
        assertThat(checked.complete()).isTrue();
        assertThat(source).exists();
    }

    @Test
    void adding_twice_changes_nothing() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);

        seeder.engine.add(made.torrent(link(root.resolve("other"), made, source), Start.CHECK, null));
        get(made, Files.createDirectories(root.resolve("staging")).resolve("film.bin"), Start.RESUME);

        assertThat(seeder.take(EngineEvent.Checked.class, event -> true)).isNull();
        assertThat(seeder.take(EngineEvent.Failed.class, event -> true)).isNull();
    }

    @Test
    @ExpectedErrors("AlertLoop: the alert \\w+ was lost: a jar is broken")
    void an_error_in_who_hears_costs_one_event_and_no_more() throws Exception {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        var checked = new CompletableFuture<EngineEvent>();
        Consumer<EngineEvent> brittle = event -> {
            if (event instanceof EngineEvent.Checked) {
                checked.complete(event);
            } else {
                throw new NoClassDefFoundError("a jar is broken");
            }
        };

        try (var engine = LibtorrentEngine.start(root.resolve("native"), 0, BACKEND, brittle, Clock.systemUTC())) {
            engine.add(made.torrent(link(root.resolve("brittle"), made, source), Start.COMPLETE, null));

            assertThat(checked.get(20, TimeUnit.SECONDS)).isEqualTo(new EngineEvent.Checked(made.hash(), true));
        }
    }

    @Test
    void nothing_happens_after_the_end() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);
        int heard = seeder.heard().size();

        seeder.close();
        seeder.close();
        seeder.engine.add(made.torrent(link(root.resolve("seeder"), made, source), Start.CHECK, null));
        seeder.engine.resume(made.hash());
        seeder.engine.connect(made.hash(), getter.address());
        seeder.engine.saveResumeData(made.hash());
        seeder.engine.recheck(made.hash());
        seeder.engine.requestUpdates(Set.of(made.hash()));
        seeder.engine.limitRates(1, 1);
        seeder.engine.pause(made.hash());
        seeder.engine.remove(made.hash());

        assertThat(seeder.heard()).hasSize(heard);
    }
}

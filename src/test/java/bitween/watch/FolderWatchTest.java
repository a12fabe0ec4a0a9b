package bitween.watch;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.store.Database;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import bitween.testing.FakeTimers;
import bitween.testing.Folders;
import bitween.testing.ManualExecutor;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.ShareScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
    private static final int MANY = 1_000;

    @TempDir
    Path temp;

    private final ManualExecutor threads = new ManualExecutor(1);
    private final FakeTimers timers = new FakeTimers();
    private final Bus bus = new Bus(threads.lane("bus"));
    private final List<InfoHash> told = new ArrayList<>();
    private Database database;
    private TorrentStore store;
    private Path folder;
    private Transfer share;
    private long nanos;

    @BeforeEach
    void a_share_of_three_files() throws Exception {
        database = Database.open(temp.resolve("home/bitween.db"), temp.resolve("native"));
        store = new TorrentStore(database);
        folder = Files.createDirectories(temp.resolve("music"));
        Folders.file(folder.resolve("a"), 7, 1);
        Folders.file(Files.createDirectories(folder.resolve("deep/er")).resolve("b"), 9, 2);
        Folders.file(folder.resolve("c"), 0, 3);
        share = stored(hashed(folder));
        bus.subscribe(FilesChanged.class, threads.lane("worker"), event -> told.add(event.hash()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_is_as_it_was_hashed_is_said_to_nobody() throws Exception {
        watching(MANY);

        pass(Duration.ofMinutes(5));

        assertThat(told).isEmpty();
    }

    @Test
    void what_changed_while_nobody_watched_is_seen_at_the_start() throws Exception {
        Folders.file(folder.resolve("deep/er/b"), 9, 99);

        watching(0);

        assertThat(told).containsExactly(hash());
    }

    @Test
    void a_change_is_seen_within_the_interval_without_the_help_of_the_system() throws Exception {
        watching(0);
        Files.delete(folder.resolve("deep/er/b"));

        pass(Duration.ofSeconds(58));
        assertThat(told).isEmpty();
        pass(Duration.ofSeconds(3));

        assertThat(told).containsExactly(hash());
    }

    @Test
    void the_system_tells_of_a_change_in_any_folder_at_once() throws Exception {
        watching(MANY);

        Folders.file(folder.resolve("deep/er/b"), 5, 2);

        untilTold();
    }

    @Test
    void of_a_live_share_the_system_tells_what_is_new_too() throws Exception {
        watching(MANY);
        changed(share.with(ShareMode.LIVE));
        seconds(2);
        told.clear();
        seconds(5);
        assertThat(told).as("nothing has happened").isEmpty();

        Folders.file(folder.resolve("deep/new"), 5, 2);

        untilTold();
    }

    @Test
    void of_a_live_share_whoever_makes_revisions_looks_now_and_then_without_the_help_of_the_system() throws Exception {
        watching(0);
        changed(share.with(ShareMode.LIVE));
        seconds(2);
        told.clear();

        pass(Duration.ofSeconds(61));

        assertThat(told).hasSize(1);
    }

    @Test
    void the_system_tells_when_the_whole_folder_is_renamed() throws Exception {
        watching(MANY);

        Files.move(folder, temp.resolve("films"));

        untilTold();
    }

    @Test
    void the_system_tells_when_a_folder_in_it_is_moved_away_and_back() throws Exception {
        watching(MANY);
        Path away = Files.move(folder.resolve("deep"), temp.resolve("away"));
        untilTold();
        changed(share.with(TransferState.MISSING, new Failure(ErrorCode.PATH_MISSING, "gone", "", NOW)));
        seconds(2);
        told.clear();

        Files.move(away, folder.resolve("deep"));

        untilTold();
    }

    @Test
    void what_is_withdrawn_is_told_once_as_long_as_it_looks_the_same() throws Exception {
        watching(0);
        Files.delete(folder.resolve("a"));
        changed(share.with(TransferState.MISSING, new Failure(ErrorCode.PATH_MISSING, "gone", "", NOW)));

        pass(Duration.ofMinutes(5));

        assertThat(told).hasSize(1);
    }

    @Test
    void too_few_watches_are_said_and_the_slow_look_finds_the_rest() throws Exception {
        FolderWatch watch = watching(1);
        assertThat(watch.trouble()).contains("some folders are not watched", "fs.inotify.max_user_watches");

        Files.delete(folder.resolve("deep/er/b"));
        pass(Duration.ofSeconds(61));

        assertThat(told).containsExactly(hash());
    }

    @Test
    void what_is_hashed_verified_or_removed_is_left_alone() throws Exception {
        watching(0);
        Files.delete(folder.resolve("a"));
        changed(share.with(TransferState.VERIFYING));
        pass(Duration.ofMinutes(2));
        assertThat(told).isEmpty();

        changed(share);
        bus.publish(new TransferRemoved(share));
        threads.runAll();
        pass(Duration.ofMinutes(2));

        assertThat(told).isEmpty();
    }

    @Test
    void what_was_never_looked_at_when_it_was_hashed_is_told() throws Exception {
        database.change(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("delete from stamps");
            }
        });

        watching(0);

        assertThat(told).containsExactly(hash());
    }

    @Test
    void metadata_that_cannot_be_read_are_told() throws Exception {
        database.change(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("update metadata set info = x'00'");
            }
        });

        watching(0);
        pass(Duration.ofSeconds(5));

        assertThat(told).as("once, until all are looked at again").containsExactly(hash());
    }

    @Test
    void nothing_happens_after_the_close() throws Exception {
        FolderWatch watch = watching(MANY);

        watch.close();
        Files.delete(folder.resolve("a"));
        pass(Duration.ofMinutes(2));

        assertThat(told).isEmpty();
    }

    @Test
    void this_system_lets_us_watch() {
        try (FolderEvents events = FolderEvents.open()) {
            events.watch(share.id(), folder, Set.of(folder, folder.resolve("deep")));

            assertThat(events.trouble()).isNull();
        }
    }

    private FolderWatch watching(int watches) {
        FolderWatch watch = new FolderWatch(
                bus,
                threads.lane("watch"),
                timers,
                store,
                Duration.ofMinutes(1),
                () -> nanos,
                FolderEvents.open(watches));
        bus.publish(new TransfersLoaded(List.of(share)));
        threads.runAll();
        watch.start();
        threads.runAll();
        return watch;
    }

    private void changed(Transfer now) {
        bus.publish(new TransferChanged(now));
        threads.runAll();
    }

    private void untilTold() throws InterruptedException {
        threads.runUntil(() -> {
            seconds(1);
            return told.contains(hash());
        });
    }

    private void pass(Duration time) {
        for (int second = 0; second < time.toSeconds(); second++) {
            nanos += Duration.ofSeconds(1).toNanos();
            seconds(1);
        }
    }

    /** On the timers' clock alone: no look at all files is due. */
    private void seconds(int count) {
        timers.advance(Duration.ofSeconds(count));
        threads.runAll();
    }

    private InfoHash hash() {
        return Objects.requireNonNull(share.hash());
    }

    private HashedShare hashed(Path root) throws IOException {
        ShareScanner scanner =
                new ShareScanner(new ShareScanner.Rules(".ignore", false, temp.resolve("nobody"), List.of(), temp));
        try (Hasher hasher = new Hasher()) {
            return hasher.scan(scanner, root, null)
                    .thenCompose(scan -> hasher.hash(scan, done -> {}))
                    .join();
        }
    }

    private Transfer stored(HashedShare hashed) {
        var id = store.insert(NewTransfer.share("music", folder, Audience.EVERYONE, NOW));
        Share known = new Share("music", hashed.info().hash(), hashed.info().contentId(), 16, 3);
        Transfer seeding = store.all().get(0).transfer().with(known).with(TransferState.SEEDING);
        store.update(
                seeding, hashed.encoded(), hashed.digests(), hashed.stamps().encoded(), NOW);
        assertThat(seeding.id()).isEqualTo(id);
        return seeding;
    }
}

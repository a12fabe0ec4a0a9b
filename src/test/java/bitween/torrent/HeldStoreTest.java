package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.ExpectedErrors;
import bitween.torrent.format.HashedShare;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes on while the database takes nothing, and what of it is stored once it does again. */
@ExpectedErrors({
    "JobQueue: [0-9a-f]{40} failed: ",
    "Sharing: #\\d+ cannot be shared: ",
    "Transfers: #\\d+ is not stored as failed: ",
    "Trouble: nothing is stored any more"
})
class HeldStoreTest extends TorrentFixture {
    private static final int FILM_BYTES = 150_000_000;

    @Test
    void a_job_goes_on_to_its_end_which_is_stored_once_that_works_again() throws Exception {
        HashedShare music = world.offered("music", 70_000);
        world.engine.keepsQuietOn("save");
        Transfer job = world.begun(music);
        assertThat(job.state()).isEqualTo(TransferState.VERIFYING);
        try (Connection other = hold()) {
            world.engineSays(new EngineEvent.ResumeUnchanged(hash(job)));
            world.threads.runUntil(() -> lastTold(job) == TransferState.COMPLETE);

            assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.VERIFYING);
            assertThat(Objects.requireNonNull(world.store.trouble()).code()).isEqualTo(ErrorCode.STORE_LOCKED);
            world.pass(Duration.ofSeconds(5));
            run(other, "rollback");
        }

        world.pass(Duration.ofSeconds(5));
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.COMPLETE);
        assertThat(world.store.trouble()).isNull();
    }

    @Test
    void what_is_asked_for_is_refused_and_nothing_of_it_stays() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));
        try (Connection other = hold()) {
            assertThat(world.refusalOf(new SharePath(world.folder("films", 8), null, Audience.EVERYONE)))
                    .isEqualTo(ErrorCode.STORE_LOCKED);
            assertThat(world.refusalOf(new FetchShare(UNKNOWN, null, null))).isEqualTo(ErrorCode.STORE_LOCKED);
            assertThat(lastTold(music)).isEqualTo(TransferState.SEEDING);
            run(other, "rollback");
        }

        world.shared(world.folder("films", 8));
        assertThat(world.store.all()).hasSize(2);
    }

    @Test
    @Tag("slow")
    void a_share_that_is_hashed_meanwhile_is_seeded_once_it_can_be_stored() throws Exception {
        Path film = temp.resolve("film");
        try (var file = new RandomAccessFile(film.toFile(), "rw")) {
            file.setLength(FILM_BYTES); // so that it is hashed after the database is held
        }
        Transfer share = world.ask(new SharePath(film, null, Audience.EVERYONE)).transfer();
        try (Connection other = hold()) {
            world.threads.runUntil(this::hasCopy);
            world.pass(Duration.ofSeconds(10));
            assertThat(lastTold(share)).isEqualTo(TransferState.HASHING);
            run(other, "rollback");
        }

        world.pass(Duration.ofSeconds(5));
        assertThat(world.until(share.id(), TransferState.SEEDING).failure()).isNull();
    }

    @Test
    void a_live_share_that_changes_meanwhile_is_its_next_revision_once_that_can_be_stored() throws Exception {
        Path notes = world.folder("notes", 7);
        Transfer added = world.ask(new SharePath(notes, null, Audience.EVERYONE, false, ShareMode.LIVE))
                .transfer();
        Transfer live = world.until(added.id(), TransferState.SEEDING);
        Files.writeString(notes.resolve("file 0"), "changed");
        try (Connection other = hold()) {
            world.bus.publish(new FilesChanged(Objects.requireNonNull(live.hash())));
            for (int second = 0; second < 4; second++) {
                world.pass(Duration.ofSeconds(1));
                world.threads.runUntil(() -> !world.worker.isLooking());
            }
            assertThat(Objects.requireNonNull(world.store.trouble()).code()).isEqualTo(ErrorCode.STORE_LOCKED);
            assertThat(world.stored(live.id()).hash()).isEqualTo(live.hash());
            assertThat(world.store.files().all()).containsExactly(live.hash());
            run(other, "rollback");
        }

        world.threads.runUntil(() -> {
            world.pass(Duration.ofSeconds(1));
            return world.stored(live.id()).state() == TransferState.SEEDING;
        });
        assertThat(Objects.requireNonNull(world.stored(live.id()).share()).revision())
                .isEqualTo(2);
    }

    /** Which is written just before the row. */
    private boolean hasCopy() {
        String[] copies = temp.resolve("home/torrents").toFile().list((folder, name) -> name.endsWith(".torrent"));
        return copies != null && copies.length > 0;
    }

    private TransferState lastTold(Transfer transfer) {
        return world.said(TransferChanged.class).stream()
                .map(TransferChanged::transfer)
                .filter(told -> told.id().equals(transfer.id()))
                .reduce((first, second) -> second)
                .map(Transfer::state)
                .orElseThrow();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As another program would. */
    private Connection hold() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("home/bitween.db"));
        run(connection, "begin exclusive");
        return connection;
    }
}

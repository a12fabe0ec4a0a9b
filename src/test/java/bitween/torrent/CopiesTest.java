package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.store.Backups;
import bitween.store.StoredTransfer;
import bitween.testing.ExpectedErrors;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.MetadataValidator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is lost with the database, and what comes back from the files beside it. */
@ExpectedErrors({
    "JobQueue: [0-9a-f]{40} failed: ",
    "Sharing: #\\d+ cannot be shared: ",
    "Transfers: #\\d+ is not stored as failed: ",
    "Opening: ",
    "Copies: [0-9a-f]{40} is not in the database, and cannot be brought back"
})
class CopiesTest extends TorrentFixture {
    @Test
    void a_share_has_its_torrent_beside_the_database_until_it_is_shared_no_longer() throws Exception {
        Transfer music = world.shared(world.folder("music", 70_000, 5));

        TorrentCopy copy = copyOf(hash(music));
        assertThat(copy.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(copy.name()).isEqualTo("music");
        assertThat(copy.place()).isEqualTo(music.place());
        assertThat(copy.digests()).isEqualTo(world.store.digests(hash(music)).orElseThrow());
        assertThat(copy.info().encoded())
                .isEqualTo(world.store.metadata(hash(music)).orElseThrow());

        world.ask(new UnsharePath(music.id()));
        assertThat(world.store.files().all()).isEmpty();
    }

    @Test
    void the_torrent_is_there_before_the_database_knows_of_it() throws Exception {
        world.sql("create trigger crash before update of hash on transfer when new.hash is not null"
                + " begin select raise(abort, 'crash'); end");

        world.ask(new SharePath(world.folder("music", 7), null, Audience.EVERYONE));
        world.threads.runUntil(() -> !world.store.files().all().isEmpty());

        assertThat(world.store.all()).extracting(row -> row.transfer().hash()).containsOnlyNulls();
        world.sql("drop trigger crash");
        InfoHash first = world.store.files().all().iterator().next();
        world.close();
        world = new TorrentWorld(temp).started();
        Transfer again = world.until(world.store.all().get(0).transfer().id(), TransferState.SEEDING);
        assertThat(world.store.files().all()).containsExactly(hash(again)).doesNotContain(first);
    }

    @Test
    void a_share_that_was_lost_comes_back_for_nobody_and_rests_until_it_is_looked_at() throws Exception {
        Transfer music = world.shared(world.folder("music", 70_000, 5));

        loseDatabase();

        Transfer back = only();
        assertThat(back.hash()).isEqualTo(music.hash());
        assertThat(back.place()).isEqualTo(music.place());
        assertThat(back.name()).isEqualTo("music");
        assertThat(back.share()).isEqualTo(music.share());
        assertThat(back.audience()).isEqualTo(Audience.NOBODY);
        assertThat(back.since()).isEqualTo(music.since());
        assertThat(back.state()).isEqualTo(TransferState.FAILED);
        assertThat(Objects.requireNonNull(back.failure()).code()).isEqualTo(ErrorCode.REBUILT);
        assertThat(Objects.requireNonNull(back.failure()).reason())
                .isEqualTo(
                        "'music' was lost with the database and is back from its copy; for whom it was is not known");
        assertThat(world.engine.calls()).isEmpty();
        restart();
        assertThat(world.engine.calls()).isEmpty();

        world.ask(new RecheckTransfer(back.id()));
        world.until(back.id(), TransferState.SEEDING);
        world.ask(new GrantShare(back.id(), Audience.EVERYONE.grantees()));
        assertThat(only().audience()).isEqualTo(Audience.EVERYONE);
    }

    @Test
    void a_live_share_that_was_lost_is_the_same_revision_of_a_live_share() throws Exception {
        Transfer added = world.ask(
                        new SharePath(world.folder("notes", 7), null, Audience.EVERYONE, false, ShareMode.LIVE))
                .transfer();
        Transfer live = world.until(added.id(), TransferState.SEEDING);

        loseDatabase();

        assertThat(only().share()).isEqualTo(live.share());
        assertThat(only().isLive()).isTrue();
    }

    @Test
    void a_job_that_was_lost_goes_on_where_it_was_once_it_is_told_to() throws Exception {
        HashedShare film = world.offered("film", 70_000);
        world.engine.keepsQuietOn("download");
        Transfer job = world.begun(film);
        assertThat(job.state()).isEqualTo(TransferState.DOWNLOADING);

        loseDatabase();

        Transfer back = only();
        assertThat(back.kind()).isEqualTo(Transfer.Kind.JOB);
        assertThat(back.place()).isEqualTo(job.place());
        assertThat(Objects.requireNonNull(back.failure()).code()).isEqualTo(ErrorCode.REBUILT);
        world.holds(film);
        world.offered("film", 70_000);
        world.ask(new RecheckTransfer(back.id()));
        world.peersFound(film.info().hash());
        world.until(back.id(), TransferState.COMPLETE);
        assertThat(world.downloads.resolve("film/file 0")).hasSize(70_000);
    }

    @Test
    void a_job_that_was_complete_is_compared_where_it_stands() throws Exception {
        HashedShare film = world.offered("film", 7);
        Transfer job = world.got(film);

        loseDatabase();

        world.holds(film);
        world.ask(new RecheckTransfer(only().id()));
        Transfer back = world.until(only().id(), TransferState.COMPLETE);
        assertThat(back.place()).isEqualTo(job.place());
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_copy_that_is_damaged_brings_nothing_back_and_keeps_no_other_from_it() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));
        Transfer films = world.shared(world.folder("films", 8));
        Path copy = temp.resolve("home/torrents/" + hash(music) + ".torrent");
        byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length - 30] ^= 1;
        Files.write(copy, bytes);
        Files.writeString(temp.resolve("home/torrents/" + "a".repeat(40) + ".torrent"), "no torrent");

        loseDatabase();

        assertThat(only().hash()).isEqualTo(films.hash());
        assertThat(copy).hasBinaryContent(bytes);
    }

    @Test
    void what_was_removed_after_the_backup_is_given_to_nobody_again() throws Exception {
        Transfer kept = world.shared(world.folder("kept", 7));
        Transfer removed = world.shared(world.folder("removed", 8));
        new Backups(world.database, Clock.systemUTC()).takeIfDue();
        world.ask(new UnsharePath(removed.id()));
        world.close();
        Files.writeString(temp.resolve("home/bitween.db"), "damaged".repeat(1_000));

        world = new TorrentWorld(temp).started();

        assertThat(world.store.all())
                .extracting(row -> row.transfer().name() + " " + row.transfer().audience() + " "
                        + row.transfer().state())
                .containsExactly(
                        kept.name() + " " + Audience.EVERYONE + " SEEDING",
                        removed.name() + " " + Audience.NOBODY + " FAILED");
        assertThat(Objects.requireNonNull(world.stored(removed.id()).failure()).code())
                .isEqualTo(ErrorCode.REBUILT);
    }

    @Test
    void what_an_older_version_shared_is_given_its_torrent() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));
        world.store.files().remove(hash(music));
        Files.delete(temp.resolve("home/torrents/complete"));

        restart();

        assertThat(copyOf(hash(music)).name()).isEqualTo("music");
        assertThat(world.store.files().areComplete()).isTrue();
    }

    @Test
    void other_programs_find_the_info_dictionary_where_a_torrent_has_it() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));

        String content = Files.readString(
                temp.resolve("home/torrents/" + hash(music) + ".torrent"), StandardCharsets.ISO_8859_1);

        int info = content.indexOf("4:info") + 6;
        assertThat(MetadataValidator.isOf(
                        Bytes.of(content.substring(info, content.length() - 1).getBytes(StandardCharsets.ISO_8859_1)),
                        hash(music)))
                .isTrue();
    }

    private TorrentCopy copyOf(InfoHash hash) {
        return TorrentCopy.read(world.store.files().read(hash, TorrentCopy.MAX_BYTES), hash);
    }

    private Transfer only() {
        List<StoredTransfer> rows = world.store.all();
        assertThat(rows).hasSize(1);
        return rows.get(0).transfer();
    }

    private void loseDatabase() throws IOException, InterruptedException {
        world.close();
        Files.delete(temp.resolve("home/bitween.db"));
        Files.deleteIfExists(temp.resolve("home/bitween.db.seal"));
        world = new TorrentWorld(temp).started();
    }
}

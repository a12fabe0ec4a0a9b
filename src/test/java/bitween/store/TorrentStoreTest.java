package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class TorrentStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final InfoHash OTHER = new InfoHash("b".repeat(40));
    private static final Share SHARE = new Share("music 🎵", HASH, new ContentId("c".repeat(64)), 5_000_000_000L, 3);
    private static final Path PLACE = Path.of("/srv/music 🎵");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Database database;
    private TorrentStore store;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("data/bitween.db"), temp.resolve("native"));
        store = new TorrentStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_a_live_share_was_is_known_to_its_beginning_also_where_a_list_leads_in_a_circle() {
        InfoHash third = new InfoHash("c".repeat(40));
        store.revisions().saveBefore(OTHER, HASH);
        store.revisions().saveBefore(third, OTHER);

        assertThat(store.revisions().allBefore(third)).containsExactly(OTHER, HASH);
        assertThat(store.revisions().allBefore(HASH)).isEmpty();
        store.revisions().saveBefore(HASH, third);
        assertThat(store.revisions().allBefore(third))
                .hasSize(RevisionStore.MAX_STEPS)
                .startsWith(OTHER, HASH, third);
    }

    @Test
    void a_new_share_is_there_after_a_restart() {
        TransferId id = store.insert(NewTransfer.share("music 🎵", PLACE, Audience.EVERYONE, NOW));

        reopen();

        assertThat(store.all())
                .containsExactly(new StoredTransfer(
                        Transfer.of(
                                id,
                                Transfer.Kind.SHARE,
                                "music 🎵",
                                PLACE,
                                TransferState.HASHING,
                                null,
                                NOW,
                                Audience.EVERYONE),
                        null,
                        null,
                        null,
                        null,
                        0,
                        false,
                        false));
    }

    @Test
    void what_a_job_gets_of_a_share_is_kept_and_goes_with_it() {
        List<Choice> choices = List.of(Choice.path(List.of("Live", "1 %.flac")), Choice.glob(List.of("x"), "*.mkv"));
        TransferId id = store.insert(NewTransfer.job(
                "film",
                Path.of("/d/film"),
                HASH,
                Path.of("/d"),
                null,
                null,
                Audience.NOBODY,
                Selection.of(choices),
                NOW));
        assertThat(selectionOf(id)).isEqualTo(Selection.of(choices));

        Selection wider =
                new Selection(List.of(Choice.ALL, choices.get(1)), Bytes.of(new byte[] {5}), 7, 8_000_000_000L);
        store.update(store.all().get(0).transfer().choosing(wider));
        reopen();

        assertThat(selectionOf(id)).isEqualTo(wider);

        store.update(store.all().get(0).transfer().choosing(null));
        assertThat(selectionOf(id)).isNull();
    }

    private @Nullable Selection selectionOf(TransferId id) {
        return store.all().stream()
                .map(StoredTransfer::transfer)
                .filter(transfer -> transfer.id().equals(id))
                .findFirst()
                .orElseThrow()
                .selection();
    }

    @Test
    void a_job_without_metadata_is_a_row_like_any_other() {
        TransferId id = store.insert(NewTransfer.job(
                "film",
                Path.of("/d/film"),
                HASH,
                Path.of("/d"),
                "7:8",
                "magnet:?xt=urn:btih:" + HASH,
                Audience.NOBODY,
                null,
                NOW));
        store.saveStaging(id, Path.of("/d/.film.part"));
        store.saveUploaded(Map.of(id, 7_000_000_000L));

        reopen();

        assertThat(store.all())
                .containsExactly(new StoredTransfer(
                        Transfer.of(
                                id,
                                Transfer.Kind.JOB,
                                "film",
                                Path.of("/d/film"),
                                TransferState.WAITING_FOR_FRIEND,
                                HASH,
                                NOW,
                                Audience.NOBODY),
                        Path.of("/d"),
                        Path.of("/d/.film.part"),
                        "7:8",
                        "magnet:?xt=urn:btih:" + HASH,
                        7_000_000_000L,
                        false,
                        false));
    }

    @Test
    void a_jobs_folder_can_be_another_from_now_on() {
        TransferId id = store.insert(NewTransfer.job("film", Path.of("/d/film"), HASH, Path.of("/d"), null, NOW));
        assertThat(store.all().get(0).folderMark()).isNull();

        store.saveFolderMark(id, "9:10");

        reopen();
        assertThat(store.all().get(0).folderMark()).isEqualTo("9:10");
    }

    @Test
    void every_part_that_changes_is_saved() {
        Transfer hashing = added("music", PLACE);
        Share live = new Share(SHARE.name(), SHARE.hash(), SHARE.content(), 64_000_000, 203, false, 4);
        Transfer failed = hashing.with(live)
                .named("songs", Path.of("/srv/songs"))
                .failed(new Failure(ErrorCode.PATH_MISSING, "/srv/songs is gone", "put it back", NOW));

        assertThat(store.update(failed)).isTrue();
        assertThat(only()).isEqualTo(failed);

        Transfer completed = failed.completed(NOW.plusSeconds(5));
        assertThat(store.update(completed)).isTrue();
        assertThat(only()).isEqualTo(completed);
    }

    @Test
    void a_passing_state_does_not_wait_for_the_disk_and_any_other_change_does() {
        Transfer share = added("music", PLACE);
        database.change(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("create temp table spy (durability)");
                statement.execute("create temp trigger spying after update on main.transfer"
                        + " begin insert into spy select synchronous from pragma_synchronous; end");
            }
        });

        store.updateRelaxed(share.with(TransferState.VERIFYING));
        store.update(share.with(TransferState.SEEDING));

        int normal = 1;
        int full = 2;
        assertThat(database.<List<Integer>>transaction(
                        connection -> Sql.rows(connection, "select durability from temp.spy", row -> row.getInt(1))))
                .containsExactly(normal, full);
        assertThat(only().state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void a_hashed_share_and_its_metadata_come_together() {
        Transfer hashed = added("music", PLACE).with(SHARE).with(TransferState.SEEDING);

        store.update(hashed, bytes(1, 2), bytes(3, 4), NOW);

        assertThat(only()).isEqualTo(hashed);
        assertThat(store.all().get(0).hasMetadata()).isTrue();
        assertThat(store.metadata(HASH)).contains(bytes(1, 2));
        assertThat(store.digests(HASH)).contains(bytes(3, 4));
    }

    @Test
    void metadata_of_many_are_read_in_their_order_as_far_as_memory_allows() {
        store.update(added("music", PLACE).with(SHARE), bytes(1, 2), bytes(3), NOW);
        Share films = new Share("films", OTHER, new ContentId("d".repeat(64)), 7, 1);
        store.update(added("films", Path.of("/srv/films")).with(films), bytes(4, 5), bytes(6), NOW);
        InfoHash unknown = new InfoHash("c".repeat(40));

        assertThat(store.metadata(List.of(unknown, OTHER, HASH), 3))
                .isEqualTo(Map.of(OTHER, bytes(4, 5), HASH, bytes(1, 2)));
        assertThat(store.metadata(List.of(unknown, OTHER, HASH), 2)).isEqualTo(Map.of(OTHER, bytes(4, 5)));
    }

    @Test
    void metadata_of_a_share_whose_row_cannot_be_saved_are_not_kept() {
        store.insert(NewTransfer.job("film", Path.of("/d/film"), HASH, null, null, NOW));
        Transfer hashed = added("music", PLACE).with(SHARE);

        assertThatThrownBy(() -> store.update(hashed, bytes(1), bytes(2), NOW))
                .hasMessage(HASH + " is here already")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.ALREADY_SHARED, UserException::code);
        assertThat(store.metadata(HASH)).isEmpty();
    }

    @Test
    void what_was_removed_is_not_brought_back_by_a_late_update() {
        Transfer share = added("music", PLACE).with(SHARE);
        store.remove(share.id());

        assertThat(store.update(share, bytes(1), bytes(2), NOW)).isFalse();
        assertThat(store.all()).isEmpty();
        assertThat(store.metadata(HASH)).isEmpty();
    }

    @Test
    void two_shares_have_no_name_in_common() {
        added("music", PLACE);

        assertThatThrownBy(() -> added("music", Path.of("/srv/other")))
                .hasMessage("another share is called 'music'")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.NAME_TAKEN, UserException::code);
    }

    @Test
    void a_share_cannot_take_the_name_of_another_later_either() {
        added("music", PLACE);
        Transfer films = added("films", Path.of("/srv/films"));

        assertThatThrownBy(() -> store.update(films.named("music", films.place())))
                .hasMessage("another share is called 'music'");
    }

    @Test
    void jobs_may_be_called_alike() {
        store.insert(NewTransfer.job("film", Path.of("/d/film"), HASH, null, null, NOW));
        store.insert(NewTransfer.job("film", Path.of("/d/film (2)"), OTHER, null, null, NOW));

        assertThat(store.all()).extracting(stored -> stored.transfer().name()).containsExactly("film", "film");
    }

    @Test
    void a_number_is_never_used_twice() {
        TransferId first = added("music", PLACE).id();
        store.remove(first);
        reopen();

        TransferId second = added("music", PLACE).id();

        assertThat(second.value()).isGreaterThan(first.value());
    }

    @Test
    void removing_takes_all_that_belongs_to_the_torrent() {
        Transfer share = added("music", PLACE).with(SHARE);
        store.update(share, bytes(1), bytes(2), NOW);
        store.resume().save(HASH, bytes(3));

        assertThat(store.remove(share.id())).isTrue();

        assertThat(store.all()).isEmpty();
        assertThat(store.metadata(HASH)).isEmpty();
        assertThat(store.digests(HASH)).isEmpty();
        assertThat(store.resume().of(HASH)).isEmpty();
        assertThat(store.remove(share.id())).isFalse();
    }

    @Test
    void the_last_resume_data_count() {
        store.update(added("music", PLACE).with(SHARE));

        store.resume().save(HASH, bytes(1));
        store.resume().save(HASH, bytes(2));

        assertThat(store.resume().of(HASH)).contains(bytes(2));
        assertThat(store.all().get(0).hasResume()).isTrue();
    }

    @Test
    void resume_data_that_come_after_the_removal_are_not_kept() {
        store.resume().save(HASH, bytes(1));

        assertThat(store.resume().of(HASH)).isEmpty();
    }

    @Test
    void resume_data_and_digests_that_are_not_believed_any_more_are_gone_and_nothing_else() {
        store.update(added("music", PLACE).with(SHARE), bytes(1), bytes(2), NOW);
        store.resume().save(HASH, bytes(3));

        store.resume().remove(HASH);
        store.removeDigests(HASH);

        assertThat(store.resume().of(HASH)).isEmpty();
        assertThat(store.digests(HASH)).isEmpty();
        assertThat(store.metadata(HASH)).contains(bytes(1));
    }

    @Test
    void of_what_was_only_looked_at_the_newest_stays() {
        store = new TorrentStore(database, 10);
        store.update(added("music", PLACE).with(SHARE), bytes(new byte[100]), bytes(new byte[100]), NOW);
        InfoHash newest = new InfoHash("d".repeat(40));
        InfoHash older = new InfoHash("e".repeat(40));

        store.saveMetadata(OTHER, bytes(new byte[6]), NOW);
        store.saveDigests(OTHER, bytes(new byte[6]), NOW);
        store.saveMetadata(older, bytes(new byte[6]), NOW.plusSeconds(1));
        store.saveMetadata(newest, bytes(new byte[4]), NOW.plusSeconds(2));

        assertThat(store.metadata(newest)).isPresent();
        assertThat(store.metadata(older)).isPresent();
        assertThat(store.metadata(OTHER)).isEmpty();
        assertThat(store.digests(OTHER)).as("counted apart").isPresent();
        assertThat(store.metadata(HASH)).as("belongs to a share").isPresent();
    }

    @Test
    void whom_a_share_is_for_is_there_after_a_restart() {
        Transfer share = added("music", PLACE);
        Audience audience = Audience.parse(List.of("@the family 🎵", "bob@example.org", "@Work "));

        assertThat(store.saveAudience(share.id(), audience)).isTrue();
        reopen();
        assertThat(only().audience()).isEqualTo(audience);

        store.saveAudience(share.id(), Audience.parse(List.of("bob@example.org", "everyone")));
        assertThat(only().audience()).isEqualTo(Audience.parse(List.of("bob@example.org", "everyone")));

        store.saveAudience(share.id(), Audience.NOBODY);
        assertThat(only()).isEqualTo(share.with(Audience.NOBODY));
    }

    @Test
    void a_grant_waits_for_the_disk_and_is_gone_with_its_share() {
        Transfer share = added("music", PLACE);
        database.change(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("create temp table spy (durability)");
                statement.execute("create temp trigger spying after insert on main.share_grant"
                        + " begin insert into spy select synchronous from pragma_synchronous; end");
            }
        });

        store.saveUploaded(Map.of(share.id(), 1L));
        store.saveAudience(share.id(), Audience.parse(List.of("bob@example.org")));
        store.remove(share.id());

        assertThat(database.<List<Integer>>transaction(
                        connection -> Sql.rows(connection, "select durability from temp.spy", row -> row.getInt(1))))
                .containsExactly(2);
        assertThat(database.<Integer>read(connection -> Sql.rows(connection, "select 1 from share_grant", row -> 1)
                        .size()))
                .isZero();
        assertThat(store.saveAudience(share.id(), Audience.EVERYONE)).isFalse();
    }

    @Test
    void a_row_that_makes_no_sense_is_an_error_for_people() {
        added("music", PLACE);
        database.change(connection -> Sql.update(connection, "update transfer set state = 'DREAMING'"));

        assertThatThrownBy(() -> store.all())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("row 1 of \"select *")
                .hasMessageContaining("makes no sense");
    }

    private Transfer added(String name, Path place) {
        TransferId id = store.insert(NewTransfer.share(name, place, Audience.EVERYONE, NOW));
        return Transfer.of(id, Transfer.Kind.SHARE, name, place, TransferState.HASHING, null, NOW, Audience.EVERYONE);
    }

    private Transfer only() {
        assertThat(store.all()).hasSize(1);
        return store.all().get(0).transfer();
    }

    private void reopen() {
        database.close();
        open();
    }

    private static Bytes bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Bytes.of(bytes);
    }

    private static Bytes bytes(byte[] values) {
        return Bytes.of(values);
    }
}

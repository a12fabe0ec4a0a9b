package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.RevisionNotKept;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.ExpectedErrors;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedErrors("Keeping: no revisions are kept")
class KeepingTest extends TorrentFixture {
    private Path notes;
    private Transfer share;
    private final List<InfoHash> hashes = new ArrayList<>();

    @BeforeEach
    void a_live_share_of_which_two_revisions_are_kept() throws Exception {
        notes = world.folder("notes", 200, 90);
        Files.createDirectory(notes.resolve("empty"));
        share = live(notes, 2);
        hashes.add(hash(share));
    }

    @Test
    void what_a_revision_had_is_kept_when_it_is_overwritten_and_is_seeded() throws Exception {
        Path before = world.folder("before", 200, 90);
        Files.createDirectory(before.resolve("empty"));
        revise("file 1", 80);

        assertThat(formers()).containsExactly(new Former(1, hashes.get(0)));
        Folders.assertSame(before, content(1));
        assertThat(world.engine.holds(hashes.get(0))).isTrue();
        assertThat(world.engine.calls()).endsWith("add COMPLETE", "resume");
        assertThat(Files.readSymbolicLink(temp.resolve("home/links/" + hashes.get(0) + "/notes")))
                .isEqualTo(content(1));
    }

    @Test
    void files_that_stay_are_kept_once_and_are_never_the_owners_own() throws Exception {
        revise("file 1", 80);

        Object kept = inode(content(1).resolve("file 0"));
        assertThat(inode(content(2).resolve("file 0"))).isEqualTo(kept);
        assertThat(inode(notes.resolve("file 0"))).isNotEqualTo(kept);
        assertThat(inode(content(1).resolve("file 1")))
                .isNotEqualTo(inode(content(2).resolve("file 1")));
    }

    @Test
    void the_oldest_goes_when_there_are_more_than_are_wanted() throws Exception {
        revise("file 1", 80);
        world.engine.calls();
        revise("file 1", 70);

        assertThat(formers()).containsExactly(new Former(2, hashes.get(1)));
        assertThat(kept())
                .containsExactlyInAnyOrder(hashes.get(1).hex(), hashes.get(2).hex());
        assertThat(world.engine.holds(hashes.get(0))).isFalse();
        assertThat(temp.resolve("home/links/" + hashes.get(0))).doesNotExist();
    }

    @Test
    void a_start_goes_on_with_what_is_kept() throws Exception {
        revise("file 1", 80);

        restart();
        seconds(2);

        assertThat(formers()).containsExactly(new Former(1, hashes.get(0)));
        assertThat(world.engine.holds(hashes.get(0))).isTrue();
    }

    @Test
    void what_a_kill_left_goes_at_the_start_and_what_lost_its_files_is_offered_no_longer() throws Exception {
        revise("file 1", 80);
        Folders.file(revisions().resolve(UNKNOWN + ".half/content"), 5, 5);
        Folders.file(revisions().resolve(UNKNOWN + "/content"), 5, 5);
        Places.deleteTree(revisions().resolve(hashes.get(0).hex()));

        restart();
        seconds(2);

        assertThat(kept()).containsExactly(hashes.get(1).hex());
        assertThat(formers()).isEmpty();
        assertThat(world.engine.holds(hashes.get(0))).isFalse();
    }

    @Test
    void what_is_shared_no_longer_is_kept_no_longer() throws Exception {
        revise("file 1", 80);

        world.ask(new UnsharePath(share.id()));
        seconds(1);

        assertThat(kept()).isEmpty();
        assertThat(world.engine.holds(hashes.get(0))).isFalse();
        assertThat(world.numbers("select count(*) from kept_revision")).containsExactly(0L);
    }

    @Test
    void sharing_it_again_says_how_many_are_kept_from_then_on() throws Exception {
        revise("file 1", 80);

        Transfer none = live(notes, 0);

        assertThat(none.id()).isEqualTo(share.id());
        assertThat(none.hash()).isEqualTo(hashes.get(1));
        assertThat(formers()).isEmpty();
        assertThat(kept()).isEmpty();

        live(notes, 3);
        assertThat(kept()).containsExactly(hashes.get(1).hex());
    }

    @Test
    void what_is_live_no_longer_keeps_nothing() throws Exception {
        revise("file 1", 80);

        world.ask(new SharePath(notes, null, Audience.EVERYONE, false, ShareMode.FROZEN));
        seconds(1);

        assertThat(kept()).isEmpty();
        assertThat(formers()).isEmpty();
    }

    @Test
    void the_oldest_of_all_shares_make_room() throws Exception {
        Transfer music = live(world.folder("music", 500), 2);

        revise("file 1", 300);

        assertThat(kept())
                .as("1000 bytes: what both have counts once, and the oldest goes")
                .containsExactlyInAnyOrder(hash(music).hex(), hashes.get(1).hex());
        assertThat(inode(content(2).resolve("file 0"))).isNotNull();
        revise("file 1", 310);
        assertThat(kept())
                .containsExactlyInAnyOrder(hashes.get(1).hex(), hashes.get(2).hex());
        assertThat(told()).isEmpty();
    }

    @Test
    void what_is_too_large_is_told_and_those_before_stay() throws Exception {
        revise("file 1", 900);

        assertThat(told()).singleElement().satisfies(said -> {
            assertThat(said.revision()).isEqualTo(2);
            assertThat(said.why().code()).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(said.why().reason()).isEqualTo("it has 1100 bytes, and disk.revisions allows 1000");
        });
        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(formers()).containsExactly(new Former(1, hashes.get(0)));
    }

    @Test
    void a_start_ousts_nothing() throws Exception {
        Transfer music = live(world.folder("music", 500), 2);
        revise("file 1", 300);
        live(world.folder("films", 600), 2);
        assertThat(kept()).doesNotContain(hash(music).hex());
        List<String> before = kept();

        restart();
        seconds(3);

        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void a_full_disk_is_told_and_the_share_is_offered_all_the_same() throws Exception {
        world.space = new Disks.Space(0, 200L << 30);

        revise("file 1", 80);

        assertThat(told()).extracting(said -> said.why().code()).containsExactly(ErrorCode.DISK_FULL);
        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(kept()).containsExactly(hashes.get(0).hex());
        seconds(3);
        assertThat(told()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shorter", "otherwise", "longer than it was"})
    void what_is_no_longer_what_it_was_is_not_kept(String now) throws Exception {
        Transfer other = world.shared(world.folder("other", "otherwise".length()));
        Files.writeString(other.place().resolve("file 0"), now);

        live(other.place(), 2);

        assertThat(told()).extracting(said -> said.why().code()).containsExactly(ErrorCode.CONTENT_CHANGED);
        assertThat(kept()).containsExactly(hashes.get(0).hex());
    }

    @Test
    void what_the_engine_finds_damaged_is_kept_no_longer() throws Exception {
        world.engine.findsComplete(torrent -> !torrent.hash().equals(hashes.get(0)));

        revise("file 1", 80);

        assertThat(formers()).isEmpty();
        assertThat(kept()).containsExactly(hashes.get(1).hex());
    }

    @Test
    void a_check_of_the_home_leaves_what_is_kept_where_it_is() throws Exception {
        revise("file 1", 80);

        assertThat(TransferCheck.check(world.store, temp.resolve("home/links")))
                .allMatch(finding -> finding.state() == Finding.State.OK);

        assertThat(temp.resolve("home/links/" + hashes.get(0))).exists();
    }

    @Test
    void a_former_revision_that_is_got_is_called_so() throws Exception {
        HashedShare offered = world.offered("Diary", 7, 9);
        InfoHash hash = offered.info().hash();
        world.holds(offered);
        Transfer job = world.ask(new FetchShare(hash, "Diary@2", null)).transfer();
        world.peersFound(hash);

        assertThat(world.until(job.id(), TransferState.COMPLETE))
                .returns("Diary@2", Transfer::name)
                .returns(world.downloads.resolve("Diary@2"), Transfer::place);
    }

    private Transfer live(Path folder, int keep) throws Exception {
        Transfer added = world.ask(new SharePath(folder, null, Audience.EVERYONE, false, ShareMode.LIVE, keep))
                .transfer();
        Transfer seeded = world.until(added.id(), TransferState.SEEDING);
        seconds(1);
        return seeded;
    }

    private void revise(String file, int size) throws Exception {
        Folders.file(notes.resolve(file), size, size);
        int before = Objects.requireNonNull(now().share()).revision();
        world.bus.publish(new FilesChanged(hash(now())));
        settled();
        for (int second = 0; Objects.requireNonNull(now().share()).revision() == before; second++) {
            assertThat(second).isLessThan(60);
            seconds(1);
        }
        hashes.add(hash(now()));
        seconds(3);
    }

    private Transfer now() {
        return world.stored(share.id());
    }

    private List<Former> formers() {
        Share now = Objects.requireNonNull(now().share());
        return now.kept();
    }

    private List<RevisionNotKept> told() {
        return world.said(RevisionNotKept.class);
    }

    private Path revisions() {
        return temp.resolve("home/revisions");
    }

    private Path content(int revision) {
        return revisions().resolve(hashes.get(revision - 1).hex()).resolve("content");
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> all = Files.list(revisions())) {
            return all.map(path -> String.valueOf(path.getFileName())).toList();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private void seconds(int count) throws InterruptedException {
        for (int second = 0; second < count; second++) {
            world.pass(Duration.ofSeconds(1));
            settled();
        }
    }

    private void settled() throws InterruptedException {
        world.threads.runAll();
        world.threads.runUntil(() -> !world.worker.isLooking());
        world.threads.runAll();
    }
}

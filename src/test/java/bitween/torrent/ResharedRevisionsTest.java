package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RelocateShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A newer revision of what is got to be shared on. */
class ResharedRevisionsTest extends TorrentFixture {
    private static final int PIECE = 256 << 10;
    private static final Audience CAROL = Audience.parse(List.of("carol@example.net"));
    private static final Audience FAMILY = Audience.parse(List.of("@family", "bob@example.net"));

    private Path friends;
    private HashedShare garden;

    @BeforeEach
    void an_earlier_revision() throws Exception {
        garden = world.offered("garden", PIECE, PIECE);
        friends = temp.resolve("friend/garden");
        world.engine.keepsQuietOn("download");
    }

    private HashedShare next() throws Exception {
        Folders.file(friends.resolve("file 2"), PIECE, 3);
        return world.offered(friends);
    }

    private Transfer reshared() throws Exception {
        Transfer job = begun(garden, FAMILY, null);
        comes(job);
        return world.until(job.id(), TransferState.SEEDING);
    }

    /** What its friend's device has is on the disk. */
    private void comes(Transfer job) throws IOException {
        Path staged = world.downloads.resolve(".bitween-" + hash(job).hex() + "/garden");
        try (Stream<Path> files = Files.walk(friends)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = staged.resolve(friends.relativize(file).toString());
                Files.createDirectories(Places.parentOf(to));
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        world.engineSays(new EngineEvent.Finished(hash(job)));
    }

    /** The last byte does not come by itself. */
    private Transfer begun(HashedShare share, Audience audience, @Nullable Basis basis) throws Exception {
        world.holds(share);
        world.store.saveDigests(share.info().hash(), share.digests(), TorrentWorld.NOW);
        Transfer job = world.ask(new FetchShare(share.info().hash(), null, null, audience, List.of(), basis))
                .transfer();
        world.threads.runAll();
        world.peersFound(share.info().hash()); // for the metadata
        return world.until(job.id(), TransferState.DOWNLOADING);
    }

    /** It has come and is right; all that is to be waited for is the engine, which keeps quiet on that. */
    private void isReadyToTakeThePlaceOf(Transfer first, Transfer job) throws Exception {
        comes(job);
        world.engineSays(new EngineEvent.Removed(hash(job)));
        world.until(first.id(), TransferState.VERIFYING);
    }

    private Transfer successor(Transfer earlier) throws Exception {
        return begun(next(), Audience.NOBODY, new Basis(earlier.id(), false));
    }

    @Test
    void it_takes_the_place_and_is_shared_on_in_its_turn() throws Exception {
        Transfer first = reshared();

        Transfer job = successor(first);
        assertThat(world.stored(first.id())).isEqualTo(first);
        comes(job);

        Transfer share = world.until(job.id(), TransferState.SEEDING);

        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(share.name()).isEqualTo("garden");
        assertThat(share.place()).isEqualTo(first.place());
        assertThat(share.audience()).isEqualTo(FAMILY);
        assertThat(world.find(first.id())).isEmpty();
        Folders.assertSame(friends, first.place());
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(first.place());
    }

    @Test
    void nobody_gets_any_of_the_earlier_one_before_files_take_their_places() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");

        Transfer job = successor(first);
        isReadyToTakeThePlaceOf(first, job);

        assertThat(world.stored(first.id())).isEqualTo(first.with(TransferState.VERIFYING));
        assertThat(world.engine.holds(hash(first))).isFalse();
        assertThat(first.place().resolve("file 2")).doesNotExist();

        world.engineSays(new EngineEvent.Removed(hash(first)));

        assertThat(world.until(job.id(), TransferState.SEEDING).place()).isEqualTo(first.place());
    }

    @Test
    void what_was_granted_and_revoked_meanwhile_holds() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new RevokeShare(first.id(), Audience.parse(List.of("@family")).grantees()));

        comes(job);

        assertThat(world.until(job.id(), TransferState.SEEDING).audience())
                .isEqualTo(Audience.parse(List.of("bob@example.net")));
    }

    @Test
    void what_is_shared_no_longer_is_not_shared_on_by_the_next() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new UnsharePath(first.id()));

        comes(job);

        Transfer complete = world.until(job.id(), TransferState.COMPLETE);
        assertThat(complete.kind()).isEqualTo(Transfer.Kind.JOB);
        assertThat(complete.place()).isEqualTo(first.place());
    }

    @Test
    void one_that_had_not_come_yet_leaves_word_with_whom_it_was_to_be_shared() throws Exception {
        Transfer first = begun(garden, FAMILY, null);

        Transfer second = successor(first);
        Folders.file(friends.resolve("file 3"), PIECE, 4);
        Transfer third = begun(world.offered(friends), Audience.NOBODY, new Basis(second.id(), false));
        comes(third);

        assertThat(world.until(third.id(), TransferState.SEEDING).audience()).isEqualTo(FAMILY);
    }

    @Test
    void what_its_user_has_made_a_live_share_of_is_left_alone() throws Exception {
        Transfer first = reshared();
        world.ask(new SharePath(first.place(), null, FAMILY, false, ShareMode.LIVE));

        Transfer job = successor(first);
        comes(job);

        Transfer beside = world.until(job.id(), TransferState.COMPLETE);

        assertThat(beside.name()).isEqualTo("garden (2)");
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void one_that_is_paused_waits_for_its_user() throws Exception {
        Transfer first = reshared();
        world.ask(new PauseTransfer(first.id()));

        assertThat(world.refusalOf(new FetchShare(
                        next().info().hash(), null, null, Audience.NOBODY, List.of(), new Basis(first.id(), false))))
                .isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void a_crash_in_between_is_made_up_for() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");
        Transfer job = successor(first);
        isReadyToTakeThePlaceOf(first, job);

        restart();
        world.until(job.id(), TransferState.DOWNLOADING);
        comes(job);

        Transfer share = world.until(job.id(), TransferState.SEEDING);
        assertThat(share.audience()).isEqualTo(FAMILY);
        assertThat(world.find(first.id())).isEmpty();
        Folders.assertSame(friends, first.place());
    }

    @Test
    void one_that_turns_out_to_be_wrong_takes_nothing_from_it() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.engine.findsComplete(torrent -> true);
        Files.writeString(friends.resolve("file 2"), "somebody lied");

        world.said.clear();

        comes(job);

        assertThat(failureOf(world.until(job.id(), TransferState.FAILED)).code())
                .isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(world.stored(first.id())).isEqualTo(first);
        assertThat(world.statesOf(first.id())).isEmpty();
    }

    @Test
    void what_stays_because_the_newer_one_cannot_take_its_place_is_offered_again() throws Exception {
        Transfer first = reshared();
        Folders.file(Files.createDirectories(friends.resolve("sub")).resolve("file 3"), PIECE, 3);
        Transfer job = begun(world.offered(friends), Audience.NOBODY, new Basis(first.id(), false));
        Files.createSymbolicLink(first.place().resolve("sub"), temp);

        comes(job);
        assertThat(failureOf(world.until(job.id(), TransferState.PAUSED)).code())
                .isEqualTo(ErrorCode.DISK_WRITE);

        assertThat(world.until(first.id(), TransferState.SEEDING)).isEqualTo(first);
        assertThat(world.engine.holds(hash(first))).isTrue();
    }

    @Test
    void of_a_mixture_nothing_is_offered_and_nobody_is_forgotten() throws Exception {
        Transfer first = reshared();
        Folders.file(friends.resolve("file 0"), PIECE, 5);
        Folders.file(Files.createDirectories(friends.resolve("sub")).resolve("file 3"), PIECE, 3);
        Transfer job = begun(world.offered(friends), Audience.NOBODY, new Basis(first.id(), false));
        Path inTheWay = Files.createSymbolicLink(first.place().resolve("sub"), temp);

        comes(job);
        world.until(job.id(), TransferState.PAUSED);

        Transfer mixed = world.until(first.id(), TransferState.STALE);
        assertThat(world.engine.holds(hash(first))).isFalse();
        assertThat(mixed.audience()).isEqualTo(FAMILY);
        world.ask(new GrantShare(first.id(), CAROL.grantees()));

        Files.delete(inTheWay);
        world.ask(new ResumeTransfer(job.id()));
        Transfer share = world.until(job.id(), TransferState.SEEDING);
        assertThat(share.audience()).isEqualTo(FAMILY.with(CAROL.grantees()));
        Folders.assertSame(friends, share.place());
    }

    @Test
    void when_the_newer_one_is_removed_just_then_the_earlier_one_is_offered_again() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");
        Transfer job = successor(first);
        isReadyToTakeThePlaceOf(first, job);

        world.ask(new RemoveJob(job.id(), false));
        world.engineSays(new EngineEvent.Removed(hash(first)));

        assertThat(world.until(first.id(), TransferState.SEEDING)).isEqualTo(first);
        assertThat(world.engine.holds(hash(first))).isTrue();
        assertThat(first.place().resolve("file 2")).doesNotExist();
    }

    @Test
    void after_a_crash_among_files_that_take_their_places_it_is_looked_at_before_it_is_offered() throws Exception {
        Transfer first = reshared();
        Folders.file(friends.resolve("file 0"), PIECE, 5);
        successor(first);
        world.sql("update succession set placing = 1");
        Files.copy(friends.resolve("file 0"), first.place().resolve("file 0"), StandardCopyOption.REPLACE_EXISTING);

        restart();

        world.until(first.id(), TransferState.STALE);
        assertThat(world.statesOf(first.id())).doesNotContain(TransferState.SEEDING);
        assertThat(world.engine.holds(hash(first))).isFalse();
    }

    @Test
    void nothing_takes_its_place_while_its_files_are_read() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.engine.keepsQuietOn("add");
        world.sql("delete from digests where hash = '" + hash(first).hex() + "'");
        world.ask(new RecheckTransfer(first.id())); // without digests the engine reads them
        world.threads.runUntil(() -> world.engine.calls().contains("add CHECK"));

        world.sql("delete from stamps");
        comes(job);
        world.threads.runUntil(() -> world.store.stamps(hash(first)).isPresent());
        world.pass(Duration.ofSeconds(1));

        assertThat(world.engine.holds(hash(first))).isTrue();
        assertThat(first.place().resolve("file 2")).doesNotExist();

        world.engineSays(new EngineEvent.Checked(hash(first), true));
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.SEEDING);
        world.pass(Duration.ofSeconds(1));

        world.threads.runUntil(() -> world.find(first.id()).isEmpty());
        Folders.assertSame(friends, first.place());
    }

    @Test
    void when_the_newer_one_is_removed_while_its_files_are_read_it_stays_offered_and_is_not_looked_at_again()
            throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.engine.keepsQuietOn("add");
        world.sql("delete from digests where hash = '" + hash(first).hex() + "'");
        world.ask(new RecheckTransfer(first.id()));
        world.threads.runUntil(() -> world.engine.calls().contains("add CHECK"));
        world.sql("delete from stamps");
        comes(job);
        world.threads.runUntil(() -> world.store.stamps(hash(first)).isPresent());
        world.pass(Duration.ofSeconds(1));
        int before = world.statesOf(first.id()).size();

        world.ask(new RemoveJob(job.id(), false));
        world.engineSays(new EngineEvent.Checked(hash(first), true));
        world.pass(Duration.ofSeconds(2));

        assertThat(world.find(job.id())).isEmpty();
        assertThat(world.statesOf(first.id()).stream().skip(before))
                .isNotEmpty()
                .containsOnly(TransferState.SEEDING);
    }

    @Test
    void what_was_paused_meanwhile_stays_withheld_as_the_newer_one() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new PauseTransfer(first.id()));
        world.engine.calls();

        comes(job);

        Transfer share = world.until(job.id(), TransferState.PAUSED);
        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(share.name()).isEqualTo("garden");
        assertThat(share.isPausedByUser()).isTrue();
        assertThat(share.audience()).isEqualTo(FAMILY);
        Folders.assertSame(friends, share.place());
        world.threads.runAll();
        assertThat(world.engine.holds(hash(share))).isFalse();
        restart();
        assertThat(world.engine.calls()).isEmpty();

        world.ask(new ResumeTransfer(share.id()));

        world.until(share.id(), TransferState.SEEDING);
        assertThat(world.engine.holds(hash(share))).isTrue();
    }

    @Test
    void what_goes_on_just_when_its_place_is_taken_is_offered_as_the_newer_one() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new PauseTransfer(first.id()));
        world.engine.keepsQuietOn("remove");
        comes(job);
        world.engine.calls();
        world.engineSays(new EngineEvent.Removed(hash(job)));
        world.threads.runUntil(() -> world.engine.calls().contains("remove")); // of the first

        world.ask(new ResumeTransfer(first.id()));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.engine.holds(hash(first))).isFalse();
        world.engineSays(new EngineEvent.Removed(hash(first)));
        assertThat(world.until(job.id(), TransferState.SEEDING).audience()).isEqualTo(FAMILY);
    }

    @Test
    void nobody_makes_a_live_share_of_it_while_the_newer_one_is_on_its_way() throws Exception {
        Transfer first = reshared();
        SharePath live = new SharePath(first.place(), null, FAMILY, false, ShareMode.LIVE);
        successor(first);

        assertThat(world.refusalOf(live)).isEqualTo(ErrorCode.BUSY);
        world.ask(new UnsharePath(first.id()));
        assertThat(world.refusalOf(live)).isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void a_live_share_of_the_same_folder_is_left_alone_too() throws Exception {
        Transfer first = begun(garden, Audience.NOBODY, null);
        comes(first);
        first = world.until(first.id(), TransferState.COMPLETE);
        Transfer live = world.ask(new SharePath(first.place(), "mine", FAMILY, false, ShareMode.LIVE))
                .transfer();

        Transfer job = successor(first);
        comes(job);

        assertThat(world.until(job.id(), TransferState.COMPLETE).name()).isEqualTo("garden (2)");
        assertThat(world.until(live.id(), TransferState.SEEDING).place()).isEqualTo(first.place());
    }

    @Test
    void nobody_says_that_it_is_elsewhere_while_the_newer_one_is_on_its_way() throws Exception {
        Transfer first = reshared();
        successor(first);
        Files.move(first.place(), temp.resolve("elsewhere"));
        world.ask(new RecheckTransfer(first.id()));
        world.until(first.id(), TransferState.MISSING);

        assertThat(world.refusalOf(new RelocateShare(first.id(), temp, false))).isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void for_whom_the_newer_one_was_asked_meanwhile_it_is_too() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");
        Transfer job = successor(first);
        isReadyToTakeThePlaceOf(first, job);

        world.ask(new FetchShare(hash(job), null, null, CAROL));
        world.engineSays(new EngineEvent.Removed(hash(first)));

        world.until(job.id(), TransferState.SEEDING);
        restart();
        assertThat(world.stored(job.id()).audience()).isEqualTo(FAMILY.with(CAROL.grantees()));
    }

    @Test
    void of_which_only_some_is_wanted_comes_beside_what_is_shared_on() throws Exception {
        Transfer first = reshared();
        HashedShare next = next();
        world.holds(next);
        world.store.saveDigests(next.info().hash(), next.digests(), TorrentWorld.NOW);

        Transfer job = world.ask(new FetchShare(
                        next.info().hash(),
                        null,
                        null,
                        Audience.NOBODY,
                        List.of(Choice.path(List.of("file 2"))),
                        new Basis(first.id(), false)))
                .transfer();
        world.threads.runAll();
        world.peersFound(next.info().hash());
        comes(world.until(job.id(), TransferState.DOWNLOADING));

        assertThat(world.until(job.id(), TransferState.COMPLETE).place()).isNotEqualTo(first.place());
        assertThat(world.stored(first.id())).isEqualTo(first);
    }
}

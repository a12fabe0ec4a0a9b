package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Mailbox;
import bitween.catalogue.Catalogue;
import bitween.cli.ExitCodes;
import bitween.cli.ExitWhen;
import bitween.cli.ExitWhen.Condition;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class UnattendedTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Mailbox mailbox = threads.lane("bus");
    private final FakeTimers timers = new FakeTimers();
    private final List<String> asked = new ArrayList<>();
    private Duration now = Duration.ofDays(100);
    private Catalogue catalogue = Catalogue.EMPTY;

    @Test
    void done_is_once_the_last_job_is_complete_whatever_is_shared() {
        Unattended done = watching(Condition.DONE, Duration.ZERO);
        become(job(1, TransferState.DOWNLOADING), job(2, TransferState.QUEUED), share(3, TransferState.HASHING));
        pass(Duration.ofMinutes(10));
        become(job(1, TransferState.COMPLETE));
        pass(Duration.ofMinutes(10));
        become(job(2, TransferState.VERIFYING));
        pass(Duration.ofMinutes(10));
        assertThat(asked).isEmpty();

        become(job(2, TransferState.COMPLETE));
        pass(SECOND);

        assertThat(asked).containsExactly("--exit-when done");
        assertThat(done.exitCode()).isEqualTo(ExitCodes.OK);
    }

    @Test
    void a_job_that_fails_is_over_and_the_exit_code_tells() {
        Unattended done = watching(Condition.DONE, Duration.ZERO);
        become(failed(job(1, TransferState.DOWNLOADING)), job(2, TransferState.COMPLETE));

        pass(SECOND);

        assertThat(asked).containsExactly("--exit-when done, and something has failed");
        assertThat(done.exitCode()).isEqualTo(ExitCodes.FAILED);
    }

    @Test
    void a_share_that_has_failed_does_not_concern_who_waits_for_jobs() {
        Unattended done = watching(Condition.DONE, Duration.ZERO);
        become(failed(share(1, TransferState.HASHING)), job(2, TransferState.COMPLETE));

        pass(SECOND);

        assertThat(done.exitCode()).isEqualTo(ExitCodes.OK);
    }

    @Test
    void a_job_that_its_user_lets_rest_holds_nothing_up() {
        for (Condition condition : Condition.values()) {
            Unattended unattended = watching(condition, Duration.ofMinutes(1));
            become(paused(job(1, TransferState.DOWNLOADING), ErrorCode.PAUSED_BY_USER), job(2, TransferState.COMPLETE));

            pass(Duration.ofMinutes(2));

            assertThat(asked).as(condition.name()).hasSize(1);
            assertThat(unattended.exitCode()).isEqualTo(ExitCodes.OK);
            asked.clear();
        }
    }

    @Test
    @Tag("slow")
    void a_job_that_pauses_for_its_disk_is_waited_for() {
        for (Condition condition : Condition.values()) {
            watching(condition, Duration.ofMinutes(1));
            become(paused(job(1, TransferState.DOWNLOADING), ErrorCode.DISK_FULL), job(2, TransferState.COMPLETE));

            pass(Duration.ofHours(10));

            assertThat(asked).as(condition.name()).isEmpty();
        }
    }

    @Test
    void a_job_that_is_removed_is_not_waited_for() {
        watching(Condition.DONE, Duration.ZERO);
        become(job(1, TransferState.WAITING_FOR_FRIEND));
        pass(SECOND);
        assertThat(asked).isEmpty();

        catalogue = catalogue.with(new TransferRemoved(job(1, TransferState.WAITING_FOR_FRIEND)), Instant.EPOCH);
        pass(SECOND);

        assertThat(asked).hasSize(1);
    }

    @Test
    void without_any_job_somebody_has_half_a_minute_to_ask_for_one() {
        watching(Condition.DONE, Duration.ZERO);

        pass(Unattended.FIRST_JOB.minus(SECOND));
        assertThat(asked).isEmpty();
        pass(SECOND);

        assertThat(asked).hasSize(1);
    }

    @Test
    void idle_is_a_minute_in_which_nothing_is_got_hashed_or_given() {
        watching(Condition.IDLE, Duration.ofMinutes(1));
        become(share(1, TransferState.HASHING));
        pass(Duration.ofMinutes(5));
        become(share(1, TransferState.SEEDING));
        pass(Duration.ofSeconds(50));
        uploading(1, 1);
        pass(Duration.ofMinutes(5));
        uploading(1, 0);
        pass(Duration.ofSeconds(59));
        assertThat(asked).isEmpty();

        pass(SECOND);

        assertThat(asked).containsExactly("--exit-when idle");
    }

    @Test
    void seeded_is_once_the_youngest_was_offered_for_so_long_without_a_break() {
        watching(Condition.SEEDED, Duration.ofHours(2));
        become(share(1, TransferState.SEEDING), job(2, TransferState.DOWNLOADING));
        pass(Duration.ofHours(3));
        become(job(2, TransferState.COMPLETE), share(3, TransferState.SEEDING));
        pass(Duration.ofHours(1));
        become(share(3, TransferState.VERIFYING));
        pass(Duration.ofHours(2));
        become(share(3, TransferState.SEEDING));
        pass(Duration.ofHours(2));
        assertThat(asked).isEmpty();

        pass(SECOND);

        assertThat(asked).containsExactly("--exit-when seeded:7200s");
    }

    @Test
    void a_share_that_has_failed_was_not_seeded_and_the_exit_code_tells() {
        Unattended seeded = watching(Condition.SEEDED, Duration.ofHours(2));
        become(share(1, TransferState.SEEDING), failed(share(2, TransferState.SEEDING)));

        pass(Duration.ofHours(2).plus(SECOND));

        assertThat(asked).hasSize(1);
        assertThat(seeded.exitCode()).isEqualTo(ExitCodes.FAILED);
    }

    @Test
    void a_share_whose_files_went_or_were_changed_was_not_seeded() {
        for (TransferState state : List.of(TransferState.MISSING, TransferState.STALE)) {
            Unattended seeded = watching(Condition.SEEDED, Duration.ofHours(2));
            become(share(1, state));

            pass(Duration.ofHours(2).plus(SECOND));

            assertThat(seeded.exitCode()).as(state.name()).isEqualTo(ExitCodes.FAILED);
        }
    }

    @Test
    void a_job_whose_files_went_after_it_was_complete_was_done() {
        Unattended done = watching(Condition.DONE, Duration.ZERO);
        become(job(1, TransferState.MISSING));

        pass(SECOND);

        assertThat(asked).hasSize(1);
        assertThat(done.exitCode()).isEqualTo(ExitCodes.OK);
    }

    private Unattended watching(Condition condition, Duration span) {
        Unattended unattended = new Unattended(
                new ExitWhen(condition, span),
                why -> {
                    if (asked.isEmpty()) {
                        asked.add(why);
                    }
                },
                () -> now.toNanos());
        unattended.watch(() -> catalogue, timers, mailbox);
        return unattended;
    }

    private void become(Transfer... transfers) {
        for (Transfer transfer : transfers) {
            catalogue = catalogue.with(new TransferChanged(transfer), Instant.EPOCH);
        }
    }

    private void uploading(long id, long bytesPerSecond) {
        Progress progress = new Progress(9, 9, 0, bytesPerSecond, 0, List.of());
        catalogue = catalogue.with(new TransfersProgressed(Map.of(new TransferId(id), progress)), Instant.EPOCH);
    }

    private void pass(Duration time) {
        for (Duration end = now.plus(time); now.compareTo(end) < 0; ) {
            now = now.plus(SECOND);
            timers.advance(SECOND);
            threads.runAll();
        }
    }

    private static Transfer job(long id, TransferState state) {
        return transfer(id, Transfer.Kind.JOB, state);
    }

    private static Transfer share(long id, TransferState state) {
        return transfer(id, Transfer.Kind.SHARE, state);
    }

    private static Transfer failed(Transfer transfer) {
        return transfer.failed(new Failure(ErrorCode.DISK_FULL, "the disk is full", "", Instant.EPOCH));
    }

    private static Transfer paused(Transfer transfer, ErrorCode why) {
        return transfer.paused(new Failure(why, "it rests", "", Instant.EPOCH));
    }

    private static Transfer transfer(long id, Transfer.Kind kind, TransferState state) {
        return Transfer.of(
                new TransferId(id), kind, "name-" + id, Path.of("/place"), state, null, Instant.EPOCH, Audience.NOBODY);
    }
}

package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.SmallDisk;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bob gets a film from alice onto a disk that fills up, fails, turns read-only or is pulled out; once that is over, it comes to its end by itself. */
@Tag("faults")
class DiskFaultsIT {
    private static final int FILM_BYTES = 8_000_000;
    /** So that there is time for something to happen, on a busy machine too. */
    private static final int BYTES_PER_SECOND = 400_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private SmallDisk disk;
    private People people;
    private TestDaemon alice;
    private Path film;

    @BeforeEach
    void two_friends_and_a_disk() throws Exception {
        disk = SmallDisk.mounted(directory, 48);
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        film = Folders.file(directory.resolve("film.bin"), FILM_BYTES, 1);
        alice.share(film);
    }

    @AfterEach
    void stop() throws Exception {
        if (people != null) {
            people.close();
            disk.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"'1GiB, 5%', 2400000, beyond the", "0, 400000, the disk is full"})
    void a_disk_that_fills_up_lets_its_job_pause_while_others_go_on(String reserve, long left, String why)
            throws Exception {
        TestDaemon bob = begin(Map.of("disk.reserve", reserve));
        alice.share(Folders.file(directory.resolve("song.bin"), 300_000, 2));
        bob.untilListed(alice, "song.bin");
        Answer job = underWay(bob);

        disk.fill(left);
        Answer paused = untilPaused(bob, job);
        Answer other = bob.get("alice/song.bin");

        assertThat(paused.view("error").text("code")).isEqualTo("DISK_FULL");
        assertThat(paused.view("error").text("message")).contains(why);
        assertThat(other.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.call("transfer.get", Map.of("name", "#" + job.number("id")))
                        .text("state"))
                .isEqualTo("PAUSED");
        disk.clear();
        assertCompleted(bob, job);
    }

    @Test
    void a_disk_that_turns_read_only_lets_its_job_pause_until_it_can_be_written_again() throws Exception {
        TestDaemon bob = begin(Map.of());
        Answer job = underWay(bob);

        disk.makeReadOnly();
        Answer paused = untilPaused(bob, job);

        assertThat(paused.view("error").text("code")).isEqualTo("DISK_READ_ONLY");
        disk.makeWritable();
        assertCompleted(bob, job);
    }

    @Test
    void a_disk_that_is_pulled_out_leaves_its_mount_point_empty_and_the_job_goes_on_when_it_is_back() throws Exception {
        TestDaemon bob = begin(Map.of());
        Answer job = underWay(bob);

        disk.unmount();
        untilPaused(bob, job);
        bob.until("jobs", Map.of(), jobs -> jobs.fields().toString().contains("PATH_MISSING"));
        bob.stop();
        bob.start();
        bob.untilOnline();

        assertThat(bob.call("transfer.get", Map.of("name", "#" + job.number("id")))
                        .text("state"))
                .isEqualTo("PAUSED");
        assertThat(disk.path()).isEmptyDirectory();
        disk.mount();
        assertCompleted(bob, job);
    }

    @Test
    void a_job_does_not_begin_where_its_disk_was_mounted() throws Exception {
        TestDaemon bob = begin(Map.of());
        alice.stop();
        Answer job = want(bob);
        disk.unmount();

        alice.start();
        Answer paused = untilPaused(bob, job);

        assertThat(paused.view("error").text("code")).isEqualTo("PATH_MISSING");
        assertThat(disk.path()).isEmptyDirectory();
        disk.mount();
        assertCompleted(bob, job);
    }

    /** {@code fsync}: one alone, since a second tells nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"write,pwrite64,writev,pwritev,pwritev2:error=EIO", "fsync,fdatasync:error=EIO:when=1"})
    void a_disk_that_fails_lets_its_job_pause_until_it_does_no_more(String fault) throws Exception {
        TestDaemon bob = begin(Map.of());
        Answer job = underWay(bob);
        Path staged = disk.path().resolve(".bitween-" + job.text("hash")).resolve("film.bin");
        assertThat(staged).exists();

        Process strace = inject(staged, fault);
        limit(bob, 0);
        Answer paused = untilPaused(bob, job);
        strace.destroy();
        assertThat(strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(paused.view("error").text("code")).isEqualTo("DISK_WRITE");
        assertCompleted(bob, job);
    }

    @Test
    void what_cannot_be_read_of_what_stands_there_already_is_downloaded() throws Exception {
        TestDaemon bob = begin(Map.of());
        Path half = disk.path().resolve("film.bin");
        try (FileChannel content = FileChannel.open(film)) {
            Files.write(half, Channels.newInputStream(content).readNBytes(FILM_BYTES / 2));
        }

        Process strace = inject(half, "read,pread64,readv,sendfile,copy_file_range:error=EIO");
        Answer done = bob.settled(want(bob));
        strace.destroy();
        assertThat(strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(done.text("state")).isEqualTo("COMPLETE");
        Path place = Path.of(done.text("place"));
        assertThat(place).hasSameBinaryContentAs(film).isNotEqualTo(half);
        assertThat(half).hasSize(FILM_BYTES / 2);
        assertThat(disk.path().resolve(".bitween-" + done.text("hash"))).doesNotExist();
    }

    /** Both flushes of the last step, and then that of the next attempt, for which it has to be written anew. */
    @Test
    void what_a_disk_failed_to_write_at_the_end_is_written_again_before_it_is_believed() throws Exception {
        TestDaemon bob = begin(Map.of());
        Answer job = underWay(bob);
        Path staged = disk.path().resolve(".bitween-" + job.text("hash")).resolve("film.bin");

        Process strace = inject(staged, "fsync,pwrite64:error=EIO:when=2..3", "fsync");
        assertCompleted(bob, job);
        strace.destroy();
        assertThat(strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        List<String> calls = Files.readAllLines(directory.resolve("strace"));
        int failed = last(calls, call -> call.contains("fsync(") && call.contains("EIO"));
        int flushed = last(calls, call -> call.contains("fsync(") && call.endsWith("= 0"));
        assertThat(calls).filteredOn(call -> call.contains("EIO")).hasSize(2);
        assertThat(flushed).isGreaterThan(failed);
        assertThat(calls.subList(failed, flushed).stream()
                        .filter(call -> call.contains("pwrite64("))
                        .mapToLong(call -> Long.parseLong(call.substring(call.lastIndexOf(' ') + 1)))
                        .sum())
                .isEqualTo(FILM_BYTES);
    }

    private static int last(List<String> calls, Predicate<String> wanted) {
        return IntStream.range(0, calls.size())
                .filter(i -> wanted.test(calls.get(i)))
                .reduce(-1, (before, now) -> now);
    }

    private TestDaemon begin(Map<String, ?> settings) {
        TestDaemon bob = people.start("bob", settings);
        bob.befriend(alice);
        bob.untilListed(alice, "film.bin");
        limit(bob, BYTES_PER_SECOND);
        return bob;
    }

    private static void limit(TestDaemon bob, long bytesPerSecond) {
        bob.call("friend.limit", Map.of("friend", "alice", "down", bytesPerSecond));
    }

    private Answer want(TestDaemon bob) {
        return bob.call(
                        "job.get",
                        Map.of("ref", "alice/film.bin", "to", disk.path().toString()))
                .view("transfer");
    }

    /** Some of it is here, and not all. */
    private Answer underWay(TestDaemon bob) {
        Answer job = want(bob);
        return bob.until(
                "transfer.get",
                Map.of("name", "#" + job.number("id")),
                now -> now.text("state").equals("DOWNLOADING") && now.number("doneBytes") > 500_000);
    }

    private Answer untilPaused(TestDaemon bob, Answer job) {
        return bob.until("transfer.get", Map.of("name", "#" + job.number("id")), now -> {
            assertThat(now.text("state")).isNotEqualTo("FAILED");
            return now.text("state").equals("PAUSED");
        });
    }

    private void assertCompleted(TestDaemon bob, Answer job) {
        limit(bob, 0);
        Answer done = bob.settled(job);
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(disk.path().resolve("film.bin")).hasSameBinaryContentAs(film);
        assertThat(disk.path().resolve(".bitween-" + job.text("hash"))).doesNotExist();
    }

    /** Of this process, since bob is in it: what libtorrent and the JVM do with the file. */
    private Process inject(Path file, String fault) throws IOException, InterruptedException {
        return inject(file, fault, fault.substring(0, fault.indexOf(':')));
    }

    /** @param failing which of the calls that are traced */
    private Process inject(Path file, String fault, String failing) throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is missing");
        String calls = fault.substring(0, fault.indexOf(':'));
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-q",
                        "-p",
                        Long.toString(self),
                        "-P",
                        file.toString(),
                        "-e",
                        "trace=" + calls,
                        "-e",
                        "inject=" + failing + fault.substring(calls.length()),
                        "-o",
                        directory.resolve("strace").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("strace.out").toFile())
                .start();
        Awaitility.await("strace is attached")
                .atMost(PATIENCE)
                .until(() -> Files.readString(Path.of("/proc/self/status")).contains("TracerPid:\t" + strace.pid()));
        return strace;
    }
}

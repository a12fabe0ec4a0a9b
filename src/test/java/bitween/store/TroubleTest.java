package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.sqlite.SQLiteConfig;

/** The database while its disk is full or read-only, or another process holds it: each made so for real. */
@ExpectedErrors({"Trouble: nothing is stored any more", "Database: .* was not closed cleanly", "SQLiteException"})
class TroubleTest {
    private static final Jid BOB = new Jid("bob@example.org");
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final int ROOT = 0;
    private static final Duration LOCK_WAIT = Duration.ofMillis(700);

    @TempDir(factory = TempDirFactory.Standard.class)
    Path temp;

    private final List<Path> mounted = new ArrayList<>();

    @AfterEach
    void unmount() throws Exception {
        for (Path place : mounted) {
            run("umount", place.toString());
        }
    }

    @Test
    @Timeout(30)
    @Tag("slow")
    void while_another_process_holds_it_it_is_read_and_what_is_new_is_refused_soon() throws Exception {
        try (Database database = open(temp)) {
            FriendStore friends = new FriendStore(database);
            friends.saveBlocked(BOB, true, NOW);
            Process other = holder(database.file());
            long begin = System.nanoTime();
            assertRefused(database, ErrorCode.STORE_LOCKED, "another program holds the database");
            long first = System.nanoTime();
            assertRefused(database, ErrorCode.STORE_LOCKED, "another program holds the database");
            long second = System.nanoTime();

            assertThat(Duration.ofNanos(first - begin)).isGreaterThanOrEqualTo(LOCK_WAIT);
            assertThat(Duration.ofNanos(second - first)).isLessThan(LOCK_WAIT);
            assertThat(friends.blocked()).containsKey(BOB);
            database.tryAgain();
            assertThat(Objects.requireNonNull(database.trouble()).code()).isEqualTo(ErrorCode.STORE_LOCKED);

            other.destroyForcibly().waitFor();
            database.tryAgain();
            assertThat(database.trouble()).isNull();
            friends.removeBlocked(BOB);
            assertThat(friends.blocked()).isEmpty();
        }
    }

    @Test
    @Timeout(30)
    void whoever_waits_for_another_process_gives_up_at_once_when_there_is_a_hurry() throws Exception {
        try (Database database = Database.open(
                temp.resolve("bitween.db"), temp.resolve("native"), Clock.systemUTC(), Duration.ofMinutes(1))) {
            Process other = holder(database.file());
            FriendStore friends = new FriendStore(database);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> friends.saveBlocked(BOB, true, NOW));
            assertThat(waiting).isNotDone();

            database.hurry();

            assertThat(waiting)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withMessageContaining("another program holds the database");
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    @Tag("slow")
    void what_is_announced_counts_on_while_nothing_can_be_stored() throws Exception {
        try (Database database = open(temp)) {
            TrustStore trust = new TrustStore(database);
            long before = trust.nextCounter(BOB, NOW);
            try (Connection other = Connections.writer(database.file())) {
                Database.execute(other, "begin exclusive");
                long during = trust.nextCounter(BOB, NOW);
                assertThat(during).isGreaterThan(before);
                assertThat(trust.nextCounter(BOB, NOW)).isGreaterThan(during);
                Database.execute(other, "rollback");
            }
            assertThat(trust.nextCounter(BOB, NOW)).isEqualTo(before + 3);
        }
    }

    @Test
    void while_the_disk_is_full_it_is_read_and_once_there_is_room_it_goes_on() throws Exception {
        Path place = mount("-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs");
        try (Database database = open(place)) {
            FriendStore friends = new FriendStore(database);
            friends.saveBlocked(BOB, true, NOW);
            Path ballast = place.resolve("ballast");
            fill(ballast);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            friends.saveBlocked(new Jid("u" + i + "@example.org"), true, NOW);
                        }
                    })
                    .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                    .returns(ErrorCode.DISK_FULL, UserException::code);
            assertThat(Objects.requireNonNull(database.trouble()).code()).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(friends.blocked()).containsKey(BOB);

            Files.delete(ballast);
            database.tryAgain();
            assertThat(database.trouble()).isNull();
            friends.removeBlocked(BOB);
            assertThat(friends.blocked()).doesNotContainKey(BOB);
        }
    }

    @Test
    void when_a_disk_with_errors_is_made_read_only_it_is_still_read() throws Exception {
        Path image = temp.resolve("disk");
        try (var file = Files.newByteChannel(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.position((16 << 20) - 1).write(ByteBuffer.allocate(1));
        }
        assumeTrue(PrivateFiles.uid() == ROOT, "only root may mount");
        assumeTrue(run("mkfs.ext4", "-q", image.toString()) == 0, "there is no mkfs.ext4");
        Path place = mount("-o", "loop,errors=remount-ro", image.toString());
        Path home = PrivateFiles.directory(place.resolve("home"));
        String device = Files.readAllLines(Path.of("/proc/mounts")).stream()
                .filter(line -> line.contains(" " + place + " "))
                .map(line -> line.substring("/dev/".length(), line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
        Path breaker = Path.of("/sys/fs/ext4", device, "trigger_fs_error");
        assumeTrue(Files.exists(breaker), "this kernel cannot break a file system on demand");
        try (Database database = open(home)) {
            FriendStore friends = new FriendStore(database);
            friends.saveBlocked(BOB, true, NOW);

            Files.writeString(breaker, "a test");

            assertRefused(database, ErrorCode.STORE_READ_ONLY, "cannot be opened for writing");
            assertThat(Objects.requireNonNull(database.trouble()).code()).isEqualTo(ErrorCode.STORE_READ_ONLY);
            assertThat(friends.blocked()).containsKey(BOB);
            database.tryAgain();
            assertThat(database.trouble()).isNotNull();
        }
    }

    private Database open(Path home) {
        return Database.open(home.resolve("data/bitween.db"), temp.resolve("native"), Clock.systemUTC(), LOCK_WAIT);
    }

    private static void assertRefused(Database database, ErrorCode code, String why) {
        assertThatThrownBy(() -> new FriendStore(database).saveBlocked(new Jid("eve@example.org"), true, NOW))
                .hasMessageContaining(why)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(code, UserException::code)
                .satisfies(refused -> assertThat(refused.hint()).isNotEmpty());
    }

    /** Another process that has begun an exclusive transaction. */
    private Process holder(Path file) throws IOException, URISyntaxException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        sourceOf(HolderMain.class) + File.pathSeparator + sourceOf(SQLiteConfig.class),
                        "-Dorg.sqlite.tmpdir=" + temp,
                        HolderMain.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
        return process;
    }

    private static Path sourceOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Holds a database until it is killed. */
    static final class HolderMain {
        private HolderMain() {}

        public static void main(String[] arguments) throws SQLException, IOException {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
                    var statement = connection.createStatement()) {
                statement.execute("begin exclusive");
                System.out.println("held");
                int unused = System.in.read();
            }
        }
    }

    private Path mount(String... options) throws Exception {
        assumeTrue(PrivateFiles.uid() == ROOT, "only root may mount");
        Path place = Files.createDirectory(temp.resolve("mounted"));
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(place.toString());
        assumeTrue(run(command.toArray(String[]::new)) == 0, "the system does not mount " + String.join(" ", options));
        mounted.add(place);
        return place;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return -1; // there is no such program
        }
    }

    /** To the last byte. */
    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[4_096];
            for (int i = 0; i < 1_000; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}

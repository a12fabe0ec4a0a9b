package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DeviceTrust;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits that turn on the disk, by seed: each start ends in what was once committed, with a word about what is missing, or in a refusal that says why. */
@ExpectedErrors("Opening: ")
class CorruptionTest {
    private static final Logger log = LogManager.getLogger(CorruptionTest.class);
    private static final int SEEDS = Boolean.getBoolean("bitween.long") ? 1_000 : 60;
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final int MAX_FLIPS = 8;

    @TempDir
    Path temp;

    private Path closed;
    private Path crashed;
    /** What the stores said after each commit. */
    private final Set<String> states = new HashSet<>();

    private String last = "";

    private enum Outcome {
        /** All is there. */
        WHOLE,
        /** An earlier state, and it is told. */
        TOLD,
        REFUSED,
        /** Something that was never committed. */
        WRONG
    }

    @BeforeEach
    void a_home_that_was_closed_and_one_that_crashed() throws IOException {
        Path home = temp.resolve("home");
        Path file = home.resolve("bitween.db");
        try (Database database = open(file)) {
            states.add(said(database));
            fill(database, 0, 20);
            new Backups(database, CLOCK, 0).takeIfDue();
        }
        try (Database database = open(file)) {
            fill(database, 20, 40);
            last = said(database);
            crashed = copied(home, "crashed");
        }
        closed = copied(home, "closed");
        assertThat(crashed.resolve("bitween.db-wal")).isNotEmptyFile();
    }

    @Test
    @Tag("slow")
    void a_file_that_was_closed_never_says_what_was_not_written() throws IOException {
        Map<Outcome, Integer> counts = each(closed, "bitween.db");

        assertThat(counts).doesNotContainKeys(Outcome.WRONG, Outcome.REFUSED, Outcome.WHOLE);
    }

    @Test
    @Tag("slow")
    void a_log_that_was_left_never_says_what_was_not_written_and_what_is_lost_of_it_is_told() throws IOException {
        Map<Outcome, Integer> counts = each(crashed, "bitween.db-wal");

        assertThat(counts).doesNotContainKeys(Outcome.WRONG, Outcome.REFUSED);
    }

    @Test
    @Tag("slow")
    void a_file_that_was_left_never_says_what_was_not_written() throws IOException {
        Map<Outcome, Integer> counts = each(crashed, "bitween.db");

        assertThat(counts).doesNotContainKeys(Outcome.WRONG, Outcome.REFUSED);
    }

    @Test
    @Tag("slow")
    void resume_data_are_given_out_as_they_were_or_not_at_all() throws IOException {
        int believed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path home = copied(closed, "resume-" + seed);
            try (Database database = open(home.resolve("bitween.db"))) {
                TorrentStore store = new TorrentStore(database);
                InfoHash hash = hash(seed % 40);
                Random random = new Random(seed);
                database.change(c -> {
                    byte[] row = Sql.first(c, "select data from resume where hash = ?", Sql::bytes, hash)
                            .orElseThrow()
                            .toArray();
                    flip(row, random);
                    Sql.update(c, "update resume set data = ? where hash = ?", Bytes.of(row), hash);
                });
                believed += store.resume().of(hash).isPresent() ? 1 : 0;
            }
            delete(home);
        }
        assertThat(believed).isZero();
    }

    private Map<Outcome, Integer> each(Path image, String target) throws IOException {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        List<Integer> wrong = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Path home = copied(image, target + "-" + seed);
            Path file = home.resolve(target);
            FileTime written = Files.getLastModifiedTime(file);
            byte[] bytes = Files.readAllBytes(file);
            flip(bytes, new Random(seed));
            Files.write(file, bytes);
            Files.setLastModifiedTime(file, written); // a disk that forgets does not say so
            Outcome outcome = outcome(home.resolve("bitween.db"), seed);
            counts.merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.WRONG) {
                wrong.add(seed);
            }
            delete(home);
        }
        log.info("{} of {} in seeds 0 to {}: {}, wrong {}", target, image.getFileName(), SEEDS - 1, counts, wrong);
        return counts;
    }

    private Outcome outcome(Path file, int seed) {
        try (Database database = open(file)) {
            String said = said(database);
            if (said.equals(last)) {
                return database.restored() == null ? Outcome.WHOLE : Outcome.TOLD;
            }
            if (states.contains(said) && database.restored() != null) {
                return Outcome.TOLD;
            }
            return Outcome.WRONG;
        } catch (UserException e) {
            assertThat(e.sentence()).as("REPRO: seed=" + seed).isNotEmpty();
            assertThat(e.hint()).as("REPRO: seed=" + seed).isNotEmpty();
            return Outcome.REFUSED;
        }
    }

    /** One to eight bits, anywhere. */
    private static void flip(byte[] bytes, Random random) {
        int flips = 1 + random.nextInt(MAX_FLIPS);
        for (int i = 0; i < flips; i++) {
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private void fill(Database database, int from, int to) {
        TorrentStore torrents = new TorrentStore(database);
        TrustStore trust = new TrustStore(database);
        FriendStore friends = new FriendStore(database);
        for (int i = from; i < to; i++) {
            Path place = Path.of("/srv/" + i);
            Share share = new Share("share " + i, hash(i), new ContentId("%064x".formatted(i)), i, 1);
            var id = torrents.insert(NewTransfer.share("share " + i, place, Audience.EVERYONE, NOW));
            states.add(said(database));
            torrents.update(
                    Transfer.of(
                                    id,
                                    Transfer.Kind.SHARE,
                                    "share " + i,
                                    place,
                                    TransferState.SEEDING,
                                    hash(i),
                                    NOW,
                                    Audience.EVERYONE)
                            .with(share),
                    Bytes.of(random(i, 2_000)),
                    Bytes.of(random(i, 32)),
                    NOW);
            states.add(said(database));
            torrents.resume().save(hash(i), Bytes.of(random(i, 300)));
            states.add(said(database));
            trust.save(new TrustStore.Pin(
                    new Device(jid(i), new DeviceId("%064x".formatted(i))),
                    null,
                    DeviceTrust.TRUSTED,
                    "first",
                    "laptop",
                    null,
                    i,
                    NOW));
            states.add(said(database));
            friends.saveBlocked(new Jid("blocked" + i + "@example.org"), true, NOW.plus(Duration.ofSeconds(i)));
            states.add(said(database));
        }
    }

    /** All that the stores say and somebody could act on. */
    private static String said(Database database) {
        TorrentStore torrents = new TorrentStore(database);
        StringBuilder said = new StringBuilder();
        for (StoredTransfer row : torrents.all()) {
            InfoHash hash = row.transfer().hash();
            said.append(row).append('\n');
            if (hash != null) {
                said.append(torrents.metadata(hash).map(bytes -> Arrays.hashCode(bytes.toArray())))
                        .append(torrents.digests(hash).map(bytes -> Arrays.hashCode(bytes.toArray())));
            }
        }
        said.append(new TrustStore(database).pins());
        return said.append(new FriendStore(database).blocked()).toString();
    }

    private static byte[] random(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static InfoHash hash(int number) {
        return new InfoHash("%040x".formatted(number));
    }

    private static Jid jid(int number) {
        return new Jid("friend" + number + "@example.org");
    }

    private Database open(Path file) {
        return Database.open(file, temp.resolve("native"), CLOCK);
    }

    private Path copied(Path from, String name) throws IOException {
        Path to = Files.createDirectory(
                temp.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

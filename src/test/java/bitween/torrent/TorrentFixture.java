package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.ExpectedErrors;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A torrent worker for each test, and what most tests do with it: also what makes jobs and shares fail, which is an error to their user. */
@ExpectedErrors({
    "JobQueue: [0-9a-f]{40} failed: ",
    "Sharing: #\\d+ cannot be shared: ",
    "Transfers: #\\d+ is not stored as failed: .*SQLITE_CONSTRAINT_TRIGGER"
})
abstract class TorrentFixture {
    /** Of something that nobody has. */
    static final InfoHash UNKNOWN = new InfoHash("a".repeat(40));

    @TempDir
    Path temp;

    TorrentWorld world;

    @BeforeEach
    void start() throws InterruptedException {
        world = new TorrentWorld(temp).started();
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** The process is gone without a stop, and another begins. */
    void restart() throws InterruptedException {
        world.close();
        start();
    }

    /** From a friend who is there and never gives the last byte. */
    Transfer downloading(HashedShare share) throws InterruptedException {
        world.engine.keepsQuietOn("download");
        Transfer job = world.begun(share);
        assertThat(job.state()).isEqualTo(TransferState.DOWNLOADING);
        return job;
    }

    /** Of one file, which does not fit into what is free. */
    InfoDictionary largerThanTheDisk() throws IOException {
        int piece = 16 << 20;
        long pieces = Files.getFileStore(temp).getTotalSpace() / piece + 1;
        return new InfoDictionary(
                "huge",
                piece,
                Bytes.of(new byte[(int) pieces * InfoDictionary.PIECE_HASH_BYTES]),
                false,
                List.of(new FileEntry(List.of("huge"), pieces * piece)),
                List.of(),
                Bytes.of(new byte[InfoDictionary.SALT_BYTES]));
    }

    static InfoHash hash(Transfer transfer) {
        return Objects.requireNonNull(transfer.hash());
    }

    static Failure failureOf(Transfer transfer) {
        return Objects.requireNonNull(transfer.failure());
    }
}

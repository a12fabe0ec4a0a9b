package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.SharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shares whose user says how long their pieces are. */
@Timeout(60)
class PiecesSaidTest extends TorrentFixture {
    private static final int LENGTH = 64 << 10;

    @Test
    void a_live_share_keeps_the_length_of_its_pieces() throws Exception {
        Path notes = world.folder("notes", 300_000, 5);
        Transfer first = world.until(share(notes, LENGTH).id(), TransferState.SEEDING);
        assertThat(pieceLength(first)).isEqualTo(LENGTH);
        Files.writeString(notes.resolve("file 1"), "changed");

        world.bus.publish(new FilesChanged(hash(first)));
        world.threads.runUntil(() -> {
            world.pass(Duration.ofSeconds(1));
            return !hash(first).equals(world.stored(first.id()).hash());
        });

        assertThat(pieceLength(world.stored(first.id()))).isEqualTo(LENGTH);
    }

    @Test
    void what_is_hashed_after_a_restart_has_it_too() throws Exception {
        Path notes = world.folder("notes", 300_000);
        Transfer begun = share(notes, LENGTH);

        restart();

        assertThat(pieceLength(world.until(begun.id(), TransferState.SEEDING))).isEqualTo(LENGTH);
    }

    @Test
    void a_length_that_is_none_or_comes_too_late_is_refused() throws Exception {
        Path notes = world.folder("notes", 300_000);
        assertThat(world.refusalOf(wish(notes, 100_000))).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(world.store.all()).isEmpty();
        world.shared(notes);

        assertThat(world.refusalOf(wish(notes, 2 * LENGTH))).isEqualTo(ErrorCode.ALREADY_SHARED);
    }

    private Transfer share(Path path, int length) throws InterruptedException {
        return world.ask(wish(path, length)).transfer();
    }

    private static SharePath wish(Path path, int length) {
        return new SharePath(path, null, Audience.EVERYONE, false, ShareMode.LIVE, null, length);
    }

    private int pieceLength(Transfer share) {
        return MetadataValidator.validate(world.store.metadata(hash(share)).orElseThrow(), hash(share))
                .pieceLength();
    }
}

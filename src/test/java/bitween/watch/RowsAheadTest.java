package bitween.watch;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.store.Database;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsAheadTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final List<InfoHash> HASHES = List.of(hash('a'), hash('b'), hash('c'));

    @TempDir
    Path temp;

    private Database database;
    private TorrentStore store;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("bitween.db"), temp.resolve("native"));
        store = new TorrentStore(database);
        HASHES.forEach(this::share);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_is_asked_for_in_order_was_read_at_once() {
        RowsAhead ahead = ahead();
        assertThat(ahead.metadata(HASHES.get(0))).contains(info(HASHES.get(0)));
        database.close();

        assertThat(ahead.metadata(HASHES.get(2))).contains(info(HASHES.get(2)));
        assertThat(ahead.metadata(HASHES.get(1))).contains(info(HASHES.get(1)));
    }

    @Test
    void what_is_asked_for_again_or_out_of_order_or_was_not_expected_is_read_as_well() {
        RowsAhead ahead = ahead();
        share(hash('d'));

        for (char digit : "caabdc".toCharArray()) {
            assertThat(ahead.metadata(hash(digit))).contains(info(hash(digit)));
        }
    }

    @Test
    void long_ones_come_as_memory_allows() {
        for (char digit : "1234".toCharArray()) {
            share(hash(digit), Bytes.of(new byte[3 << 20]));
        }
        RowsAhead ahead = ahead();

        for (char digit : "ab1234".toCharArray()) {
            assertThat(ahead.metadata(hash(digit)).map(Bytes::size)).contains(digit < 'a' ? 3 << 20 : 20);
        }
    }

    @Test
    void stamps_come_with_the_metadata() {
        for (char digit : "abc".toCharArray()) {
            store.saveStamps(hash(digit), Bytes.of(new byte[] {(byte) digit}));
        }
        RowsAhead ahead = ahead();
        share(hash('d'));
        store.saveStamps(hash('d'), Bytes.of(new byte[] {'d'}));

        for (char digit : "abdc".toCharArray()) {
            assertThat(ahead.metadata(hash(digit))).contains(info(hash(digit)));
            assertThat(ahead.stamps(hash(digit))).contains(Bytes.of(new byte[] {(byte) digit}));
        }
    }

    @Test
    void what_is_not_there_is_not_found() {
        RowsAhead ahead = ahead();
        store.remove(store.all().get(1).transfer().id());

        assertThat(ahead.metadata(HASHES.get(1))).isEmpty();
        assertThat(ahead.metadata(hash('e'))).isEmpty();
        assertThat(ahead.metadata(HASHES.get(0))).contains(info(HASHES.get(0)));
    }

    private RowsAhead ahead() {
        return new RowsAhead(
                store,
                store.all().stream()
                        .map(stored -> Objects.requireNonNull(stored.transfer().hash()))
                        .toList());
    }

    private void share(InfoHash hash) {
        share(hash, info(hash));
    }

    private void share(InfoHash hash, Bytes info) {
        Path place = temp.resolve(hash.hex());
        TransferId id = store.insert(NewTransfer.share(hash.hex(), place, Audience.EVERYONE, NOW));
        Transfer share = Transfer.of(
                id, Transfer.Kind.SHARE, hash.hex(), place, TransferState.SEEDING, null, NOW, Audience.EVERYONE);
        store.update(
                share.with(new Share(hash.hex(), hash, new ContentId("f".repeat(64)), 5, 1)), info, Bytes.EMPTY, NOW);
    }

    private static InfoHash hash(char digit) {
        return new InfoHash(String.valueOf(digit).repeat(40));
    }

    private static Bytes info(InfoHash hash) {
        return Bytes.of(hash.bytes());
    }
}

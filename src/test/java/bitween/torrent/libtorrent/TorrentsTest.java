package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import org.junit.jupiter.api.Test;

class TorrentsTest {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final PeerAddress ALICE = PeerAddress.parse("127.77.1.0:2000");
    private static final PeerAddress BOB = PeerAddress.parse("127.77.1.1:2001");

    private final Torrents torrents = new Torrents();

    @Test
    void a_source_is_the_only_one_until_there_is_another() {
        torrents.add(HASH, () -> {});

        assertThat(isInOrder(ALICE)).isTrue();
        assertThat(isInOrder(ALICE)).as("again").isTrue();
        assertThat(isInOrder(BOB)).isFalse();
        assertThat(isInOrder(ALICE)).isFalse();
    }

    @Test
    void what_is_to_come_last_is_not_asked_for_in_order() {
        torrents.add(HASH, () -> {});

        torrents.setRanked(HASH, true);

        assertThat(isInOrder(ALICE)).isFalse();
    }

    @Test
    void a_torrent_that_is_unknown_has_no_source() {
        assertThat(isInOrder(ALICE)).isFalse();
    }

    private boolean isInOrder(PeerAddress source) {
        torrents.addSource(HASH, source);
        return torrents.isInOrder(HASH);
    }
}

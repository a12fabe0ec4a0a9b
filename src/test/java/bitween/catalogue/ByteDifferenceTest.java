package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.UserException;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ByteDifferenceTest {
    private static final int LIMIT = 1 << 20;
    private static final int MANY = 100_000;

    @Property(tries = 300)
    void what_was_made_of_two_documents_makes_the_second_of_the_first(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] before = new byte[random.nextInt(3_000)];
        random.nextBytes(before);
        if (random.nextBoolean()) {
            Arrays.fill(before, (byte) random.nextInt(2)); // all alike
        }
        byte[] after = edited(before, random);

        Bytes difference = ByteDifference.between(Bytes.of(before), Bytes.of(after));

        assertThat(ByteDifference.apply(Bytes.of(before), difference, LIMIT))
                .as("seed %s", seed)
                .isEqualTo(Bytes.of(after));
    }

    @Test
    @Tag("slow")
    void a_file_more_among_a_hundred_thousand_costs_a_few_bytes_in_the_info_dictionary_and_in_the_digests() {
        Random random = new Random(1);
        List<FileEntry> files = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            files.add(
                    new FileEntry(List.of("of %03d".formatted(i / 100), "file %07d.txt".formatted(i)), 1_000 + i % 9));
        }
        byte[] pieces = new byte[20 * 400];
        random.nextBytes(pieces);
        Bytes before = info(files, pieces, 1);
        files.add(50_001, new FileEntry(List.of("of 500", "file 0050000a.txt"), 9));
        random.nextBytes(pieces); // nearly all of them, as what follows has moved
        Bytes after = info(files, pieces, 2);
        byte[] digests = new byte[32 * MANY];
        random.nextBytes(digests);
        byte[] more = new byte[32 * (MANY + 1)];
        random.nextBytes(more);
        System.arraycopy(digests, 0, more, 0, 32 * 50_000);
        System.arraycopy(digests, 32 * 50_000, more, 32 * 50_001, 32 * 50_000);

        Bytes info = Compressed.deflate(ByteDifference.between(before, after));
        Bytes sums = Compressed.deflate(ByteDifference.between(Bytes.of(digests), Bytes.of(more)));

        assertThat(info.size()).isLessThan(9_000);
        assertThat(sums.size()).isLessThan(200);
        assertThat(Compressed.deflate(after).size()).isGreaterThan(100_000);
        assertThat(ByteDifference.apply(before, ByteDifference.between(before, after), 32 << 20))
                .isEqualTo(after);
    }

    @Test
    void lies_are_refused() {
        Bytes held = Bytes.of(new byte[100]);
        refused(held, Bytes.EMPTY, "");
        refused(held, new BencodeWriter().beginList().end().toBytes(), "");
        refused(held, pair(0, 101), "takes what is not held");
        refused(held, pair(-1, 1), "takes what is not held");
        refused(held, pair(1, -1), "takes what is not held");
        refused(held, pair(Long.MAX_VALUE, 2), "takes what is not held");
        refused(held, pair(0, 100), "not what was meant");
        BencodeWriter bomb = new BencodeWriter().beginList().string(Bytes.of(new byte[32]));
        bomb.string(Bytes.EMPTY);
        for (int i = 0; i <= LIMIT / 100; i++) {
            bomb.integer(0).integer(100).string(Bytes.EMPTY);
        }
        refused(held, bomb.end().toBytes(), "more than " + LIMIT);
    }

    private static Bytes pair(long offset, long length) {
        return new BencodeWriter()
                .beginList()
                .string(Bytes.of(new byte[32]))
                .string(Bytes.EMPTY)
                .integer(offset)
                .integer(length)
                .string(Bytes.EMPTY)
                .end()
                .toBytes();
    }

    private static void refused(Bytes held, Bytes difference, String why) {
        assertThatThrownBy(() -> ByteDifference.apply(held, difference, LIMIT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("broken difference")
                .hasMessageContaining(why);
    }

    private static byte[] edited(byte[] before, Random random) {
        byte[] after = before.clone();
        for (int edit = random.nextInt(5); edit > 0; edit--) {
            int at = random.nextInt(after.length + 1);
            int cut = Math.min(random.nextInt(40), after.length - at);
            byte[] fresh = new byte[random.nextInt(40)];
            random.nextBytes(fresh);
            byte[] next = new byte[after.length - cut + fresh.length];
            System.arraycopy(after, 0, next, 0, at);
            System.arraycopy(fresh, 0, next, at, fresh.length);
            System.arraycopy(after, at + cut, next, at + fresh.length, after.length - at - cut);
            after = next;
        }
        return after;
    }

    private static Bytes info(List<FileEntry> files, byte[] pieces, int salt) {
        byte[] bytes = new byte[16];
        new Random(salt).nextBytes(bytes);
        long total = files.stream().mapToLong(FileEntry::sizeBytes).sum();
        int count = (int) ((total + (256 << 10) - 1) / (256 << 10));
        return new InfoDictionary(
                        "notes",
                        256 << 10,
                        Bytes.of(Arrays.copyOf(pieces, 20 * count)),
                        true,
                        files,
                        List.of(),
                        Bytes.of(bytes))
                .encoded();
    }
}

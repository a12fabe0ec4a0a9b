package bitween.torrent.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libtorrent4j.swig.bdecode_node;
import org.libtorrent4j.swig.byte_vector;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.file_storage;
import org.libtorrent4j.swig.torrent_info;

/** What we accept, libtorrent takes over unaltered. Parses only: no session, so no signal handlers. */
class ValidatorMatchesLibtorrentIT {
    private static final long SEED = 20_261_121;

    /** What names are made of: the usual, what other systems dislike, what deceives, what is long in UTF-8, and what libtorrent treats specially. */
    private static final List<String> PARTS = List.of(
            "a",
            "B",
            "README",
            "readme",
            ".",
            "..",
            "...",
            " ",
            "-",
            "_",
            "~",
            "$",
            "%",
            "&",
            "'",
            "\"",
            "*",
            "?",
            "<",
            ">",
            "|",
            ":",
            ";",
            ".txt",
            ".tar.gz",
            ".JPG",
            "CON",
            "nul",
            "ä",
            "Ö",
            "ß",
            "é",
            "e\u0301",
            "日本",
            "한글",
            "عربى",
            "😀",
            "👩‍👩‍👧",
            "🇩🇪",
            "\ud834\udd1e",
            "\u200b",
            "\u00a0",
            "\ufeff",
            "\u3000",
            "\ue000",
            "\uffff",
            "_____padding_file_",
            ".pad",
            "/",
            "\\",
            "\n",
            "\u001b",
            "\u007f",
            "\u009b",
            "\u202e",
            "\u2066",
            "\u200e",
            "x".repeat(60),
            "x".repeat(119),
            "ü".repeat(59),
            "😀".repeat(30),
            "é".repeat(119) + "y");

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        if (System.getProperty("libtorrent4j.jni.path") != null) {
            return;
        }
        Path library = directory.resolve("libtorrent4j.so");
        try (InputStream jar = ValidatorMatchesLibtorrentIT.class.getResourceAsStream("/lib/x86_64/libtorrent4j.so")) {
            Files.copy(
                    Objects.requireNonNull(jar, "the jar with the native library is not on the class path"), library);
        }
        System.setProperty("libtorrent4j.jni.path", library.toString());
    }

    @Test
    void names_that_we_accept_are_kept_byte_by_byte() {
        Random random = new Random(SEED);
        int accepted = 0;
        for (int i = 0; i < 1_500; i++) {
            String name = name(random);
            accepted += checked(List.of(new FileEntry(List.of(name), 1)), name, false) ? 1 : 0;
            accepted += checked(List.of(new FileEntry(List.of(name, name), 1)), "share", true) ? 1 : 0;
        }

        assertThat(accepted).as("accepted of 3,000").isBetween(800, 2_800);
    }

    @Test
    void names_of_every_length_around_the_limit_are_kept_or_refused() {
        for (String extension : List.of("", ".txt", ".d", ".jpeg", ".x.y.z", ".tenletters")) {
            for (String letter : List.of("a", "ü", "日", "😀")) {
                for (int bytes = 225; bytes < 260; bytes++) {
                    int room = bytes - extension.length();
                    String name = letter.repeat(room / letter.getBytes(UTF_8).length)
                            + "a".repeat(room % letter.getBytes(UTF_8).length)
                            + extension;

                    boolean accepted = checked(List.of(new FileEntry(List.of(name), 1)), "s", true);

                    assertThat(accepted).as(name).isEqualTo(bytes <= Names.MAX_ELEMENT_BYTES);
                }
            }
        }
    }

    @Test
    void folders_that_we_accept_are_kept_file_by_file() {
        Random random = new Random(SEED);
        int accepted = 0;
        for (int i = 0; i < 1_000; i++) {
            TreeSet<List<String>> paths = new TreeSet<>(PathOrder.PATHS);
            for (int files = 1 + random.nextInt(8); files > 0; files--) {
                List<String> path = new ArrayList<>();
                for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
                    path.add(
                            random.nextInt(10) > 0
                                    ? List.of("a", "A", "b", "ä", "Ä", "😀", "s")
                                            .get(random.nextInt(7))
                                    : name(random));
                }
                paths.add(path);
            }
            List<FileEntry> files = paths.stream()
                    .map(path -> new FileEntry(path, random.nextInt(3) * 100_000L + 1))
                    .toList();
            accepted += checked(files, "s", true) ? 1 : 0;
        }

        assertThat(accepted).as("accepted of 1,000").isBetween(300, 950);
    }

    @Test
    void the_largest_that_we_accept_libtorrent_accepts_within_seconds() {
        List<FileEntry> files = IntStream.range(0, 221_000)
                .mapToObj(i -> new FileEntry(List.of("d" + (100_000 + i * 10 / 45), "f" + (1_000_000 + i)), 1))
                .toList();
        long start = cpuNanos();

        assertThat(checked(files, "s", true)).isTrue();

        assertThat(cpuNanos() - start).isLessThan(60_000_000_000L);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** @return whether we accept it; if we do, libtorrent was seen to keep everything as it is */
    private static boolean checked(List<FileEntry> files, String name, boolean folder) {
        Bytes info = written(files, name, folder);
        Optional<InfoDictionary> ours = validated(info);
        ours.ifPresent(dictionary -> assertKept(dictionary, info));
        return ours.isPresent();
    }

    private static Optional<InfoDictionary> validated(Bytes info) {
        try {
            return Optional.of(MetadataValidator.validate(info, Samples.hash(info)));
        } catch (UserException e) {
            return Optional.empty();
        }
    }

    private static void assertKept(InfoDictionary ours, Bytes info) {
        torrent_info parsed = parsed(info);
        try {
            assertThat(parsed.num_files()).isEqualTo(ours.files().size());
            assertThat(parsed.total_size()).isEqualTo(ours.totalBytes());
            assertThat(parsed.num_pieces()).isEqualTo(ours.pieceCount());
            assertThat(parsed.name()).isEqualTo(throughBindings(ours.name()));
            assertFilesKept(ours, parsed.files());
        } finally {
            // its finalizer frees the files too
            Reference.reachabilityFence(parsed);
        }
    }

    private static void assertFilesKept(InfoDictionary ours, file_storage theirs) {
        for (int i = 0; i < ours.files().size(); i++) {
            FileEntry file = ours.files().get(i);
            String path = String.join("/", file.path());
            assertThat(theirs.file_path(i)).isEqualTo(throughBindings(ours.folder() ? ours.name() + "/" + path : path));
            assertThat(theirs.file_size(i)).isEqualTo(file.sizeBytes());
            assertThat(theirs.pad_file_at(i)).isFalse();
        }
    }

    private static torrent_info parsed(Bytes info) {
        byte_vector bytes = new byte_vector(torrent(info));
        bdecode_node node = new bdecode_node();
        error_code error = new error_code();
        assertThat(bdecode_node.bdecode(bytes, node, error)).as(error.message()).isZero();
        torrent_info parsed = new torrent_info(node, error);
        assertThat(error.value()).as(error.message()).isZero();
        bytes.clear();
        return parsed;
    }

    private static byte[] torrent(Bytes info) {
        byte[] start = "d4:info".getBytes(UTF_8);
        byte[] torrent = new byte[start.length + info.size() + 1];
        System.arraycopy(start, 0, torrent, 0, start.length);
        System.arraycopy(info.toArray(), 0, torrent, start.length, info.size());
        torrent[torrent.length - 1] = 'e';
        return torrent;
    }

    /** What the bindings, which garble emoji, make of a native string with these characters: the same garbage for the same bytes. */
    private static String throughBindings(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        byte_vector bytes =
                new byte_vector(new BencodeWriter().text(text).toBytes().toArray());
        bdecode_node node = new bdecode_node();
        bdecode_node.bdecode(bytes, node, new error_code());
        String garbled = node.string_value_ex();
        bytes.clear();
        return garbled;
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
            name.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return name.toString();
    }

    /** Not by way of {@link InfoDictionary}, which would refuse what is to be refused. */
    private static Bytes written(List<FileEntry> files, String name, boolean folder) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        if (folder) {
            writer.key("files").beginList();
            for (FileEntry file : files) {
                writer.beginDictionary()
                        .key("length")
                        .integer(file.sizeBytes())
                        .key("path")
                        .beginList();
                file.path().forEach(writer::text);
                writer.end().end();
            }
            writer.end();
        } else {
            writer.key("length").integer(files.get(0).sizeBytes());
        }
        return writer.key("name")
                .text(name)
                .key("piece length")
                .integer(Samples.PIECE)
                .key("pieces")
                .string(Samples.pieces(files))
                .key("private")
                .integer(1)
                .key("salt")
                .string(Samples.SALT)
                .end()
                .toBytes();
    }
}

package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.LeftOut;
import bitween.model.LeftOut.Reason;
import bitween.model.UserException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareScannerTest {
    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        directory = directory.toRealPath();
        root = Files.createDirectories(directory.resolve("home/photos"));
    }

    @Test
    void files_come_in_the_order_of_the_format_with_their_sizes() throws IOException {
        write("b/two", "22");
        write("z", "1");
        write("B/x/deep", "4444");
        write("Ärger 😀.txt", "");

        Scan scan = scan(root);

        assertThat(scan.name()).isEqualTo("photos");
        assertThat(scan.folder()).isTrue();
        assertThat(scan.files())
                .extracting(file -> file.entry().toString())
                .containsExactly(
                        new FileEntry(List.of("z"), 1).toString(),
                        new FileEntry(List.of("Ärger 😀.txt"), 0).toString(),
                        new FileEntry(List.of("B", "x", "deep"), 4).toString(),
                        new FileEntry(List.of("b", "two"), 2).toString());
        assertThat(scan.totalBytes()).isEqualTo(7);
        assertThat(scan.leftOut().first()).isEmpty();
    }

    @Test
    void a_file_is_shared_alone() throws IOException {
        write("a.txt", "abc");

        Scan scan = scan(root.resolve("a.txt"));

        assertThat(scan.folder()).isFalse();
        assertThat(scan.name()).isEqualTo("a.txt");
        assertThat(scan.files()).extracting(Scan.File::entry).containsExactly(new FileEntry(List.of("a.txt"), 3));
    }

    @Test
    void another_name_can_be_given() throws IOException {
        write("a.txt", "abc");

        Scan scan = scanner(false).scan(root.resolve("a.txt"), "b.txt", () -> false);

        assertThat(scan.files()).extracting(Scan.File::entry).containsExactly(new FileEntry(List.of("b.txt"), 3));
    }

    @Test
    void empty_folders_are_kept_and_an_empty_share_is_possible() throws IOException {
        assertThat(scan(root).files()).isEmpty();
        assertThat(scan(root).emptyFolders()).isEmpty();

        Files.createDirectories(root.resolve("x/y"));
        Files.createDirectories(root.resolve("a"));
        write("full/.hidden", "1");

        assertThat(scan(root).emptyFolders()).containsExactly(List.of("a"), List.of("full"), List.of("x", "y"));
    }

    @Test
    void hidden_files_are_shared_only_when_configured() throws IOException {
        write(".git/config", "1");
        write(".bashrc", "1");
        write("a", "1");
        write(".bitweenignore", "nothing");

        assertThat(paths(scan(root))).containsExactly("a");
        assertThat(scan(root).leftOut().first())
                .containsExactlyInAnyOrder(
                        new LeftOut.Thing(".git", Reason.HIDDEN),
                        new LeftOut.Thing(".bashrc", Reason.HIDDEN),
                        new LeftOut.Thing(".bitweenignore", Reason.IGNORE_FILE));
        assertThat(paths(scanner(true).scan(root, null, () -> false))).containsExactly(".bashrc", "a", ".git/config");
    }

    @Test
    void all_that_is_left_out_is_counted_and_the_first_are_named() throws IOException {
        for (int i = 0; i < 30; i++) {
            write("." + i, "1");
        }
        Files.createSymbolicLink(root.resolve("link"), directory);

        LeftOut leftOut = scan(root).leftOut();

        assertThat(leftOut.counts()).containsExactly(Map.entry(Reason.HIDDEN, 30), Map.entry(Reason.SYMBOLIC_LINK, 1));
        assertThat(leftOut.count()).isEqualTo(31);
        assertThat(leftOut.first()).hasSize(LeftOut.MAX_NAMED);
    }

    @Test
    void ignore_files_apply_below_their_folder() throws IOException {
        write(".bitweenignore", "*.tmp\n/build/\n");
        write("a.tmp", "1");
        write("a.txt", "1");
        write("build/out", "1");
        write("sub/build/out", "1");
        write("sub/.bitweenignore", "!keep.tmp\nout\n");
        write("sub/keep.tmp", "1");
        write("sub/lose.tmp", "1");

        Scan scan = scan(root);

        assertThat(paths(scan)).containsExactly("a.txt", "sub/keep.tmp");
        assertThat(scan.emptyFolders()).containsExactly(List.of("sub", "build"));
        assertThat(scan.leftOut().first())
                .contains(
                        new LeftOut.Thing("build", Reason.IGNORED), new LeftOut.Thing("sub/lose.tmp", Reason.IGNORED));
    }

    @Test
    void symbolic_links_in_a_folder_are_left_out() throws IOException {
        write("a", "1");
        Files.createSymbolicLink(root.resolve("out"), directory);
        Files.createSymbolicLink(root.resolve("loop"), root);
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));

        Scan scan = scan(root);

        assertThat(paths(scan)).containsExactly("a");
        assertThat(scan.leftOut().first())
                .containsExactly(
                        new LeftOut.Thing("dangling", Reason.SYMBOLIC_LINK),
                        new LeftOut.Thing("loop", Reason.SYMBOLIC_LINK),
                        new LeftOut.Thing("out", Reason.SYMBOLIC_LINK));
    }

    @Test
    void a_symbolic_link_that_is_shared_itself_is_followed() throws IOException {
        write("a", "1");
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);

        Scan scan = scan(link);

        assertThat(scan.name()).isEqualTo("link");
        assertThat(scan.root()).isEqualTo(root);
    }

    @Test
    void pipes_and_sockets_in_a_folder_are_left_out() throws Exception {
        run("mkfifo", root.resolve("pipe").toString());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));

            assertThat(scan(root).leftOut().first())
                    .containsExactly(
                            new LeftOut.Thing("pipe", Reason.SPECIAL_FILE),
                            new LeftOut.Thing("socket", Reason.SPECIAL_FILE));
        }
    }

    @Test
    void a_pipe_or_device_itself_is_refused() throws Exception {
        run("mkfifo", root.resolve("pipe").toString());

        assertRefused(() -> scan(root.resolve("pipe")), ErrorCode.PATH_REFUSED, "neither a file nor a folder");
        assertRefused(() -> scan(Path.of("/dev/null")), ErrorCode.PATH_REFUSED, "neither a file nor a folder");
    }

    @Test
    void what_the_system_makes_up_is_refused_and_an_empty_file_is_not() throws IOException {
        write("empty", "");

        assertRefused(() -> scan(Path.of("/proc/cpuinfo")), ErrorCode.PATH_REFUSED, "the system makes it up");
        assertRefused(() -> scan(Path.of("/proc/sys/kernel")), ErrorCode.PATH_REFUSED, "the system makes it up");
        assertThat(scan(root.resolve("empty")).totalBytes()).isZero();
        assertThat(SystemFiles.isLongerThanItSays(Path.of("/proc/cpuinfo"))).isTrue();
    }

    @Test
    void what_is_not_there_is_missing() throws IOException {
        write("a", "1");

        assertRefused(() -> scan(root.resolve("b")), ErrorCode.PATH_MISSING, "there is nothing at");
        assertRefused(() -> scan(root.resolve("a/b")), ErrorCode.PATH_MISSING, "there is nothing at");
    }

    @Test
    void the_disk_the_home_folder_and_our_own_folders_are_refused() throws IOException {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve(".bitween/data"));

        assertRefused(() -> scan(Path.of("/")), ErrorCode.PATH_REFUSED, "the whole disk");
        assertRefused(() -> scan(home), ErrorCode.PATH_REFUSED, "your home folder");
        assertRefused(() -> scan(directory), ErrorCode.PATH_REFUSED, "bitween's own");
        assertRefused(() -> scan(home.resolve(".bitween")), ErrorCode.PATH_REFUSED, "bitween's own");
        assertRefused(() -> scan(home.resolve(".bitween/data")), ErrorCode.PATH_REFUSED, "bitween's own");
        Files.createFile(home.resolve(".bitween/device.p12"));
        assertRefused(() -> scan(home.resolve(".bitween/device.p12")), ErrorCode.PATH_REFUSED, "bitween's own");
        assertRefused(
                () -> scan(Files.createSymbolicLink(directory.resolve("sly"), home)),
                ErrorCode.PATH_REFUSED,
                "your home folder");
    }

    @Test
    void downloads_are_shared_also_where_they_are_in_our_own_folder() throws IOException {
        Path got = Files.createDirectories(directory.resolve("home/.bitween/downloads/Holiday"));
        Files.writeString(got.resolve("a.txt"), "a");

        assertThat(scan(got).files()).hasSize(1);
    }

    @Test
    void an_unreadable_file_is_named() throws IOException {
        write("a", "1");
        write("secret", "1");
        ShareScanner scanner = new ShareScanner(rules(false), path -> !path.endsWith("secret"));

        assertRefused(() -> scanner.scan(root, null, () -> false), ErrorCode.PATH_UNREADABLE, "photos/secret'");
        assertRefused(
                () -> scanner.scan(root.resolve("secret"), null, () -> false), ErrorCode.PATH_UNREADABLE, "secret'");
    }

    @Test
    void names_that_would_not_survive_are_listed() throws IOException {
        write("ok", "1");
        write("a\nb", "1");
        write("x".repeat(241), "1");
        write("d/README", "1");
        write("d/readme", "1");
        write("d\\e/f", "1");

        assertRefused(
                () -> scan(root),
                ErrorCode.NAME_REFUSED,
                "'a\\u000ab' has the control character U+000A; ",
                "' is 241 bytes long, 240 are possible; ",
                "'d\\e' has a backslash",
                "'d/readme' differs from another in upper and lower case only");
    }

    @Test
    void a_name_that_is_not_utf8_is_listed() throws Exception {
        run("bash", "-c", "touch \"$0\"/$'bad\\xff'", root.toString());

        assertRefused(() -> scan(root), ErrorCode.NAME_REFUSED, "is not valid UTF-8");
    }

    @Test
    void only_the_first_bad_names_are_listed() throws IOException {
        for (int i = 0; i < 8; i++) {
            write("a\t" + i, "1");
        }

        assertRefused(() -> scan(root), ErrorCode.NAME_REFUSED, "; and 3 more");
    }

    @Test
    void a_folder_that_is_too_deep_is_refused() throws IOException {
        Files.createDirectories(root.resolve("d/".repeat(65)));

        assertRefused(() -> scan(root), ErrorCode.NAME_REFUSED, "is 65 levels deep");
    }

    @Test
    void a_bad_name_for_the_share_is_refused() throws IOException {
        Path bad = Files.createDirectories(directory.resolve("a\tb"));

        assertRefused(() -> scan(bad), ErrorCode.NAME_REFUSED, "a share cannot be called 'a\\u0009b'");
        assertThat(scanner(false).scan(bad, "fine", () -> false).name()).isEqualTo("fine");
    }

    @Test
    void a_scan_can_be_cancelled() throws IOException {
        write("a", "1");

        assertThatThrownBy(() -> scanner(false).scan(root, null, () -> true)).isInstanceOf(CancellationException.class);
    }

    private Scan scan(Path path) {
        return scanner(false).scan(path, null, () -> false);
    }

    private ShareScanner scanner(boolean hidden) {
        return new ShareScanner(rules(hidden));
    }

    private ShareScanner.Rules rules(boolean hidden) {
        Path home = directory.resolve("home");
        return new ShareScanner.Rules(
                ".bitweenignore", hidden, home, List.of(home.resolve(".bitween")), home.resolve(".bitween/downloads"));
    }

    private static List<String> paths(Scan scan) {
        return scan.files().stream()
                .map(file -> String.join("/", file.entry().path()))
                .toList();
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String... reasons) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(reasons);
    }
}

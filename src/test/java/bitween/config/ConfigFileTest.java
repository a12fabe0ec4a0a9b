package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bitween.config.Config.AddressRange;
import bitween.config.Config.HostPort;
import bitween.model.Audience;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    private static final Path USER = Path.of("/home/alice");
    private static final Home HOME = Home.in(Path.of("/h"));
    private static final Path FILE = Path.of("conf/bitween.toml");

    @TempDir
    Path temp;

    @Test
    void a_file_that_says_everything_is_understood() {
        Config config = parse("""
                [xmpp]
                jid = "Alice@example.org"
                password_file = "secret/password"
                server = "[2001:db8::1]:5223"
                ca_file = "~/ca.pem"
                certificate_sha256 = "AA:%s"
                [device]
                name = "laptop"
                [network]
                port = 6881
                last_port = 6889
                listen = "loopback"
                allow = ["loopback", "private"]
                port_mapping = false
                download_bytes_per_second = 1_000_000
                upload_bytes_per_second = 2147483647
                in_band = false
                in_band_bytes_per_second = 3000
                [downloads]
                directory = "/srv/in"
                active = 1
                [disk]
                reserve = "10 GB, 2%%"
                revisions = "20 GB"
                [sharing]
                audience = ["Everyone", "@family", "Bob@example.org"]
                ignore_file = ".gitignore"
                hidden = true
                look_seconds = 5
                [follow]
                notify = true
                [on]
                complete = "echo done"
                [control]
                autostart = true
                stop_seconds = 3
                """.formatted("bb".repeat(31)));

        assertThat(config)
                .isEqualTo(new Config(
                        new Config.Xmpp(
                                new Jid("alice@example.org"),
                                Path.of("/h/secret/password"),
                                new HostPort("2001:db8::1", 5223),
                                Path.of("/home/alice/ca.pem"),
                                "aa" + "bb".repeat(31)),
                        new Config.Device("laptop"),
                        new Config.Network(
                                6881,
                                6889,
                                true,
                                Set.of(AddressRange.LOOPBACK, AddressRange.PRIVATE),
                                false,
                                1_000_000,
                                2_147_483_647,
                                false,
                                3_000),
                        new Config.Downloads(Path.of("/srv/in"), 1),
                        new Config.Disk(new DiskReserve(10_000_000_000L, 2), 20_000_000_000L),
                        new Config.Sharing(
                                Audience.parse(List.of("everyone", "@family", "bob@example.org")),
                                ".gitignore",
                                true,
                                Duration.ofSeconds(5)),
                        new Config.Following(true),
                        new Config.On("echo done", null, null, null, null, null, null),
                        new Config.Control(true, Duration.ofSeconds(3))));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        0          | 0                   | 100
        1048576    | 1048576             | 100
        500MB      | 500000000           | 100
        1 GiB      | 1073741824          | 100
        2TiB       | 2199023255552       | 100
        5%         | 9223372036854775807 | 5
        0 %        | 9223372036854775807 | 0
        5%, 1GiB   | 1073741824          | 5
        """)
    void a_disks_reserve_is_a_size_a_part_or_the_smaller_of_both(String text, long bytes, int percent) {
        Config config = parse("[xmpp]\njid = \"a@b.c\"\n[disk]\nreserve = \"" + text + "\"\n");

        assertThat(config.disk().reserve()).isEqualTo(new DiskReserve(bytes, percent));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "much", "-1", "1GiB, 2GiB", "5%, 6%", "100%", "1GiB,", "99999999999TiB", "1 PB"})
    void what_is_no_reserve_of_a_disk_is_refused(String text) {
        assertThatThrownBy(() -> parse("[xmpp]\njid = \"a@b.c\"\n[disk]\nreserve = \"" + text + "\"\n"))
                .hasMessageContaining("disk.reserve must be a size such as");
    }

    @Test
    void the_keyring_takes_the_place_of_the_password_file() {
        Config config = ConfigFile.parse(
                Path.of("/h/bitween.toml"),
                "[xmpp]\njid = \"alice@example.org\"\nkeyring = true\n",
                Home.in(Path.of("/h")),
                Path.of("/home/alice"));

        assertThat(config.xmpp().passwordFile()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [network]#  port = 70000            | 4:10: network.port must be 0 to 65535, not 70000
        [network]#port = 9#last_port = 8    | 5:13: network.last_port must be 9 to 65535, not 8
        [network]#port = 0#last_port = 8    | 5:13: network.last_port needs a network.port other than 0
        [network]#last_port = 8             | 4:13: network.last_port needs a network.port other than 0
        [network]#port = -1                 | 4:8: network.port must be 0 to 65535, not -1
        [network]#port = "80"               | 4:8: network.port must be a whole number, not '80'
        [network]#port = 1.5                | 4:8: network.port must be a whole number, not 1.5
        [network]#listen = "lo"             | 4:10: network.listen must be "all" or "loopback", not 'lo'
        [network]#allow = "loopback"        | 4:9: network.allow must be a list of texts, ["…"], not 'loopback'
        [network]#allow = ["loopback", "x"] | 4:22: network.allow must list "loopback" or "private", not 'x'
        [network]#allow = [7]               | 4:10: network.allow must be a text in quotes, not 7
        [network]#upload_bytes_per_second = 2147483648 | 4:27: network.upload_bytes_per_second must be 0 to 2147483647, not 2147483648
        [device]#name = ""                  | 4:8: device.name must be 1 to 64 characters on one line, not ''
        [device]#name = "a\\nb"             | 4:8: device.name must be 1 to 64 characters on one line, not 'a b'
        [downloads]#active = 0              | 4:10: downloads.active must be 1 to 100, not 0
        [downloads]#directory = ""          | 4:13: downloads.directory must be a path, not ''
        [sharing]#audience = ["bob"]        | 4:13: sharing.audience must be everyone, an @group of the roster or an address, not 'bob'
        [sharing]#audience = ["@ "]         | 4:13: sharing.audience must have a group's name after the @, 1 to 1023 characters on one line, not '@ '
        [sharing]#hidden = "yes"            | 4:10: sharing.hidden must be true or false, not 'yes'
        [sharing]#ignore_file = "a/b"       | 4:15: sharing.ignore_file must be a file name without a path, not 'a/b'
        [control]#stop_seconds = 0          | 4:16: control.stop_seconds must be 1 to 120, not 0
        [control]#autostart = 1             | 4:13: control.autostart must be true or false, not 1
        [xmpp.server]                       | 3:1: xmpp.server must be a text in quotes, not a table
        [network]#port = = 1                | 4:8: Unexpected '=', expected a value
        [network]#port = 1#port = 2         | 5:1: port previously defined at line 4, column 1
        [network                            | 3:9: Unexpected end of line, expected ]
        """)
    void a_wrong_value_is_named_by_line_and_column(String lines, String expected) {
        String text = "[xmpp]\njid = \"alice@example.org\"\n" + lines.replace('#', '\n') + "\n";

        assertThatThrownBy(() -> parse(text))
                .hasMessage(FILE + ":" + expected)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_CONFIG, UserException::code);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        jid = "alice"        | 2:7: xmpp.jid: an XMPP address looks like name@example.org, not 'alice'
        jid = 5              | 2:7: xmpp.jid must be a text in quotes, not 5
        jid = "a@b.c"#server = "b.c"          | 3:10: xmpp.server must look like xmpp.example.org:5222 or [2001:db8::1]:5222, not 'b.c'
        jid = "a@b.c"#server = "b.c:0"        | 3:10: xmpp.server must look like xmpp.example.org:5222 or [2001:db8::1]:5222, not 'b.c:0'
        jid = "a@b.c"#server = "2001:db8::1:5222" | 3:10: xmpp.server must look like xmpp.example.org:5222 or [2001:db8::1]:5222, not '2001:db8::1:5222'
        jid = "a@b.c"#certificate_sha256 = "abc"  | 3:22: xmpp.certificate_sha256 must be a SHA-256: 64 hex digits, not 'abc'
        """)
    void a_wrong_account_is_named_by_line_and_column(String lines, String expected) {
        assertThatThrownBy(() -> parse("[xmpp]\n" + lines.replace('#', '\n') + "\n"))
                .hasMessage(FILE + ":" + expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [network]#prot = 1        | 4:1: there is no key network.prot | did you mean network.port?
        [network]#active = 1      | 4:1: there is no key network.active | did you mean downloads.active?
        [netwrok]#port = 1        | 3:1: there is no key netwrok | did you mean network?
        [downloads]#directroy = 1 | 4:1: there is no key downloads.directroy | did you mean downloads.directory?
        [downloads.deep]#er = 1   | 3:1: there is no key downloads.deep | the sample bitween.toml names every key
        [xmpp.more]#x = 1         | 3:1: there is no key xmpp.more | the sample bitween.toml names every key
        color = 'blue'            | 3:1: there is no key xmpp.color | the sample bitween.toml names every key
        "network.port" = 3        | 3:1: there is no key xmpp."network.port" | did you mean network.port?
        [[network]]               | 3:1: network must be a section, [network] | correct the file, then try again
        """)
    void an_unknown_key_is_named_with_the_one_that_was_meant(String lines, String expected, String hint) {
        String text = "[xmpp]\njid = \"alice@example.org\"\n" + lines.replace('#', '\n') + "\n";

        assertThatThrownBy(() -> parse(text))
                .hasMessage(FILE + ":" + expected)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(hint, UserException::hint);
    }

    @Test
    void everything_wrong_is_told_at_once_in_the_order_of_the_file() {
        assertThatThrownBy(() -> parse("[control]\nautostart = 1\n[xmpp]\n[network]\nport = -1\nprot = 2\n"))
                .hasMessage("conf/bitween.toml:2:13: control.autostart must be true or false, not 1"
                        + "; conf/bitween.toml:3:1: xmpp.jid is missing"
                        + "; conf/bitween.toml:5:8: network.port must be 0 to 65535, not -1"
                        + "; conf/bitween.toml:6:1: there is no key network.prot");
    }

    @Test
    void a_file_with_a_hundred_errors_is_not_told_whole() {
        assertThatThrownBy(() -> parse("[network]\nport = \"" + "x".repeat(5_000) + "\"\n" + manyUnknownKeys(100)))
                .satisfies(
                        e -> assertThat(e.getMessage()).hasSizeLessThan(1_500).endsWith(" more"));
    }

    @Test
    void the_device_is_called_as_the_machine_is() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();

        assertThat(parse("[xmpp]\njid = \"a@b.c\"\n").device().name()).isEqualTo(host.replaceFirst("\\..*", ""));
    }

    @Test
    void a_path_may_begin_at_home_or_beside_the_file() {
        Config config = parse("[xmpp]\njid = \"a@b.c\"\nca_file = \"../ca.pem\"\n[downloads]\ndirectory = \"~\"\n");

        assertThat(config.xmpp().caFile()).isEqualTo(Path.of("/ca.pem"));
        assertThat(config.downloads().directory()).isEqualTo(USER);
    }

    @Test
    void a_missing_file_asks_for_init() {
        Home home = Home.in(temp);

        assertThatThrownBy(() -> ConfigFile.load(home, USER))
                .hasMessage("there is no " + home.configFile())
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.NOT_CONFIGURED, UserException::code)
                .returns("run bitween init", UserException::hint);
    }

    @Test
    void a_file_that_is_no_text_is_refused() throws IOException {
        Home home = Home.in(temp);

        Files.write(home.configFile(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> ConfigFile.load(home, USER))
                .hasMessage(home.configFile() + ":1:1: the file is not UTF-8");

        Files.write(home.configFile(), "#".repeat(70_000).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ConfigFile.load(home, USER))
                .hasMessage(home.configFile() + ":1:1: the file has more than 65536 bytes");
    }

    @Test
    void init_writes_a_commented_file_that_says_what_it_was_given() throws IOException {
        Home home = Home.in(temp.resolve("home"));

        Config written = ConfigFile.write(
                home,
                USER,
                Map.of(
                        "xmpp.jid", "alice@example.org",
                        "xmpp.server", "localhost:5222",
                        "device.name", "the \"lap\\top\"",
                        "network.port", 5_000,
                        "network.allow", List.of("loopback")));

        assertThat(ConfigFile.load(home, USER)).isEqualTo(written);
        assertThat(written.xmpp().server()).isEqualTo(new HostPort("localhost", 5222));
        assertThat(written.device().name()).isEqualTo("the \"lap\\top\"");
        assertThat(written.network().port()).isEqualTo(5_000);
        assertThat(written.network().allow()).containsExactly(AddressRange.LOOPBACK);
        assertThat(Files.readAllLines(home.configFile()))
                .containsSequence(
                        "# What friends see. Default: this machine's host name.", "name = \"the \\\"lap\\\\top\\\"\"")
                .contains("port = 5000", "#hidden = false");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.configFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void init_refuses_a_wrong_value_and_writes_nothing() {
        Home home = Home.in(temp.resolve("home"));

        UserException refused = catchThrowableOfType(
                UserException.class,
                () -> ConfigFile.write(home, USER, Map.of("xmpp.jid", "alice@example.org", "network.port", 70_000)));

        assertThat(refused).hasMessageEndingWith("network.port must be 0 to 65535, not 70000");
        assertThat(home.configFile()).doesNotExist();
    }

    @Test
    void init_leaves_an_existing_file_alone() {
        Home home = Home.in(temp.resolve("home"));
        ConfigFile.write(home, USER, Map.of("xmpp.jid", "alice@example.org"));

        assertThatThrownBy(() -> ConfigFile.write(home, USER, Map.of("xmpp.jid", "bob@example.org")))
                .hasMessage(home.configFile() + " exists")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.ALREADY_CONFIGURED, UserException::code);
        assertThat(ConfigFile.load(home, USER).xmpp().jid()).isEqualTo(new Jid("alice@example.org"));
    }

    private static String manyUnknownKeys(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("[y").append(i).append("]\n");
        }
        return text.toString();
    }

    private static Config parse(String text) {
        return ConfigFile.parse(FILE, text, HOME, USER);
    }
}

package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import bitween.config.Config;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Jid;
import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody who takes our server's place and would like less than TLS and a password that stays with us. */
@Timeout(30)
class DowngradeTest extends ServerFixture {
    private static final String DOMAIN = "home.test";
    private static final Jid ALICE = new Jid("alice@" + DOMAIN);
    private static final String HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0' from='" + DOMAIN + "'>";
    private static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

    private EmbeddedXmppServer honest;
    private TestDevice laptop;

    /** What it says once {@code after} was heard. */
    private record Line(String after, String says) {}

    @BeforeEach
    void was_online_at_an_honest_server() throws IOException {
        honest = start(EmbeddedXmppServer.start(Set.of(DOMAIN), InetAddress.getLoopbackAddress(), 0));
        honest.addUser(ALICE.value(), PASSWORD);
        Path ca = directory.resolve("home.pem");
        honest.writeCa(ca);
        var server = new Config.HostPort("127.0.0.1", honest.port());
        laptop = TestDevice.start(new Config.Xmpp(ALICE, directory, server, ca, null), PASSWORD, "laptop")
                .online();
    }

    @AfterEach
    void leave() {
        laptop.close();
    }

    static Stream<Arguments> scripts() {
        Line starttls = features("<starttls xmlns='" + TLS + "'/>" + mechanisms("PLAIN"));
        return Stream.of(
                arguments(
                        "no TLS", List.of(features(mechanisms("SCRAM-SHA-1") + mechanisms("PLAIN"))), "no encryption"),
                arguments("a login without a password", List.of(features(mechanisms("ANONYMOUS"))), "no encryption"),
                arguments("success, unasked", List.of(success()), ""),
                arguments(
                        "TLS that fails",
                        List.of(starttls, new Line("<starttls", "<failure xmlns='" + TLS + "'/></stream:stream>")),
                        ""),
                arguments(
                        "TLS that is none",
                        List.of(
                                starttls,
                                new Line("<starttls", "<proceed xmlns='" + TLS + "'/>"),
                                new Line(
                                        "",
                                        HEADER + features(mechanisms("PLAIN")).says())),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    @Tag("slow")
    void gets_no_word_of_a_login(String name, List<Line> script, String reason) throws Exception {
        honest.stopAccepting();
        try (ServerSocket evil = listening(honest.port())) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            Thread thread = new Thread(() -> play(evil, script, heard), "evil-server");
            thread.setDaemon(true);
            thread.start();

            honest.dropConnections();

            ConnectionState state = awaitRefusal(reason);
            laptop.close();
            assertThat(state.status()).isEqualTo(Status.OFFLINE);
            assertThat(heard.get(10, TimeUnit.SECONDS))
                    .as(name)
                    .contains("<stream:stream")
                    .doesNotContain("<auth", "<iq", "<presence", PASSWORD);
        }
    }

    @Test
    @Tag("slow")
    void a_certificate_of_somebody_else_ends_it_for_now() throws IOException {
        honest.stopAccepting();
        EmbeddedXmppServer
                evil = // of other domains, too: servers of the same ones have one certificate in this process
                start(EmbeddedXmppServer.start(
                        Set.of(DOMAIN, "evil.test"), InetAddress.getLoopbackAddress(), honest.port()));
        evil.addUser(ALICE.value(), PASSWORD);

        honest.dropConnections();

        ConnectionState state = laptop.awaitOffline(ErrorCode.XMPP_CERTIFICATE);
        assertThat(failure(state).reason()).contains("not signed by an authority that is trusted");
        assertThat(evil.sessions()).isEmpty();
    }

    /** The first time that it was offline it was for the end of the honest server's connection. */
    private ConnectionState awaitRefusal(String reason) {
        if (!reason.isEmpty()) {
            ConnectionState state = laptop.awaitOffline(ErrorCode.XMPP_CERTIFICATE);
            assertThat(failure(state).reason()).contains(reason);
            return state;
        }
        laptop.awaitStatus(Status.CONNECTING);
        return laptop.awaitStatus(Status.OFFLINE);
    }

    private static Failure failure(ConnectionState state) {
        return Objects.requireNonNull(state.failure());
    }

    private static ServerSocket listening(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** @param heard everything that the first caller says until it leaves */
    private static void play(ServerSocket door, List<Line> script, CompletableFuture<String> heard) {
        StringBuilder all = new StringBuilder();
        try (Socket caller = door.accept()) {
            for (Line line : script) {
                while (all.indexOf(line.after) < 0 || !all.toString().endsWith(">")) {
                    listen(caller, all);
                }
                caller.getOutputStream().write(line.says.getBytes(StandardCharsets.UTF_8));
            }
            while (true) {
                listen(caller, all);
            }
        } catch (IOException e) {
            all.append(" and then ").append(e.getMessage()); // it hung up
        }
        heard.complete(all.toString());
    }

    private static void listen(Socket caller, StringBuilder all) throws IOException {
        byte[] buffer = new byte[4_096];
        int count = caller.getInputStream().read(buffer);
        if (count < 0) {
            throw new EOFException("nothing more");
        }
        all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
    }

    private static Line features(String features) {
        return new Line("<stream:stream", HEADER + "<stream:features>" + features + "</stream:features>");
    }

    private static Line success() {
        return new Line(
                "<stream:stream", HEADER + "<stream:features/><success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }

    private static String mechanisms(String mechanism) {
        return "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>" + mechanism
                + "</mechanism></mechanisms>";
    }
}

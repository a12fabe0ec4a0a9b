package bitween.link.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.PeerAddress;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UPnP against a router of the test's: it answers M-SEARCH by UDP, and describes itself and obeys by HTTP. */
@Timeout(30)
class IgdTest {
    private static final int PORT = 4_711;
    private static final String SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1";

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private HttpServer http;
    private FakeRouter ssdp;
    private String location;
    private String description = description("/ctl");
    private String externalIp = "203.0.113.9";
    private int closes;
    private int refuseLeases;
    private int redirect;

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(FakeRouter.loopback(), 0), 8);
        http.createContext("/", this::serve);
        http.start();
        location = "http://127.0.0.1:" + http.getAddress().getPort() + "/desc/igd.xml";
        ssdp = new FakeRouter(question ->
                List.of(("HTTP/1.1 200 OK\r\nST: x\r\nLocation: " + location + "\r\n\r\n").getBytes(UTF_8)));
    }

    @AfterEach
    void stop() {
        ssdp.close();
        http.stop(0);
    }

    @Test
    void a_router_forwards_and_takes_back() throws IOException {
        Igd igd = igd();

        Mapping granted = igd.map(PORT);
        igd.unmap(PORT);

        assertThat(granted).isEqualTo(new Mapping(PeerAddress.parse("203.0.113.9:4711"), Duration.ofHours(1)));
        assertThat(calls).hasSize(4);
        assertThat(calls.get(1))
                .startsWith("/ctl AddPortMapping")
                .contains(
                        "<NewInternalClient>127.0.0.1</NewInternalClient>",
                        "<NewLeaseDuration>3600</NewLeaseDuration>");
        assertThat(calls.get(2)).startsWith("/ctl GetExternalIPAddress");
        assertThat(calls.get(3))
                .startsWith("/ctl DeletePortMapping")
                .contains("<NewExternalPort>4711</NewExternalPort>");
        assertThat(new String(ssdp.heard.get(0).array(), UTF_8)).startsWith("M-SEARCH * HTTP/1.1\r\n");
    }

    @Test
    void a_router_that_only_forwards_for_good_is_asked_for_that() throws IOException {
        refuseLeases = 1;

        assertThat(igd().map(PORT).outside().port()).isEqualTo(PORT);
        assertThat(calls.get(2)).contains("<NewLeaseDuration>0</NewLeaseDuration>");
    }

    @Test
    void a_router_that_closes_the_connection_instead_of_answering_is_asked_once_more() throws IOException {
        closes = 1;

        assertThat(igd().map(PORT).outside().port()).isEqualTo(PORT);
        assertThat(calls).filteredOn(call -> call.contains("AddPortMapping")).hasSize(2);
    }

    @Test
    void what_the_description_says_may_be_relative() throws IOException {
        description = description("ctl?of=wan");

        igd().map(PORT);

        assertThat(calls.get(1)).startsWith("/desc/ctl?of=wan AddPortMapping");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.2:80/igd.xml",
                "http://localhost/igd.xml",
                "http://127.0.0.1@198.51.100.1/igd.xml",
                "http://127.0.0.1.example.org/igd.xml",
                "https://127.0.0.1/igd.xml",
                "file:///etc/hostname",
                "http://127.0.0.1:0/",
                "http://127.0.0.1:99999/",
                "http://2130706433/",
                "http://[::1]/"
            })
    void a_description_elsewhere_is_not_fetched(String elsewhere) {
        location = elsewhere;

        assertThatThrownBy(() -> igd().map(PORT)).isInstanceOf(IOException.class);
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://198.51.100.1/ctl", "//198.51.100.1/ctl", "https://127.0.0.1/ctl", "file:///ctl", ""})
    void a_control_url_elsewhere_is_not_called(String control) {
        description = description(control);

        assertThatThrownBy(() -> igd().map(PORT)).isInstanceOf(IOException.class);
        assertThat(calls).hasSize(1);
    }

    @Test
    void a_description_that_is_huge_or_expands_or_leads_on_is_refused() {
        description = description("/ctl") + " ".repeat(RouterHttp.MAX_BYTES);
        assertThatThrownBy(() -> igd().map(PORT)).hasMessageContaining("more than");

        description = "<!DOCTYPE root [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + description("&x;");
        assertThatThrownBy(() -> igd().map(PORT)).hasMessageContaining("document type");

        redirect = 302;
        assertThatThrownBy(() -> igd().map(PORT)).hasMessageContaining("HTTP 302");
        assertThat(calls).hasSize(3).allMatch(call -> call.startsWith("/desc/igd.xml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "999.1.1.1", "::1", "203.0.113.9:80"})
    void an_outside_address_that_is_none_is_not_believed(String ip) {
        externalIp = ip;

        assertThatThrownBy(() -> igd().map(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no address");
    }

    @Test
    @Tag("slow")
    void who_answers_for_the_router_is_not_listened_to() throws IOException {
        Igd igd = new Igd(
                new Ssdp(PeerAddress.parse("127.0.0.77:1").ip(), FakeRouter.loopback(), ssdp.address(), () -> false));

        assertThatThrownBy(() -> igd.map(PORT)).isInstanceOf(IOException.class).hasMessageContaining("no router");
        assertThat(calls).isEmpty();
    }

    private Igd igd() throws IOException {
        return new Igd(new Ssdp(FakeRouter.loopback(), FakeRouter.loopback(), ssdp.address(), () -> false));
    }

    private void serve(HttpExchange exchange) throws IOException {
        String action = exchange.getRequestHeaders().getFirst("SOAPAction");
        String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        calls.add(
                exchange.getRequestURI() + " " + (action == null ? "" : action.replaceAll(".*#|\"", "")) + " " + asked);
        if (action != null && closes-- > 0) {
            exchange.close();
            return;
        }
        if (action == null) {
            exchange.getResponseHeaders().add("Location", "http://198.51.100.1/");
            reply(exchange, redirect == 0 ? 200 : redirect, description);
        } else if (asked.contains("<NewLeaseDuration>3600") && refuseLeases == 1) {
            reply(exchange, 500, "<e><detail><UPnPError><errorCode>725</errorCode></UPnPError></detail></e>");
        } else {
            reply(
                    exchange,
                    200,
                    "<e><b><r><NewExternalIPAddress>" + externalIp + "</NewExternalIPAddress></r></b></e>");
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        } catch (IOException e) {
            assertThat(bytes.length).isGreaterThan(RouterHttp.MAX_BYTES); // then nobody reads it all
        }
    }

    private static String description(String control) {
        return "<u:root><device><deviceList><device><serviceList><service><serviceType>urn:other</serviceType>"
                + "<controlURL>/other</controlURL></service><service><serviceType>" + SERVICE
                + "</serviceType><controlURL>" + control
                + "</controlURL></service></serviceList></device></deviceList></device></u:root>";
    }
}

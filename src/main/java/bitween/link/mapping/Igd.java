package bitween.link.mapping;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** UPnP Internet Gateway Device: found by SSDP, asked by SOAP (WANIPConnection:1 and :2, WANPPPConnection:1). */
final class Igd implements Protocol {
    private static final List<String> SERVICES = List.of(
            "urn:schemas-upnp-org:service:WANIPConnection:2",
            "urn:schemas-upnp-org:service:WANIPConnection:1",
            "urn:schemas-upnp-org:service:WANPPPConnection:1");
    private static final int OK = 200;
    private static final String ONLY_FOR_GOOD = "725";

    private final Ssdp router;
    private @Nullable Service found;

    Igd(Ssdp router) {
        this.router = router;
    }

    private record Service(RouterUrl control, String type, InetAddress own) {}

    @Override
    public Mapping map(int port) throws IOException {
        Service known = found;
        if (known == null) {
            known = find();
            found = known;
        }
        try {
            return map(known, port);
        } catch (IOException e) {
            found = null; // a router that was started anew answers elsewhere
            throw e;
        }
    }

    private Mapping map(Service service, int port) throws IOException {
        Duration lifetime = Mapping.WANTED;
        String refusal = add(service, port, lifetime);
        if (refusal.equals(ONLY_FOR_GOOD)) {
            refusal = add(service, port, Duration.ZERO);
        }
        if (!refusal.isEmpty()) {
            throw new Refused("the router refuses, by UPnP: " + refusal);
        }
        String ip = call(service, "GetExternalIPAddress", "")
                .textOf("NewExternalIPAddress")
                .orElse("");
        try {
            return new Mapping(PeerAddress.parse(ip + ":" + port), lifetime);
        } catch (IllegalArgumentException e) {
            throw new IOException("the router names no address", e);
        }
    }

    @Override
    public void unmap(int port) throws IOException {
        Service known = found;
        if (known != null) {
            call(known, "DeletePortMapping", remote(port));
        }
    }

    private Service find() throws IOException {
        Ssdp.Found description = router.find();
        RouterXml.Element document = xml(RouterHttp.get(description.location()));
        Map<String, String> controls = document.all("service")
                .collect(java.util.stream.Collectors.toMap(
                        service -> service.textOf("serviceType").orElse(""),
                        service -> service.textOf("controlURL").orElse(""),
                        (first, second) -> first));
        for (String type : SERVICES) {
            String control = controls.get(type);
            if (control != null && !control.isEmpty()) {
                return new Service(description.location().resolve(control), type, description.own());
            }
        }
        throw new IOException("the router's description has no port mapping");
    }

    /** @return the router's error code; empty when it did */
    private static String add(Service service, int port, Duration lifetime) throws IOException {
        String body = remote(port)
                + String.format(
                        Locale.ROOT,
                        "<NewInternalPort>%d</NewInternalPort><NewInternalClient>%s</NewInternalClient><NewEnabled>1</NewEnabled>"
                                + "<NewPortMappingDescription>bitween</NewPortMappingDescription><NewLeaseDuration>%d</NewLeaseDuration>",
                        port,
                        service.own.getHostAddress(),
                        lifetime.toSeconds());
        RouterHttp.Reply reply = post(service, "AddPortMapping", body);
        if (reply.status() == OK) {
            return "";
        }
        String code = RouterXml.parse(reply.body()).textOf("errorCode").orElse("");
        return code.matches("[0-9]{1,5}") ? code : "HTTP " + reply.status();
    }

    private static String remote(int port) {
        return "<NewRemoteHost></NewRemoteHost><NewExternalPort>" + port
                + "</NewExternalPort><NewProtocol>TCP</NewProtocol>";
    }

    private static RouterXml.Element call(Service service, String action, String body) throws IOException {
        return xml(post(service, action, body));
    }

    private static RouterHttp.Reply post(Service service, String action, String body) throws IOException {
        String envelope = "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:" + action + " xmlns:u=\""
                + service.type + "\">" + body + "</u:" + action + "></s:Body></s:Envelope>";
        return RouterHttp.post(service.control, service.type + "#" + action, envelope);
    }

    private static RouterXml.Element xml(RouterHttp.Reply reply) throws IOException {
        if (reply.status() != OK) {
            throw new IOException("the router answers with HTTP " + reply.status());
        }
        return RouterXml.parse(reply.body());
    }
}

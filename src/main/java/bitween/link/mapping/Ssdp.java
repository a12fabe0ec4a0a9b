package bitween.link.mapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the attached network where the router describes itself (UPnP Device Architecture 1.1 section 1.3.2). Nobody but the router is listened to. */
final class Ssdp {
    static final int PORT = 1_900;
    /** 239.255.255.250; its packets pass no router. */
    private static final byte[] GROUP = {(byte) 239, (byte) 255, (byte) 255, (byte) 250};

    private static final int WAIT_MS = 250;
    private static final int WAITS = 8;
    private static final int MAX_BYTES = 2_048;
    private static final List<String> DEVICES = List.of(
            "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
            "urn:schemas-upnp-org:device:InternetGatewayDevice:2");
    private static final Pattern LOCATION =
            Pattern.compile("^location:[ \\t]*(\\S+)[ \\t]*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final InetAddress router;
    private final InetAddress own;
    private final InetSocketAddress asked;
    private final BooleanSupplier givenUp;

    /**
     * @param own our address on the router's network
     * @param asked who is asked: {@link #everybody}, or a test's
     * @param givenUp asked between waits whether we are closing
     */
    Ssdp(InetAddress router, InetAddress own, InetSocketAddress asked, BooleanSupplier givenUp) {
        this.router = router;
        this.own = own;
        this.asked = asked;
        this.givenUp = givenUp;
    }

    /** @param own from which the router was found, and to which it forwards */
    record Found(RouterUrl location, InetAddress own) {}

    static InetSocketAddress everybody() {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(GROUP), PORT);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    /** @throws IOException when the router does not answer within 2 s */
    Found find() throws IOException {
        try (MulticastSocket socket = new MulticastSocket(new InetSocketAddress(own, 0))) {
            NetworkInterface network = NetworkInterface.getByInetAddress(own);
            if (network != null) {
                socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
            }
            socket.setTimeToLive(1);
            socket.setSoTimeout(WAIT_MS);
            for (String device : DEVICES) {
                byte[] question = question(device);
                socket.send(new DatagramPacket(question, question.length, asked));
            }
            for (int i = 0; i < WAITS && !givenUp.getAsBoolean(); i++) {
                String answer = await(socket);
                Matcher location = LOCATION.matcher(answer);
                if (location.find()) {
                    return new Found(RouterUrl.parse(location.group(1), router), own);
                }
            }
        }
        throw new IOException("no router describes itself");
    }

    /** @return empty when nothing came, or nothing of the router's */
    private String await(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return "";
        }
        String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
        return packet.getAddress().equals(router) && text.startsWith("HTTP/1.1 200") ? text : "";
    }

    private static byte[] question(String device) {
        return ("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + device
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}

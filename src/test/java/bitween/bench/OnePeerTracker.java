package bitween.bench;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * {@code OnePeerTracker PORT ADDRESS:PORT}: a tracker on loopback that sends everybody who still needs something to the one seed at ADDRESS:PORT, by BEP 3
 * and BEP 23. Our torrents are private, and there are clients that take peers of a private torrent from its tracker only. Ends with its process.
 */
public final class OnePeerTracker {
    /** Longer than any run: nobody has to ask twice. */
    private static final int INTERVAL_SECONDS = 3600;

    private OnePeerTracker() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        String[] seed = arguments[1].split(":");
        byte[] peers = ByteBuffer.allocate(6)
                .put(InetAddress.getByName(seed[0]).getAddress())
                .putShort((short) Integer.parseInt(seed[1]))
                .array();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/announce", exchange -> answer(exchange, peers));
        server.start();
        System.out.println("ready");
    }

    private static void answer(HttpExchange exchange, byte[] peers) throws IOException {
        String query = "&" + exchange.getRequestURI().getRawQuery() + "&";
        boolean seeds = query.contains("&left=0&");
        byte[] reply = new BencodeWriter()
                .beginDictionary()
                .key("interval")
                .integer(INTERVAL_SECONDS)
                .key("peers")
                .string(seeds ? Bytes.EMPTY : Bytes.of(peers))
                .end()
                .toBytes()
                .toArray();
        exchange.sendResponseHeaders(200, reply.length);
        exchange.getResponseBody().write(reply);
        exchange.close();
    }
}

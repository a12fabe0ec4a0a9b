package bitween.link.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Fetches small texts from the router. */
final class RouterHttp {
    private static final Logger log = LogManager.getLogger(RouterHttp.class);
    /** Descriptions have some 5 KiB. */
    static final int MAX_BYTES = 65_536;

    private static final int WAIT_MS = 2_000;
    private static final long DEADLINE_NS = 5_000_000_000L;

    private RouterHttp() {}

    record Reply(int status, String body) {}

    /** @throws IOException also for what is larger than a description may be, or takes too long */
    static Reply get(RouterUrl url) throws IOException {
        return fetch(open(url), null);
    }

    /**
     * Asks once more, over a new connection, when the router closes one instead of answering: one that was kept open may be about to close.
     *
     * @param action of the service: {@code "urn:…#AddPortMapping"}
     */
    static Reply post(RouterUrl url, String action, String body) throws IOException {
        try {
            return postOnce(url, action, body);
        } catch (SocketException e) {
            log.debug("{} is asked again: {}", url, e.getMessage());
            return postOnce(url, action, body);
        }
    }

    private static Reply postOnce(RouterUrl url, String action, String body) throws IOException {
        HttpURLConnection connection = open(url);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "text/xml; charset=\"utf-8\"");
        connection.setRequestProperty("SOAPAction", "\"" + action + "\"");
        return fetch(connection, body.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpURLConnection open(RouterUrl url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.url().openConnection(Proxy.NO_PROXY);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(WAIT_MS);
        connection.setReadTimeout(WAIT_MS);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("User-Agent", "bitween");
        return connection;
    }

    private static Reply fetch(HttpURLConnection connection, byte @Nullable [] body) throws IOException {
        try {
            if (body != null) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length); // else the JDK repeats some by itself
                connection.getOutputStream().write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Reply(status, in == null ? "" : text(in));
            }
        } finally {
            connection.disconnect();
        }
    }

    private static String text(InputStream in) throws IOException {
        long begin = System.nanoTime();
        byte[] bytes = new byte[MAX_BYTES + 1];
        int length = 0;
        for (int read = 0; read >= 0 && length < bytes.length; length += Math.max(read, 0)) {
            if (System.nanoTime() - begin > DEADLINE_NS) {
                throw new IOException("the router takes too long");
            }
            read = in.read(bytes, length, bytes.length - length);
        }
        if (length > MAX_BYTES) {
            throw new IOException("the router says more than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

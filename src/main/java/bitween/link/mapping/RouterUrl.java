package bitween.link.mapping;

import java.io.IOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place on the router, by its address; nothing else is ever asked, whatever a description says.
 *
 * @param path with its query
 */
record RouterUrl(InetAddress router, int port, String path) {
    private static final int MAX_LENGTH = 1_024;
    private static final Pattern HTTP =
            Pattern.compile("http://([0-9.]{7,15})(?::([0-9]{1,5}))?(/[!-~]*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

    /** @throws IOException when it leads anywhere but to {@code router} */
    static RouterUrl parse(String text, InetAddress router) throws IOException {
        Matcher matcher = HTTP.matcher(text);
        if (text.length() > MAX_LENGTH
                || !matcher.matches()
                || !matcher.group(1).equals(router.getHostAddress())) {
            throw new IOException("a place that is not on the router");
        }
        int port = matcher.group(2) == null ? 80 : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65_535) {
            throw new IOException("no port: " + port);
        }
        return new RouterUrl(router, port, matcher.group(3) == null ? "/" : matcher.group(3));
    }

    /** What {@code reference} means in a document that was found here. */
    RouterUrl resolve(String reference) throws IOException {
        if (ABSOLUTE.matcher(reference).matches() || reference.startsWith("//")) {
            return parse(reference, router);
        }
        String base =
                reference.startsWith("/") ? "" : path.replaceFirst("\\?.*", "").replaceFirst("[^/]*$", "");
        return parse("http://" + router.getHostAddress() + ":" + port + base + reference, router);
    }

    URL url() throws MalformedURLException {
        return new URL("http", router.getHostAddress(), port, path);
    }
}

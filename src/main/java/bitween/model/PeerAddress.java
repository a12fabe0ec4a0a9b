package bitween.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a peer listens: an IP literal and a TCP port. Never a name: nothing here asks a resolver. */
public record PeerAddress(InetAddress ip, int port) {
    /** Strict: Java takes 999.1.1.1 for a host name and asks the resolver. */
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    private static final String FOUR = OCTET + "(\\." + OCTET + "){3}";

    public PeerAddress {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        ip = plain(ip);
    }

    /**
     * @param text {@code 192.0.2.1:6881} or {@code [2001:db8::1]:6881}
     * @throws IllegalArgumentException for anything else, host names included
     */
    public static PeerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw malformed(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new PeerAddress(
                ipLiteral(bracketed ? host.substring(1, host.length() - 1) : host, bracketed, text),
                Integer.parseInt(text.substring(colon + 1)));
    }

    private static InetAddress ipLiteral(String host, boolean six, String text) {
        if (!host.matches(six ? "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*" : FOUR)) {
            throw malformed(text);
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw malformed(text);
        }
    }

    /** Without the scope of an interface, so that two looks at one address are equal. */
    private static InetAddress plain(InetAddress ip) {
        try {
            return ip instanceof Inet6Address ? InetAddress.getByAddress(ip.getAddress()) : ip;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes", e);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "a peer address looks like 192.0.2.1:6881 or [2001:db8::1]:6881, not '" + text + "'");
    }

    /** For people: IPv6 in its short form (RFC 5952). */
    public String brief() {
        if (!(ip instanceof Inet6Address)) {
            return toString();
        }
        String zeros = "";
        String whole = ip.getHostAddress();
        Matcher runs = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])").matcher(whole);
        while (runs.find()) {
            zeros = runs.group().length() > zeros.length() ? runs.group() : zeros;
        }
        String host = zeros.isEmpty() ? whole : whole.replaceFirst(":?(?<![0-9a-f])" + zeros + "(?![0-9a-f]):?", "::");
        return "[" + host + "]:" + port;
    }

    @Override
    public String toString() {
        String host = ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
    }
}

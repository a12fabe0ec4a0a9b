package bitween.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which of our addresses are announced, and which of those that friends announce are dialled. Nobody may aim us at this machine, at its neighbours, or
 * at somebody's service on a well-known port.
 *
 * @param loopback whether this machine's own addresses are good: for several daemons on one machine
 * @param privateAnywhere whether private addresses are good also where they are not on an attached network
 * @param attached our addresses, each with the network it is on; loopback ones included
 * @param ownPort where we accept peers ourselves; 0 while we do not
 */
public record AddressFilter(boolean loopback, boolean privateAnywhere, List<Network> attached, int ownPort) {
    /** Below are the ports of services that are no BitTorrent clients. */
    public static final int MIN_PORT = 1_024;

    public AddressFilter {
        attached = List.copyOf(attached);
    }

    /** Whether a friend's address may be dialled. */
    public boolean accepts(PeerAddress peer) {
        return peer.port() >= MIN_PORT && !isOurs(peer) && isReachable(peer.ip());
    }

    /** Whether friends may learn an address of ours: they decide themselves whether a private one is on their network too. */
    public boolean announces(InetAddress own) {
        return switch (Range.of(own)) {
            case PUBLIC, PRIVATE -> true;
            case LOOPBACK -> loopback;
            case REFUSED -> false;
        };
    }

    private boolean isReachable(InetAddress ip) {
        if (attached.stream().anyMatch(network -> network.isBroadcast(ip))) {
            return false;
        }
        return switch (Range.of(ip)) {
            case PUBLIC -> true;
            case PRIVATE -> privateAnywhere || attached.stream().anyMatch(network -> network.contains(ip));
            case LOOPBACK -> loopback;
            case REFUSED -> false;
        };
    }

    private boolean isOurs(PeerAddress peer) {
        return peer.port() == ownPort
                && attached.stream().anyMatch(network -> network.address().equals(peer.ip()));
    }

    /** An address of ours and how many of its leading bits name the network it is on. */
    public record Network(InetAddress address, int prefixBits) {
        public Network {
            if (prefixBits < 0 || prefixBits > 8 * address.getAddress().length) {
                throw new IllegalArgumentException("no network: " + address.getHostAddress() + "/" + prefixBits);
            }
            address = plain(address);
        }

        public boolean contains(InetAddress ip) {
            byte[] ours = address.getAddress();
            byte[] theirs = ip.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < prefixBits; bit++) {
                if (((ours[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Whether {@code ip} names all hosts of this network (the last address of an IPv4 one), or the network itself (the first). */
        private boolean isBroadcast(InetAddress ip) {
            if (ip instanceof Inet6Address || prefixBits > 30 || !contains(ip)) {
                return false;
            }
            int hostMask = (int) (0xFFFF_FFFFL >>> prefixBits);
            int host = bits(ip.getAddress(), 0) & hostMask;
            return host == 0 || host == hostMask;
        }

        /** Without the scope of an interface. */
        private static InetAddress plain(InetAddress ip) {
            try {
                return ip instanceof Inet6Address ? InetAddress.getByAddress(ip.getAddress()) : ip;
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("an IP address has 4 or 16 bytes", e);
            }
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefixBits;
        }
    }

    private static int bits(byte[] ip, int from) {
        return (ip[from] & 255) << 24 | (ip[from + 1] & 255) << 16 | (ip[from + 2] & 255) << 8 | (ip[from + 3] & 255);
    }

    /** What the IANA registries of special-purpose addresses make of an address. */
    private enum Range {
        PUBLIC,
        /** RFC 1918, carrier-grade NAT (RFC 6598), benchmarks (RFC 2544), unique local (RFC 4193). */
        PRIVATE,
        LOOPBACK,
        /** Unspecified, link-local, multicast, broadcast, reserved, or a refused IPv4 address in IPv6 clothes. */
        REFUSED;

        static Range of(InetAddress ip) {
            byte[] bytes = ip.getAddress();
            return bytes.length == 4 ? ofFour(bits(bytes, 0)) : ofSix(bytes);
        }

        private static Range ofFour(int ip) {
            if (isIn(ip, 127, 0, 8)) {
                return LOOPBACK;
            }
            if (isIn(ip, 10, 0, 8)
                    || isIn(ip, 172, 16, 12)
                    || isIn(ip, 192, 168, 16)
                    || isIn(ip, 100, 64, 10)
                    || isIn(ip, 198, 18, 15)) {
                return PRIVATE;
            }
            // 192.0.0.0/24 is for protocols; 224/4 and 240/4 together are the last eighth
            boolean refused =
                    isIn(ip, 0, 0, 8) || isIn(ip, 169, 254, 16) || isIn(ip, 192, 0, 24) || isIn(ip, 224, 0, 3);
            return refused ? REFUSED : PUBLIC;
        }

        private static boolean isIn(int ip, int first, int second, int prefixBits) {
            return (ip ^ (first << 24 | second << 16)) >>> (32 - prefixBits) == 0;
        }

        private static Range ofSix(byte[] ip) {
            int top = bits(ip, 0);
            if (top == 0x0064_ff9b && isZero(ip, 4, 12)) {
                return ofClothed(bits(ip, 12)); // NAT64, RFC 6052
            }
            if (isZero(ip, 0, 15) && ip[15] == 1) {
                return LOOPBACK;
            }
            if ((top & 0xFE00_0000) == 0xFC00_0000) {
                return PRIVATE;
            }
            if (top >>> 29 != 1) {
                return REFUSED; // only 2000::/3 is given out
            }
            if (top >>> 16 == 0x2002) {
                return ofClothed(bits(ip, 2)); // 6to4, RFC 3056
            }
            if (top == 0x2001_0000) { // Teredo, RFC 4380: its server's address, and the client's with all bits flipped
                return ofClothed(bits(ip, 4)) == PUBLIC ? ofClothed(~bits(ip, 12)) : REFUSED;
            }
            if ((bits(ip, 8) & 0xFDFF_FFFF) == 0x0000_5EFE) {
                return ofClothed(bits(ip, 12)); // ISATAP, RFC 5214
            }
            return PUBLIC;
        }

        /** An IPv4 address inside an IPv6 one: where it leads is not ours to know, so only public ones are good. */
        private static Range ofClothed(int four) {
            return ofFour(four) == PUBLIC ? PUBLIC : REFUSED;
        }

        private static boolean isZero(byte[] ip, int from, int to) {
            return Arrays.equals(ip, from, to, new byte[to - from], 0, to - from);
        }
    }
}

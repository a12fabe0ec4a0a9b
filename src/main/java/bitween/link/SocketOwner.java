package bitween.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells whose process is at the other end of a connection on this machine. Thread: any. */
final class SocketOwner {
    private static final Pattern SPACES = Pattern.compile("\\s+");
    /** Columns of proc(5), /proc/net/tcp: number, local address, remote address, state, queues, timer, retransmits, uid. */
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int UID = 7;

    private final Path table;

    SocketOwner() {
        this(Path.of("/proc/net/tcp"));
    }

    /** @param table as proc(5) describes /proc/net/tcp */
    SocketOwner(Path table) {
        this.table = table;
    }

    /**
     * @param from the other end's IPv4 address and port
     * @param to ours
     * @return its uid; -1 when there is no such connection
     * @throws IOException when the table cannot be read
     */
    int uidOf(InetSocketAddress from, InetSocketAddress to) throws IOException {
        String local = entry(from);
        String remote = entry(to);
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(local)) {
                    String[] columns = SPACES.split(line.strip());
                    if (columns.length > UID && columns[LOCAL].equals(local) && columns[REMOTE].equals(remote)) {
                        return Integer.parseInt(columns[UID]);
                    }
                }
            }
        }
        return -1;
    }

    /** The kernel prints the address as a number in the machine's own order of bytes. */
    private static String entry(InetSocketAddress end) {
        int ip = ByteBuffer.wrap(end.getAddress().getAddress())
                .order(ByteOrder.nativeOrder())
                .getInt();
        return String.format(Locale.ROOT, "%08X:%04X", ip, end.getPort());
    }
}

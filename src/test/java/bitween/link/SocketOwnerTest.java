package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.files.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketOwnerTest {
    @TempDir
    Path directory;

    @Test
    void our_own_connection_is_ours() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 77, 9, 9}), 0));
                SocketChannel client = connected(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            int uid = new SocketOwner().uidOf((InetSocketAddress) accepted.getRemoteAddress(), (InetSocketAddress)
                    client.getRemoteAddress());

            assertThat(uid).isEqualTo(PrivateFiles.uid());
        }
    }

    /** As libtorrent's sockets are: of IPv4, where Java's usually are of IPv6. */
    private static SocketChannel connected(SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
        channel.connect(address);
        return channel;
    }

    @Test
    void the_kernels_table_names_other_users_and_nobody_for_what_is_not_there() throws IOException {
        Path table = Files.writeString(directory.resolve("tcp"), """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1388 00014D7F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 1 1
                   1: 00014D7F:1F90 0100007F:1388 01 00000000:00000000 00:00000000 00000000     7        0 2 1
                """);
        SocketOwner owner = new SocketOwner(table);
        InetSocketAddress stranger = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 5_000);
        InetSocketAddress ours = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 77, 1, 0}), 8_080);

        assertThat(owner.uidOf(stranger, ours)).isEqualTo(1_001);
        assertThat(owner.uidOf(ours, stranger)).isEqualTo(7);
        assertThat(owner.uidOf(stranger, stranger)).isEqualTo(-1);
    }
}

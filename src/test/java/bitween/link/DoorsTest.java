package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorsTest {
    private static final int RANGE = 50;

    private final List<ServerSocketChannel> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Sockets::close);
    }

    @Test
    void of_a_range_the_first_that_is_free_is_taken_and_after_it_any() throws IOException {
        int first = open(0, 0);

        int second = open(first, first + RANGE);
        int outside = open(first, first);

        assertThat(second).isBetween(first + 1, first + RANGE);
        assertThat(outside).isPositive().isNotEqualTo(first);
    }

    private int open(int port, int lastPort) throws IOException {
        List<ServerSocketChannel> doors = Doors.open(port, lastPort, true);
        opened.addAll(doors);
        return ((InetSocketAddress) doors.get(0).getLocalAddress()).getPort();
    }
}

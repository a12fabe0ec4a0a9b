package bitween.system;

import bitween.testing.People;
import bitween.testing.Returns;
import bitween.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes connections and says nothing, which looks alive for longer than one that is away. */
@Timeout(180)
class SilentServerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** As many that the next wait is one of the longest. */
    private static final int FAILURES = 6;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice");
    }

    @Test
    void who_waits_for_words_when_the_server_comes_back_is_as_fast_as_anybody() throws IOException {
        try (TcpProxy network = TcpProxy.to(people.server().at("alice"))) {
            network.closesAtOnce(true);
            var alice = people.start("alice", Map.of("xmpp.server", "127.0.0.1:" + network.port()));
            untilAttempts(network, FAILURES);
            network.saysNothing(true);
            network.closesAtOnce(false);
            untilAttempts(network, network.attempts() + 1);
            Returns online = new Returns("online again after a server that said nothing");

            network.saysNothing(false);
            long back = System.nanoTime();

            alice.untilOnline();
            online.add(back);
            online.verify();
        }
    }

    private static void untilAttempts(TcpProxy network, int count) {
        Awaitility.await("attempts").atMost(PATIENCE).until(() -> network.attempts() >= count);
    }
}

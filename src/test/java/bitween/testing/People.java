package bitween.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** People with an account each on one XMPP server; the server and their daemons end together. */
public final class People implements AutoCloseable {
    private final Path directory;
    private final TestServer server;
    private final Deque<TestDaemon> daemons = new ArrayDeque<>();

    private People(Path directory, TestServer server) {
        this.directory = directory;
        this.server = server;
    }

    /** @param directory where each of them has a home */
    public static People on(Path directory, String... names) throws IOException {
        return new People(directory, TestServer.start(directory, names));
    }

    public TestServer server() {
        return server;
    }

    public TestDaemon start(String name) {
        return start(name, Map.of());
    }

    /** A daemon that runs, which ends with the others. */
    public TestDaemon start(String name, Map<String, ?> settings) {
        return start(directory, name, settings);
    }

    /** As above, of another device of the same person. */
    public TestDaemon start(Path elsewhere, String name, Map<String, ?> settings) {
        TestDaemon daemon = TestDaemon.create(elsewhere, server, name, settings);
        daemons.push(daemon);
        return daemon.start();
    }

    /** The last one that came leaves first. */
    @Override
    public void close() throws IOException {
        daemons.forEach(TestDaemon::close);
        server.close();
    }
}

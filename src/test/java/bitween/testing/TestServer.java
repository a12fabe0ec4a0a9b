package bitween.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The XMPP server of a system test: embedded, or, with the system property {@code bitween.xmpp=prosody}, Debian's Prosody, or another kind of {@link #start}. Its
 * domain is {@value #DOMAIN}; the password of {@code alice} is {@code alice-secret}.
 */
public abstract class TestServer implements AutoCloseable {
    public static final String DOMAIN = "demo.test";

    public abstract int port();

    /** The address of somebody who has an account: of several servers, each has those whose turn it was. */
    public String jid(String person) {
        return person + "@" + DOMAIN;
    }

    /** Where somebody's programs reach their server, as {@code xmpp.server} says it. */
    public String at(String person) {
        return "127.0.0.1:" + port();
    }

    public abstract Path caFile();

    /** What somebody's programs trust. */
    public Path caFile(String person) {
        return caFile();
    }

    /** Whether it lets only 3 kB a second through, as Debian's ejabberd. */
    public boolean isSlow() {
        return false;
    }

    /**
     * Shows each stanza that a client sends from now on, before it is routed, as XML. On the server's threads, under its lock.
     *
     * @throws UnsupportedOperationException unless the server is the embedded one
     */
    public abstract void tap(Consumer<String> consumer);

    /** Sends the client that is bound as {@code fullJid} whatever {@code stanza} says, as {@link #tap} with the embedded server alone. */
    public abstract void inject(String fullJid, String stanza);

    /** So many contacts of a person's, each of whom sees them and is seen; as {@link #tap} with the embedded server alone. @return their addresses */
    public List<String> crowd(String person, int count) {
        throw new UnsupportedOperationException("only the embedded server makes up a roster");
    }

    /** Loses what clients send where {@code which} says so; as {@link #tap} with the embedded server alone. */
    public abstract void swallow(Predicate<String> which);

    /** Breaks all connections and is away for a moment, or comes back after {@link #close} or {@link #kill}; accounts and rosters stay. */
    public abstract void restart() throws IOException;

    /** Ends without a word to anybody. */
    public abstract void kill() throws IOException;

    /**
     * Restarts with another certificate.
     *
     * @param sameAuthority signed by the same; else {@link #caFile} holds the new one, and nobody knows it yet
     * @throws UnsupportedOperationException with the embedded server, whose certificate is its own authority, unless that may be another
     */
    public abstract void newCertificate(boolean sameAuthority) throws IOException;

    /** Another password than that of the start, once. */
    public void setPassword(String person, String password) throws IOException, InterruptedException {
        try (ChatProgram program = ChatProgram.of(this, person)) {
            program.setPassword(password);
        }
    }

    /** The account is no more, and nobody may log in to it. */
    public void remove(String person) throws IOException, InterruptedException {
        try (ChatProgram program = ChatProgram.of(this, person)) {
            program.removeAccount();
        }
    }

    @Override
    public abstract void close() throws IOException;

    /**
     * The one that {@code bitween.xmpp} names: {@code embedded}, {@code prosody}, {@code ejabberd}, which is as slow as Debian sets it, or a pair of {@link #federation}.
     *
     * @param people local parts; nobody is anybody's friend yet
     */
    public static TestServer start(Path directory, String... people) throws IOException {
        String kind = System.getProperty("bitween.xmpp", "embedded");
        return switch (kind) {
            case "embedded" -> new Embedded(directory, people);
            case "prosody", "ejabberd" -> new Installed(kind, directory, people);
            default -> federation(kind, directory, people);
        };
    }

    /** As {@link #start}, of one server that makes an account for whoever asks (XEP-0077); skips the test where a run has several servers. */
    public static TestServer startOpen(Path directory) throws IOException {
        String kind = System.getProperty("bitween.xmpp", "embedded");
        assumeTrue(Set.of("embedded", "prosody").contains(kind), "one server shows it");
        if (kind.equals("prosody")) {
            return new Installed("prosody", directory.resolve("open"), DOMAIN, Map.of("REGISTER", "true"));
        }
        Embedded server = new Embedded(directory);
        server.server.openRegistration();
        return server;
    }

    /**
     * Two servers that speak to each other, with accounts on the one and the other in turn.
     *
     * @param kind {@code federated}: two Prosodys that know each other's CA; {@code mixed}: the second is an ejabberd; {@code dialback}: each calls back the other
     * @param people local parts; nobody is anybody's friend yet
     */
    public static TestServer federation(String kind, Path directory, String... people) throws IOException {
        return Federation.of(kind, directory, people);
    }

    /**
     * Debian's ejabberd, as slow as Debian sets it: 3 kB/s from each client. Skips the test unless the run is one with real servers, or where there is none.
     *
     * @param people local parts; nobody is anybody's friend yet
     */
    public static TestServer startSlow(Path directory, String... people) throws IOException {
        assumeTrue(
                !System.getProperty("bitween.xmpp", "embedded").equals("embedded"),
                "ejabberd is tried with the other real server: scripts/test --servers");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/ejabberdctl")),
                "ejabberd is missing: as root, apt-get install ejabberd");
        return new Installed("ejabberd", directory, people);
    }

    private static final class Embedded extends TestServer {
        private final EmbeddedXmppServer server;
        private final Path ca;

        private Embedded(Path directory, String... people) throws IOException {
            server = EmbeddedXmppServer.start(Set.of(DOMAIN), InetAddress.getLoopbackAddress(), 0);
            ca = directory.resolve("ca.pem");
            server.writeCa(ca);
            for (String person : people) {
                server.addUser(person + "@" + DOMAIN, person + "-secret");
            }
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public Path caFile() {
            return ca;
        }

        @Override
        public void tap(Consumer<String> consumer) {
            server.tap(consumer);
        }

        @Override
        public void inject(String fullJid, String stanza) {
            server.inject(fullJid, stanza);
        }

        @Override
        public void swallow(Predicate<String> which) {
            server.swallow(which);
        }

        @Override
        public void restart() throws IOException {
            server.restart();
        }

        @Override
        public void kill() {
            server.close();
        }

        @Override
        public void newCertificate(boolean sameAuthority) throws IOException {
            if (sameAuthority) {
                throw new UnsupportedOperationException("the certificate is its own authority");
            }
            server.newCertificate();
            server.writeCa(ca);
        }

        @Override
        public void setPassword(String person, String password) {
            server.setPassword(jid(person), password);
        }

        @Override
        public void remove(String person) {
            server.removeUser(jid(person));
        }

        @Override
        public List<String> crowd(String person, int count) {
            List<String> crowd =
                    IntStream.range(0, count).mapToObj(i -> jid("c" + i)).toList();
            for (String each : crowd) {
                server.addUser(each, "nobody logs in");
                server.befriend(jid(person), each);
            }
            return crowd;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A server of the system's that one of our scripts starts. */
    static final class Installed extends TestServer {
        private final String name;
        private final Path directory;
        private final int port;

        private Installed(String name, Path parent, String... people) throws IOException {
            this(name, parent.resolve(name), DOMAIN, Map.of(), people);
        }

        /** @param environment of the script that starts it: FEDERATE is what it is to know of another server */
        Installed(String name, Path directory, String domain, Map<String, String> environment, String... people)
                throws IOException {
            this.name = name;
            this.directory = directory;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            List<String> command =
                    new ArrayList<>(List.of("start", directory.toString(), domain, Integer.toString(port)));
            for (String person : people) {
                command.add(person + ":" + person + "-secret");
            }
            script(command, environment);
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public Path caFile() {
            return directory.resolve("ca.crt");
        }

        @Override
        public void tap(Consumer<String> consumer) {
            throw new UnsupportedOperationException(name + " shows its stanzas to nobody");
        }

        @Override
        public void inject(String fullJid, String stanza) {
            throw new UnsupportedOperationException("Prosody does not lie");
        }

        @Override
        public void swallow(Predicate<String> which) {
            throw new UnsupportedOperationException("Prosody loses nothing");
        }

        @Override
        public void restart() throws IOException {
            close();
            script(List.of("restart", directory.toString(), Integer.toString(port)), Map.of());
        }

        @Override
        public boolean isSlow() {
            return name.equals("ejabberd");
        }

        @Override
        public void kill() throws IOException {
            script(List.of("kill", directory.toString()), Map.of());
        }

        @Override
        public void newCertificate(boolean sameAuthority) throws IOException {
            close();
            Files.delete(directory.resolve("server.crt"));
            if (!sameAuthority) {
                Files.delete(directory.resolve("ca.crt"));
            }
            restart(); // makes what is missing
        }

        @Override
        public void close() throws IOException {
            script(List.of("stop", directory.toString()), Map.of());
        }

        private void script(List<String> arguments, Map<String, String> environment) throws IOException {
            List<String> command = new ArrayList<>(List.of("scripts/" + name));
            command.addAll(arguments);
            Path output = Files.createTempFile(name, ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (process.waitFor() != 0) {
                    throw new IOException(
                            String.join(" ", command) + " failed: " + Files.readString(output, StandardCharsets.UTF_8));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } finally {
                Files.delete(output);
            }
        }
    }
}

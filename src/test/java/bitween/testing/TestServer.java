package bitween.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The XMPP server of a system test: embedded, or, with the system property {@code bitween.xmpp=prosody}, Debian's Prosody, or another kind of {@link #start}. Its
 * domain is {@value #DOMAIN}; the password of {@code alice} is {@code alice-secret}.
 */
public abstract class TestServer implements AutoCloseable {
    public static final String DOMAIN = "demo.test";

    private static final Map<String, String> OPEN = Map.of("REGISTER", "true");

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

    /** As a server in this process, of which a test can touch the stanzas; skips the test with any other. */
    public final EmbeddedServer embedded() {
        assumeTrue(this instanceof EmbeddedServer, "a real server shows its stanzas to nobody, and makes none up");
        return (EmbeddedServer) this;
    }

    /** Breaks all connections and is away for a moment, or comes back after {@link #close} or {@link #kill}; accounts and rosters stay. */
    public abstract void restart() throws IOException;

    /** As {@link #restart()}: the one, of several servers, that somebody has an account at. */
    public void restart(String person) throws IOException {
        restart();
    }

    /** Ends without a word to anybody. */
    public abstract void kill() throws IOException;

    /** As {@link #kill()}: the one, of several servers, that somebody has an account at. */
    public void kill(String person) throws IOException {
        kill();
    }

    /** Restarts with a certificate of another authority: {@link #caFile} holds that, and nobody knows it yet. */
    public abstract void newCertificate() throws IOException;

    /** Restarts with another certificate of the same authority; skips the test with the embedded server, whose certificate is its own. */
    public abstract void renewCertificate() throws IOException;

    /** Another password than that of the start, once. */
    public void setPassword(String person, String password) throws IOException, InterruptedException {
        try (ChatProgram program = ChatProgram.of(this, person)) {
            program.setPassword(password);
        }
    }

    /** The operator takes the account away: who is logged in is no more, and nobody may log in to it. */
    public abstract void remove(String person) throws IOException;

    /**
     * So many contacts of a person's, each of whom sees them and is seen, with accounts at the same server; before that person logs in.
     *
     * @return their addresses; the password of all is {@link SlimClient#PASSWORD}
     */
    public final List<String> crowd(String person, int count) throws IOException {
        addCrowd(person, count);
        String domain = jid(person).substring(jid(person).indexOf('@'));
        return IntStream.range(0, count).mapToObj(i -> "c" + i + domain).toList();
    }

    /** From c0 on. */
    abstract void addCrowd(String person, int count) throws IOException;

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
            case "embedded" -> new EmbeddedServer(directory, people);
            case "prosody", "ejabberd" -> new InstalledServer(kind, directory, people);
            default -> federation(kind, directory, people);
        };
    }

    /** As {@link #start}, of a server that makes an account for whoever asks (XEP-0077); of two, the first. */
    public static TestServer startOpen(Path directory) throws IOException {
        String kind = System.getProperty("bitween.xmpp", "embedded");
        return switch (kind) {
            case "embedded" -> {
                EmbeddedServer server = new EmbeddedServer(directory);
                server.openRegistration();
                yield server;
            }
            case "prosody", "ejabberd" -> new InstalledServer(kind, directory.resolve("open"), DOMAIN, OPEN);
            default -> Federation.of(kind, directory, OPEN);
        };
    }

    /**
     * Two servers that speak to each other, with accounts on the one and the other in turn.
     *
     * @param kind {@code federated}: two Prosodys that know each other's CA; {@code mixed}: the second is an ejabberd; {@code dialback}: each calls back the other
     * @param people local parts; nobody is anybody's friend yet
     */
    public static TestServer federation(String kind, Path directory, String... people) throws IOException {
        return Federation.of(kind, directory, Map.of(), people);
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
        return new InstalledServer("ejabberd", directory, people);
    }
}

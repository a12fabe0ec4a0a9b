package bitween.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Two real servers that speak to each other, each at a loopback address of its own: people have accounts on the one and the other in turn. {@link #port},
 * {@link #restart}, {@link #kill} and the certificates are those of the first; after {@link #close} both come back.
 */
final class Federation extends TestServer {
    private static final String OTHER_DOMAIN = "other.test";

    private static final AtomicInteger PAIRS = new AtomicInteger();

    private final List<String> people;
    private final String address;
    private final String otherAddress;
    private final InstalledServer first;
    private final InstalledServer other;
    private boolean closed;

    /**
     * See {@link TestServer#federation}.
     *
     * @param environment of the script that starts the first, beside what that is to know of the other
     */
    static Federation of(String kind, Path directory, Map<String, String> environment, String... people)
            throws IOException {
        return switch (kind) {
            case "federated" -> new Federation("prosody", true, directory, environment, people);
            case "mixed" -> new Federation("ejabberd", true, directory, environment, people);
            case "dialback" -> new Federation("prosody", false, directory, environment, people);
            default -> throw new IllegalArgumentException("no server is called " + kind);
        };
    }

    private Federation(String second, boolean sameCa, Path directory, Map<String, String> environment, String... people)
            throws IOException {
        this.people = List.of(people);
        // servers that run at the same time have other addresses
        long pid = ProcessHandle.current().pid();
        String network = "127." + (64 + pid / 250 % 8) + "." + (1 + pid % 250) + ".";
        int pair = PAIRS.getAndIncrement() % 120;
        address = network + (1 + 2 * pair);
        otherAddress = network + (2 + 2 * pair);
        String ca = sameCa ? " " + directory.resolve("ca") : "";
        Map<String, String> ofFirst = new HashMap<>(environment);
        ofFirst.put("FEDERATE", address + " " + OTHER_DOMAIN + " " + otherAddress + ca);
        first = new InstalledServer("prosody", directory.resolve("first"), DOMAIN, ofFirst, whoseTurn(0));
        try {
            other = new InstalledServer(
                    second,
                    directory.resolve("other"),
                    OTHER_DOMAIN,
                    Map.of("FEDERATE", otherAddress + " " + DOMAIN + " " + address + ca),
                    whoseTurn(1));
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    private String[] whoseTurn(int remainder) {
        return IntStream.range(0, people.size())
                .filter(i -> i % 2 == remainder)
                .mapToObj(people::get)
                .toArray(String[]::new);
    }

    private boolean isOnOther(String person) {
        return people.indexOf(person) % 2 == 1;
    }

    private InstalledServer of(String person) {
        return isOnOther(person) ? other : first;
    }

    @Override
    public String jid(String person) {
        return person + "@" + (isOnOther(person) ? OTHER_DOMAIN : DOMAIN);
    }

    @Override
    public String at(String person) {
        return (isOnOther(person) ? otherAddress : address) + ":" + of(person).port();
    }

    @Override
    public int port() {
        return first.port();
    }

    @Override
    public Path caFile() {
        return first.caFile();
    }

    @Override
    public Path caFile(String person) {
        return of(person).caFile();
    }

    @Override
    public void restart() throws IOException {
        first.restart();
        if (closed) {
            other.restart();
            closed = false;
        }
    }

    @Override
    public void kill() throws IOException {
        first.kill();
    }

    @Override
    public void restart(String person) throws IOException {
        of(person).restart();
    }

    @Override
    public void kill(String person) throws IOException {
        of(person).kill();
    }

    @Override
    public void remove(String person) throws IOException {
        of(person).remove(person);
    }

    @Override
    void addCrowd(String person, int count) throws IOException {
        of(person).addCrowd(person, count);
    }

    @Override
    public void newCertificate() throws IOException {
        first.newCertificate();
    }

    @Override
    public void renewCertificate() throws IOException {
        first.renewCertificate();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            first.close();
        } finally {
            other.close();
        }
    }
}

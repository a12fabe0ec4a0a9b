package bitween.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A network of the test's own: hosts on a switch, each a network namespace of the kernel, so that addresses can change and packets be counted without touching
 * the machine's own network. The switch is a host too, {@value #SWITCH_IP}.
 */
public final class NetworkLab implements AutoCloseable {
    /** Of a range that is nobody's (RFC 5737), and public as far as programs know. */
    public static final String SWITCH_IP = "203.0.113.1";

    private static final String SWITCH = "switch";

    private final Path directory;
    private final String prefix = "bitween-" + ProcessHandle.current().pid() + "-";
    private final List<String> hosts = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private NetworkLab(Path directory) {
        this.directory = directory;
    }

    /** Skips the test, with the reason, where there can be none. */
    public static NetworkLab open(Path directory) throws IOException, InterruptedException {
        NetworkLab lab = new NetworkLab(directory);
        try {
            assumeTrue(lab.can("ip", "netns", "add", lab.prefix + SWITCH), "network namespaces need root and iproute2");
        } catch (IOException e) {
            assumeTrue(false, "network namespaces need root and iproute2: " + e.getMessage());
        }
        lab.hosts.add(SWITCH);
        lab.ip(SWITCH, "link", "set", "lo", "up");
        lab.ip(SWITCH, "link", "add", "br0", "type", "bridge");
        lab.ip(SWITCH, "addr", "add", SWITCH_IP + "/24", "dev", "br0");
        lab.ip(SWITCH, "link", "set", "br0", "up");
        return lab;
    }

    /** Adds a host with this address, and nothing else on it. */
    public void host(String name, String address) throws IOException, InterruptedException {
        must("ip", "netns", "add", prefix + name);
        hosts.add(name);
        ip(name, "link", "set", "lo", "up");
        ip(SWITCH, "link", "add", "to-" + name, "type", "veth", "peer", "name", "eth0", "netns", prefix + name);
        ip(SWITCH, "link", "set", "to-" + name, "master", "br0", "up");
        ip(name, "link", "set", "eth0", "up");
        ip(name, "addr", "add", address + "/24", "dev", "eth0");
    }

    /** What a command on that host begins with. */
    public List<String> on(String host) {
        return List.of("ip", "netns", "exec", prefix + host);
    }

    /** The host's address is another from now on, as when a laptop is carried elsewhere. */
    public void move(String host, String from, String to) throws IOException, InterruptedException {
        ip(host, "addr", "del", from + "/24", "dev", "eth0");
        ip(host, "addr", "add", to + "/24", "dev", "eth0");
    }

    /** An XMPP server for alice and bob on the switch. @return its port */
    public XmppServer xmppServer() throws IOException {
        Path ready = directory.resolve("server-ready");
        Path ca = directory.resolve("server-ca.pem");
        List<String> command = new ArrayList<>(on(SWITCH));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("bitween.testing.xmppserver.EmbeddedXmppServerMain");
        command.addAll(List.of("--domain", TestServer.DOMAIN, "--bind", SWITCH_IP));
        for (String person : List.of("alice", "bob")) {
            command.addAll(List.of("--user", person + "@" + TestServer.DOMAIN + ":" + person + "-secret"));
        }
        command.addAll(List.of("--ca-file", ca.toString(), "--ready-file", ready.toString()));
        Process process = start(command, directory.resolve("server.log"));
        Awaitility.await("the XMPP server is ready").until(() -> Files.exists(ready));
        return new XmppServer(process, Files.readString(ready).strip(), ca);
    }

    /** @param address HOST:PORT */
    public record XmppServer(Process process, String address, Path ca) {}

    /**
     * Writes down everything that is sent between the hosts and is no part of an open TCP connection over IPv4: one line for each packet.
     *
     * @return where; empty without tcpdump
     */
    public Optional<Path> capture() throws IOException {
        if (Stream.of("/usr/bin/tcpdump", "/usr/sbin/tcpdump").map(Path::of).noneMatch(Files::isExecutable)) {
            return Optional.empty();
        }
        Path lines = directory.resolve("packets.txt");
        List<String> command = new ArrayList<>(on(SWITCH));
        command.addAll(List.of("tcpdump", "-n", "-l", "-Z", "root", "-i", "any"));
        command.add("udp or sctp or (tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn) or (ip6 and tcp)");
        start(command, lines);
        Awaitility.await("tcpdump listens").until(() -> Files.readString(lines).contains("listening on"));
        return Optional.of(lines);
    }

    private Process start(List<String> command, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void ip(String host, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", prefix + host));
        command.addAll(List.of(arguments));
        must(command.toArray(String[]::new));
    }

    private void must(String... command) throws IOException, InterruptedException {
        Program.Ended ended = Program.runToEnd(directory, command);
        if (ended.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + ended.output());
        }
    }

    private boolean can(String... command) throws IOException, InterruptedException {
        return Program.runToEnd(directory, command).exitCode() == 0;
    }

    @Override
    public void close() throws IOException {
        try {
            for (Process process : processes) {
                process.destroy();
                process.waitFor(10, TimeUnit.SECONDS);
            }
            for (String host : hosts) {
                must("ip", "netns", "del", prefix + host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

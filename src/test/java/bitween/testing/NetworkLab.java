package bitween.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A network of the test's own: hosts on a switch, each a network namespace of the kernel, so that addresses can change and packets be counted without touching
 * the machine's own network. The switch is a host too, {@value #SWITCH_IP}.
 */
public final class NetworkLab implements AutoCloseable {
    /** Of a range that is public as far as programs know, and nobody's in its upper half (RFC 5737): the switch and its hosts are there. */
    public static final String SWITCH_IP = "203.0.113.1";
    /** Real routers do not believe that addresses for documentation are outside. */
    public static final String ROUTER_IP = "203.0.112.30";

    private static final String BITS = "/23";
    private static final String SWITCH = "switch";
    private static final String MASQUERADE = """
            table inet filter {
                chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state established,related accept
                    iifname "lan" accept
                    jump miniupnpd
                }
                chain miniupnpd { }
                chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
                chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; oifname "eth0" masquerade; }
                chain prerouting_miniupnpd { }
                chain postrouting_miniupnpd { }
            }
            """;
    private static final String MINIUPNPD = """
            ext_ifname=eth0
            listening_ip=lan
            enable_natpmp=%s
            enable_upnp=yes
            secure_mode=yes
            http_port=5000
            allow 1024-65535 192.168.9.0/24 1024-65535
            upnp_table_name=filter
            upnp_nat_table_name=filter
            upnp_forward_chain=miniupnpd
            upnp_nat_chain=prerouting_miniupnpd
            upnp_nat_postrouting_chain=postrouting_miniupnpd
            """;

    private static final String CLOSED = """
            table inet filter {
                chain input {
                    type filter hook input priority 0; policy drop;
                    iifname "lo" accept
                    ct state established,related accept
                    counter
                }
            }
            """;
    private static final String HOLE = """
            table inet hole {
                chain input {
                    type filter hook input priority 0;
                    ip saddr 203.0.113.1 %s
                }
                chain output {
                    type filter hook output priority 0;
                    ip daddr 203.0.113.1 %s
                }
            }
            """;
    private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
        lab.ip(SWITCH, "addr", "add", SWITCH_IP + BITS, "dev", "br0");
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
        ip(name, "addr", "add", address + BITS, "dev", "eth0");
    }

    /**
     * Adds a router ({@value #ROUTER_IP}) that hides the hosts behind it, and forwards nothing to them that they have not begun. Skips the test where there is no
     * nft.
     */
    public void router() throws IOException, InterruptedException {
        requireNft();
        host("router", ROUTER_IP);
        ip("router", "link", "add", "lan", "type", "bridge");
        ip("router", "addr", "add", "192.168.9.1/24", "dev", "lan");
        ip("router", "link", "set", "lan", "up");
        within("router", "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        within("router", "nft", MASQUERADE);
    }

    /**
     * Adds a host behind {@link #router}.
     *
     * @param address 192.168.9.x
     */
    public void hostBehindRouter(String name, String address) throws IOException, InterruptedException {
        must("ip", "netns", "add", prefix + name);
        hosts.add(name);
        ip(name, "link", "set", "lo", "up");
        ip("router", "link", "add", "to-" + name, "type", "veth", "peer", "name", "eth0", "netns", prefix + name);
        ip("router", "link", "set", "to-" + name, "master", "lan", "up");
        ip(name, "addr", "add", address + "/24", "dev", "eth0");
        ip(name, "link", "set", "eth0", "up");
        ip(name, "route", "add", "default", "via", "192.168.9.1");
    }

    /**
     * From now on the router lets in whom a host behind it asks to: miniupnpd, Debian's. Skips the test where that is missing.
     *
     * @param upnpAlone whether it understands neither PCP nor NAT-PMP
     */
    public void routerThatCanBeAsked(boolean upnpAlone) throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/miniupnpd")),
                "miniupnpd is missing: as root, apt-get install miniupnpd-nftables");
        Path config =
                Files.writeString(directory.resolve("miniupnpd.conf"), MINIUPNPD.formatted(upnpAlone ? "no" : "yes"));
        Path log = directory.resolve("miniupnpd.log");
        List<String> command = new ArrayList<>(on("router"));
        command.addAll(List.of(
                "miniupnpd",
                "-d",
                "-f",
                config.toString(),
                "-P",
                directory.resolve("pid").toString()));
        start(command, log);
        Awaitility.await("the router is ready")
                .atMost(PATIENCE)
                .until(() -> Files.readString(log).contains(upnpAlone ? "HTTP listening" : "Listening for NAT-PMP"));
    }

    /** From now on nobody can connect to the host, which may connect to others. Skips the test where there is no nft. */
    public void letNobodyIn(String host) throws IOException, InterruptedException {
        requireNft();
        within(host, "nft", CLOSED);
    }

    /** How many packets did not get in, since {@link #letNobodyIn}. */
    public long turnedAway(String host) throws IOException, InterruptedException {
        Matcher counter = COUNTER.matcher(within(host, "nft", "list", "ruleset"));
        if (!counter.find()) {
            throw new IOException(host + " lets everybody in");
        }
        return Long.parseLong(counter.group(1));
    }

    /** From now on what the server on the switch sends to the host vanishes on its way, or what the host sends to it, or both; nobody is told. */
    public void swallow(String host, boolean fromServer, boolean toServer) throws IOException, InterruptedException {
        requireNft();
        within(host, "nft", HOLE.formatted(fromServer ? "drop" : "accept", toServer ? "drop" : "accept"));
    }

    /** Ends {@link #swallow}. */
    public void swallowNoMore(String host) throws IOException, InterruptedException {
        within(host, "nft", "delete table inet hole");
    }

    private static void requireNft() {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is missing: as root, apt-get install nftables");
    }

    /** The router's rules, as nft lists them. */
    public String rules() throws IOException, InterruptedException {
        return within("router", "nft", "list", "ruleset");
    }

    /** What a command on that host begins with. */
    public List<String> on(String host) {
        return List.of("ip", "netns", "exec", prefix + host);
    }

    /** The host's address is another from now on, as when a laptop is carried elsewhere. */
    public void move(String host, String from, String to) throws IOException, InterruptedException {
        ip(host, "addr", "del", from + BITS, "dev", "eth0");
        ip(host, "addr", "add", to + BITS, "dev", "eth0");
    }

    /** An XMPP server for alice, bob and carol on the switch. @return its port */
    public XmppServer xmppServer() throws IOException {
        Path ready = directory.resolve("server-ready");
        Path ca = directory.resolve("server-ca.pem");
        List<String> command = new ArrayList<>(on(SWITCH));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("bitween.testing.xmppserver.EmbeddedXmppServerMain");
        command.addAll(List.of("--domain", TestServer.DOMAIN, "--bind", SWITCH_IP));
        for (String person : List.of("alice", "bob", "carol")) {
            command.addAll(List.of("--user", person + "@" + TestServer.DOMAIN + ":" + person + "-secret"));
        }
        command.addAll(List.of("--ca-file", ca.toString(), "--ready-file", ready.toString()));
        Process process = start(command, directory.resolve("server.log"));
        Awaitility.await("the XMPP server is ready").atMost(PATIENCE).until(() -> Files.exists(ready));
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
        Awaitility.await("tcpdump listens")
                .atMost(PATIENCE)
                .until(() -> Files.readString(lines).contains("listening on"));
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

    /** Runs a program on a host to its end. @return what it prints */
    public String within(String host, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(on(host));
        all.addAll(List.of(command));
        return must(all.toArray(String[]::new));
    }

    private String must(String... command) throws IOException, InterruptedException {
        Program.Ended ended = Program.runToEnd(directory, command);
        if (ended.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + ended.output());
        }
        return ended.output();
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

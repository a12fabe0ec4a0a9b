package bitween.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server of the system's that one of our scripts starts. */
final class InstalledServer extends TestServer {
    private final String name;
    private final Path directory;
    private final int port;

    InstalledServer(String name, Path parent, String... people) throws IOException {
        this(name, parent.resolve(name), DOMAIN, Map.of(), people);
    }

    /** @param environment of the script that starts it: FEDERATE is what it is to know of another server */
    InstalledServer(String name, Path directory, String domain, Map<String, String> environment, String... people)
            throws IOException {
        this.name = name;
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of("start", directory.toString(), domain, Integer.toString(port)));
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
    public void remove(String person) throws IOException {
        script(List.of("remove", directory.toString(), person), Map.of());
    }

    @Override
    void addCrowd(String person, int count) throws IOException {
        script(List.of("crowd", directory.toString(), person, Integer.toString(count), SlimClient.PASSWORD), Map.of());
    }

    @Override
    public void newCertificate() throws IOException {
        close();
        Files.delete(directory.resolve("server.crt"));
        Files.delete(directory.resolve("ca.crt"));
        restart(); // makes what is missing
    }

    @Override
    public void renewCertificate() throws IOException {
        close();
        Files.delete(directory.resolve("server.crt"));
        restart();
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

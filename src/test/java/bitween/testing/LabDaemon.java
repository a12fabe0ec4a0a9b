package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.NetworkLab.XmppServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A daemon on a host of a {@link NetworkLab}, started as a person starts it and asked over its socket. */
public final class LabDaemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Program program;
    private final ControlClient client;
    private final String jid;

    private LabDaemon(Program program, ControlClient client, String jid) {
        this.program = program;
        this.client = client;
        this.jid = jid;
    }

    /**
     * Returns once it is online.
     *
     * @param person who has a host of this name, and an account
     * @param settings of bitween.toml, such as {@code port_mapping}; the others stay as {@code init} writes them
     */
    public static LabDaemon start(
            NetworkLab lab, Path directory, XmppServer server, String person, Map<String, ?> settings)
            throws IOException, InterruptedException {
        Program program = Program.initialised(
                directory, lab.on(person), person + "@" + TestServer.DOMAIN, server.address(), server.ca());
        Path config = program.home().resolve("bitween.toml");
        String text = Files.readString(config);
        for (var setting : settings.entrySet()) {
            String changed =
                    text.replaceFirst("#" + setting.getKey() + " = .*", setting.getKey() + " = " + setting.getValue());
            assertThat(changed).as(setting.getKey()).isNotEqualTo(text);
            text = changed;
        }
        Files.writeString(config, text);
        Program.Ended begun = program.run("daemon");
        assertThat(begun.exitCode()).as(begun.output()).isZero();
        ControlClient client = ControlClient.connect(home(program));
        LabDaemon daemon = new LabDaemon(program, client, person + "@" + TestServer.DOMAIN);
        daemon.until(
                "online",
                () -> daemon.call("status", Map.of()).view("xmpp").text("state").equals("ONLINE"));
        return daemon;
    }

    public Program program() {
        return program;
    }

    public String jid() {
        return jid;
    }

    /** Where it takes links. */
    public long port() {
        return call("status", Map.of()).view("engine").number("port");
    }

    public Path downloads() {
        return program.home().resolve("downloads");
    }

    public Answer call(String method, Map<String, ?> params) {
        try {
            return client.call(method, params);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Both are in each other's roster and see each other's daemon. */
    public void befriend(LabDaemon other) {
        call("friend.add", Map.of("jid", other.jid));
        until(
                "he is asked",
                () -> other.call("friends", Map.of()).fields().toString().contains(jid));
        other.call("friend.accept", Map.of("jid", jid));
        until(
                "they see each other",
                () -> TestDaemon.seesOnline(call("friends", Map.of()), other.jid)
                        && TestDaemon.seesOnline(other.call("friends", Map.of()), jid));
    }

    /** Shares with everyone; returns once it is hashed. @return the transfer */
    public Answer share(Path path) {
        Answer share = call("share.add", Map.of("path", path.toString(), "to", List.of("everyone")));
        until("it is hashed", () -> transfer(share).text("state").equals("SEEDING"));
        return transfer(share);
    }

    /** Until the friend's list has a share of this name. */
    public void untilListed(LabDaemon friend, String share) {
        until(
                "he sees " + share,
                () -> call("ls", Map.of("path", friend.jid)).fields().toString().contains(share));
    }

    /** Asks for it. @return the job as it stands */
    public Answer want(String reference) {
        return call("job.get", Map.of("ref", reference)).view("transfer");
    }

    /** How a share or job stands now. */
    public Answer transfer(Answer transfer) {
        return call("transfer.wait", Map.of("id", transfer.number("id"), "timeoutMs", 50));
    }

    public long doneBytes(Answer job) {
        return transfer(job).number("doneBytes");
    }

    public void untilComplete(Answer job, Duration limit) {
        Awaitility.await("all is here")
                .atMost(limit)
                .until(() -> transfer(job).text("state").equals("COMPLETE"));
    }

    /** The friend's devices that it knows. */
    public Stream<Answer> devicesOf(LabDaemon friend) {
        return call("friends", Map.of()).views("friends").stream()
                .filter(one -> one.text("jid").equals(friend.jid))
                .flatMap(one -> one.views("devices").stream());
    }

    /** Until a device of theirs is reached so: DIRECT or IN_BAND. */
    public void untilPath(LabDaemon friend, String path) {
        until(
                path + " leads to " + friend.jid,
                () -> devicesOf(friend)
                        .anyMatch(device ->
                                device.has("path") && device.text("path").equals(path)));
    }

    public void until(String what, Callable<Boolean> condition) {
        Awaitility.await(jid + ": " + what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }

    /** Returns when it is gone. Idempotent. */
    public void stop() {
        client.close();
        try (ControlClient another = ControlClient.connect(home(program))) { // a wait that was given up ends the first
            Program.awaitEnd(another.call("daemon.stop").number("pid"), PATIENCE);
        } catch (UserException e) {
            assertThat(e.code()).as(e.sentence()).isEqualTo(ErrorCode.DAEMON_NOT_RUNNING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Home home(Program program) {
        return Home.in(program.home());
    }

    @Override
    public void close() {
        stop();
    }
}

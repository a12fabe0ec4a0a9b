package bitween.cli.remote;

import bitween.config.Home;
import bitween.control.CommandServer;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** How long commands take within the daemon: the client is here, and costs next to nothing. For {@code scripts/bench cli}. */
final class CommandBenchmark {
    private CommandBenchmark() {}

    /** HOME STAMP ZONE RUNS COMMAND...: prints each time in microseconds, one line a run. HOME JOBS: gives it so many jobs that wait. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Home home = Home.in(Path.of(arguments[0]));
        if (arguments.length == 2) {
            fill(home, Integer.parseInt(arguments[1]));
            return;
        }
        for (int run = 0; run < Integer.parseInt(arguments[3]); run++) {
            StringBuilder line = new StringBuilder();
            for (int command = 4; command < arguments.length; command++) {
                line.append(micros(home, arguments[1], arguments[2], arguments[command]))
                        .append(' ');
            }
            System.out.println(line);
        }
    }

    private static void fill(Home home, int jobs) throws InterruptedException {
        try (ControlClient daemon = ControlClient.connect(home)) {
            for (int job = 1; job <= jobs; job++) {
                Answer unused = daemon.call("job.get", Map.of("ref", String.format("%040x", job)));
            }
        }
    }

    private static long micros(Home home, String stamp, String zone, String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(home.socket()))) {
            ByteBuffer greeting = StandardCharsets.UTF_8.encode(CommandServer.GREETING + "\n");
            channel.write(greeting);
            channel.read(greeting.clear());
            long begin = System.nanoTime();
            Frames frames = new Frames(channel);
            String words = stamp + "\n" + zone + "\n" + home.data() + "\n0\n/\n0\n--home\n" + home.data() + "\n"
                    + command.replace(' ', '\n');
            frames.write(Frames.BEGIN, InvocationTest.packed(words.split("\n")));
            Frames.Frame frame = frames.read();
            while (frame.kind() != Frames.EXIT) {
                if (frame.kind() == Frames.REFUSED) {
                    throw new IOException("the daemon runs another program");
                }
                if (frame.kind() == Frames.FINISHED) {
                    frames.write(Frames.DONE, new byte[0]);
                }
                frame = frames.read();
            }
            int exitCode = frame.number();
            if (exitCode != 0) {
                throw new IOException(command + " fails with " + exitCode);
            }
            return (System.nanoTime() - begin) / 1_000;
        }
    }
}

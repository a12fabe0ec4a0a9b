package bitween.testing;

import bitween.files.PrivateFiles;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process of another user of this machine that connects somewhere, says something and hears what comes. */
public final class OtherUser {
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    /** Says how many bytes came within two seconds, or how it ended without one. */
    private static final String SCRIPT = """
            use strict; use IO::Socket::INET;
            my ($ip, $port, $from, $hex) = @ARGV;
            my $socket = IO::Socket::INET->new(PeerAddr => $ip, PeerPort => $port, Timeout => 5, ($from ? (LocalAddr => $from) : ()));
            if (!$socket) { print "refused"; exit }
            $SIG{PIPE} = 'IGNORE';
            syswrite($socket, pack("H*", $hex));
            local $SIG{ALRM} = sub { print "silence"; exit };
            alarm 2;
            my $count = sysread($socket, my $bytes, 1000);
            print $count ? "$count bytes" : "ended";
            """;

    private OtherUser() {}

    public static boolean isPossible() {
        return PrivateFiles.uid() == 0
                && Stream.of("setpriv", "perl")
                        .allMatch(program ->
                                Files.isExecutable(Path.of("/usr/bin").resolve(program)));
    }

    /**
     * @param from the address it comes from; null: any
     * @param hex what it says
     * @return "refused", "ended", "silence" or how many bytes came, such as "68 bytes"
     */
    public static String says(Path directory, PeerAddress to, @Nullable String from, String hex)
            throws IOException, InterruptedException {
        return run(directory, AS_NOBODY, to, from, hex);
    }

    /** As {@link #says}, by a process of our own user. */
    public static String ourselves(Path directory, PeerAddress to, @Nullable String from, String hex)
            throws IOException, InterruptedException {
        return run(directory, List.of(), to, from, hex);
    }

    private static String run(Path directory, List<String> as, PeerAddress to, @Nullable String from, String hex)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of("perl", "-e", SCRIPT, to.ip().getHostAddress(), "" + to.port()));
        command.addAll(List.of(from == null ? "" : from, hex));
        return Program.runToEnd(directory, command.toArray(String[]::new)).output();
    }
}

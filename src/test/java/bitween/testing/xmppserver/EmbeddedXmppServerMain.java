package bitween.testing.xmppserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The server as a process, for the demo; it runs until it is terminated:
 *
 * <pre>--domain a.test --port 0 --user alice@a.test:secret --user bob@a.test:secret --friends alice@a.test,bob@a.test
 * --ca-file ca.pem --ready-file ready</pre>
 *
 * {@code --bind ADDRESS} is 127.0.0.1 unless given. All but {@code --port}, {@code --bind} and the files may be repeated. The
 * ready file appears, whole, once clients may come; it holds {@code ADDRESS:PORT}.
 */
public final class EmbeddedXmppServerMain {
    private final Set<String> domains = new LinkedHashSet<>();
    private final List<String[]> users = new ArrayList<>();
    private final List<String[]> friends = new ArrayList<>();
    private String bind = "127.0.0.1";
    private int port;
    private Path caFile = Path.of("ca.pem");
    private Path readyFile = Path.of("ready");

    private EmbeddedXmppServerMain(String[] arguments) {
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("options come in pairs: --name value");
        }
        for (int i = 0; i < arguments.length; i += 2) {
            take(arguments[i], arguments[i + 1]);
        }
        if (domains.isEmpty()) {
            throw new IllegalArgumentException("--domain is missing");
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            new EmbeddedXmppServerMain(arguments).run();
        } catch (IllegalArgumentException e) {
            System.err.println("embedded XMPP server: " + e.getMessage());
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException {
        Files.deleteIfExists(readyFile);
        try (EmbeddedXmppServer server = EmbeddedXmppServer.start(domains, InetAddress.getByName(bind), port)) {
            users.forEach(user -> server.addUser(user[0], user[1]));
            friends.forEach(pair -> server.befriend(pair[0], pair[1]));
            server.writeCa(caFile);
            String where = bind + ":" + server.port();
            Path draft = readyFile.resolveSibling(readyFile.getFileName() + ".part");
            Files.writeString(draft, where + "\n");
            Files.move(draft, readyFile, StandardCopyOption.ATOMIC_MOVE);
            System.err.println("embedded XMPP server for " + domains + " ready on " + where);
            new CountDownLatch(1).await();
        }
    }

    private void take(String option, String value) {
        switch (option) {
            case "--domain" -> domains.add(value);
            case "--bind" -> bind = value;
            case "--port" -> port = Integer.parseInt(value);
            case "--user" -> users.add(pair(option, value, ":"));
            case "--friends" -> friends.add(pair(option, value, ","));
            case "--ca-file" -> caFile = Path.of(value);
            case "--ready-file" -> readyFile = Path.of(value);
            default -> throw new IllegalArgumentException("no such option: " + option);
        }
    }

    private static String[] pair(String option, String value, String separator) {
        String[] pair = value.split(separator, 2);
        if (pair.length != 2) {
            throw new IllegalArgumentException(option + " wants two parts with a '" + separator + "' between, not one");
        }
        return pair;
    }
}

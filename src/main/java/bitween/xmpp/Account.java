package bitween.xmpp;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.jxmpp.stringprep.XmppStringprepException;

/** How to connect and log in to our account. */
final class Account {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    /** For each step of connecting and logging in. */
    private static final Duration STEP = Duration.ofSeconds(10);
    /** How long a server may take to say good-bye. */
    private static final Duration GOODBYE = Duration.ofMillis(700);

    private final Config.Xmpp config;
    private final Supplier<String> password;
    private final String resource;
    private final Remedies remedies;
    /** Of the addresses that a configured server has, the one to try next. */
    private int next;
    /** What the last login tried; null when it could not be read. */
    private @Nullable String tried;

    Account(Config.Xmpp config, Supplier<String> password, String resource, Remedies remedies) {
        this.config = config;
        this.password = password;
        this.resource = resource;
        this.remedies = remedies;
    }

    /** What is connected to, for people. */
    String server() {
        Config.HostPort server = config.server();
        return server == null ? config.jid().domain() : server.toString();
    }

    /**
     * A connection that {@link #logIn} can use, once.
     *
     * @throws UserException when the configuration, the password file or the name of the configured server is no good
     */
    SturdyConnection prepare() {
        SmackSetup.ensure();
        Wires wires = new Wires();
        var settings = XMPPTCPConnectionConfiguration.builder()
                .setXmppAddressAndPassword(Addresses.bare(config.jid()), newPassword())
                .setSecurityMode(ConnectionConfiguration.SecurityMode.required)
                .setCustomX509TrustManager(ServerTrust.of(config))
                // PLAIN never travels outside TLS: see the security mode
                .addEnabledSaslMechanism("SCRAM-SHA-1")
                .addEnabledSaslMechanism("PLAIN")
                .setCompressionEnabled(false)
                .setSendPresence(false)
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setSocketFactory(wires);
        try {
            settings.setResource(resource);
        } catch (XmppStringprepException e) {
            throw new UserException(ErrorCode.INTERNAL, "the store's name for this device is no XMPP resource", "", e);
        }
        Config.HostPort server = config.server();
        if (server != null) {
            settings.setHostAddress(addressOf(server)).setPort(server.port());
        }
        var connection = new SturdyConnection(settings.build(), () -> wires.last);
        connection.setUseStreamManagement(false);
        connection.setUseStreamManagementResumption(false);
        connection.setReplyTimeout(STEP.toMillis());
        return connection;
    }

    private String newPassword() {
        tried = null; // when the next line throws
        String taken = password.get();
        tried = taken;
        return taken;
    }

    /** Whether somebody has corrected the file since the last login. A keyring is not asked so often. */
    boolean hasNewPassword() {
        if (config.passwordFile() == null) {
            return false;
        }
        try {
            return !password.get().equals(tried);
        } catch (UserException e) {
            return false; // the login has told it
        }
    }

    /**
     * Connects and logs in; blocks, for at most about 30 s. A connection that failed is closed.
     *
     * @throws UserException XMPP_AUTH, XMPP_CERTIFICATE or XMPP_UNREACHABLE
     * @throws InterruptedException when the thread is interrupted
     */
    void logIn(SturdyConnection connection) throws InterruptedException {
        run(connection, () -> {
            connection.connect();
            connection.login();
        });
    }

    /** Connects as {@link #logIn} does, and says nothing yet of who we are. */
    void connect(SturdyConnection connection) throws InterruptedException {
        run(connection, connection::connect);
    }

    private void run(SturdyConnection connection, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (SmackException | XMPPException | IOException e) {
            drop(connection);
            throw explain(e);
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            drop(connection);
            throw e;
        }
    }

    /** @throws UserException when the server gives none; then the connection is dropped */
    RosterPacket roster(SturdyConnection connection) throws InterruptedException {
        try {
            IQ answer = connection.sendIqRequestAndWaitForResponse(new RosterPacket());
            if (answer instanceof RosterPacket roster) {
                return roster;
            }
            drop(connection); // an empty roster would make us forget everybody
            throw explain(new IOException("it answers with something else when asked for the roster"));
        } catch (SmackException | XMPPException e) {
            drop(connection);
            throw explain(e);
        } catch (InterruptedException e) {
            drop(connection);
            throw e;
        }
    }

    UserException explain(Exception failure) {
        return LoginFailure.explain(failure, config, server(), remedies);
    }

    /** Closes without a word; within a second. */
    static void drop(SturdyConnection connection) {
        connection.setReplyTimeout(GOODBYE.toMillis());
        connection.cut();
    }

    /** Says unavailable and closes, within about a second. */
    static void leave(SturdyConnection connection) {
        connection.setReplyTimeout(GOODBYE.toMillis());
        connection.disconnect();
    }

    /** By the system's resolver, so that /etc/hosts counts; Smack would ask DNS only. */
    private InetAddress addressOf(Config.HostPort server) {
        try {
            InetAddress[] all = InetAddress.getAllByName(server.host());
            return all[next++ % all.length];
        } catch (UnknownHostException e) {
            throw new UserException(
                    ErrorCode.XMPP_UNREACHABLE,
                    "the configured server " + server.host() + " has no address: its name cannot be resolved",
                    remedies.unknownServer(),
                    e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SmackException, XMPPException, IOException, InterruptedException;
    }

    /** Smack makes a socket before it connects it, and only so. */
    private static final class Wires extends SocketFactory {
        private volatile @Nullable Wire last;

        @Override
        public Socket createSocket() throws IOException {
            Wire wire = new Wire();
            last = wire;
            return wire;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, @Nullable InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, @Nullable InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }
    }
}

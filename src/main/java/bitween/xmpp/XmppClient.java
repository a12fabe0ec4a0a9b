package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.config.Config;
import bitween.message.ConnectionRequest.LeaveFriends;
import bitween.message.ConnectionRequest.ReturnToFriends;
import bitween.message.PresenceEvent;
import bitween.model.Absence;
import bitween.model.AddressFilter;
import bitween.model.Announcement;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PipeDoor;
import bitween.model.SignedAnnouncement;
import bitween.model.UserException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jspecify.annotations.Nullable;

/**
 * Keeps us online: connects, logs in, loads the roster, announces; has it looked whether the server is still there; and starts over when it is not. Thread: xmpp.
 */
public final class XmppClient implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(XmppClient.class);
    private static final Duration STOP = Duration.ofSeconds(2);
    /** How often streams through the server are looked at. */
    private static final Duration STREAMS = Duration.ofMinutes(1);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final LocalNetworks networks;
    private final Pace pace;
    private final Account account;
    private final FullJid configured;
    private final Backoff backoff;
    private final Interruptible waits = new Interruptible();
    private final Oddities oddities = new Oddities();
    private final Contacts contacts;
    private final Pulse pulse;
    private final Vigil vigil;
    private final PresenceListener presences;
    private final InBandStreams inBand;
    private final Inbound inbound;
    private final Announcer announcer;
    private final OwnAddresses addresses;
    private final KeptAbsence absences;
    private final Function<Announcement, SignedAnnouncement> signer;

    private volatile List<Timers.Timer> rounds = List.of();
    private Absence absence = Absence.PRESENT;
    private @Nullable Session session;
    private Timers.@Nullable Timer retry;
    private @Nullable Failure failure;
    private boolean closed;

    /**
     * @param password asked for at each login, so that a corrected one helps without a restart; may throw UserException
     * @param signer signs each announcement with the device's key; on the thread xmpp
     * @param resource this device's own part of our address, random and kept for good
     */
    public XmppClient(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            Config config,
            Supplier<String> password,
            String resource,
            PendingRequests requests,
            KeptAbsence absences,
            Function<Announcement, SignedAnnouncement> signer) {
        this(
                bus,
                mailbox,
                timers,
                config,
                password,
                resource,
                requests,
                absences,
                signer,
                LocalNetworks::ofThisMachine,
                Pace.USUAL);
    }

    /** As above, with other networks and another pace than usual. */
    public XmppClient(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            Config config,
            Supplier<String> password,
            String resource,
            PendingRequests requests,
            KeptAbsence absences,
            Function<Announcement, SignedAnnouncement> signer,
            LocalNetworks networks,
            Pace pace) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.signer = signer;
        this.absences = absences;
        this.networks = networks;
        this.pace = pace;
        Jid self = config.xmpp().jid();
        configured = new FullJid(self, resource);
        account = new Account(
                config.xmpp(),
                password,
                resource,
                new DaemonRemedies(config.xmpp().passwordFile()));
        backoff = new Backoff(pace.firstRetry(), pace.lastRetry(), RandomGenerator.getDefault());
        contacts = new Contacts(bus, mailbox, self, requests, this::onContactsChanged);
        pulse = new Pulse(contacts::seesUs, this::onSilent, this::onBack);
        vigil = new Vigil(timers, mailbox, System::nanoTime, pace, backoff::reset);
        presences = new PresenceListener(bus, mailbox, timers, contacts, pulse, oddities);
        inBand = new InBandStreams(
                bus, mailbox, contacts, oddities, config.network().inBandBytesPerSecond());
        inbound = new Inbound(mailbox, self, contacts, pulse, presences, inBand, oddities, this::lost);
        announcer = new Announcer(
                bus, mailbox, timers, pace.announcements(), config.device().name());
        addresses = new OwnAddresses(bus, mailbox, config.network(), presences, announcer);
        bus.answer(LeaveFriends.class, mailbox, this::onLeaveFriends);
        bus.answer(ReturnToFriends.class, mailbox, this::onReturnToFriends);
        new ServerClock(bus, mailbox, () -> session);
        new OwnMessages(bus, mailbox, () -> session);
    }

    /** Tells what the last run knew: who waits for an answer, and who is blocked. To be called once, before {@link #start}; done when that is published. */
    public CompletableFuture<Void> load() {
        return CompletableFuture.runAsync(
                () -> {
                    absence = absences.load();
                    contacts.load();
                },
                mailbox);
    }

    /** Returns at once; ConnectionChanged tells what comes of it. */
    public void start() {
        mailbox.execute(() -> {
            look();
            attempt();
        });
        rounds = List.of(
                timers.every(pace.addresses(), mailbox, this::look),
                timers.every(pace.pulse(), mailbox, pulse::round),
                timers.every(STREAMS, mailbox, inBand::check));
    }

    /** Streams of bytes through the server, while we are online. */
    public PipeDoor inBand() {
        return inBand;
    }

    /** Stanzas so far that were dropped: too many, without sense, forged, or of strangers. Any thread. */
    public long refused() {
        return presences.refused() + oddities.count();
    }

    private void attempt() {
        retry = null;
        if (closed || session != null) {
            return;
        }
        if (absence != Absence.PRESENT) {
            publish(Status.AWAY, null);
            return;
        }
        publish(Status.CONNECTING, null);
        long begun = System.nanoTime();
        try {
            waits.run(this::connect);
        } catch (InterruptedException e) {
            log.debug("connecting was interrupted: we are closing");
        } catch (UserException e) {
            abandon();
            failed(e, begun);
        } catch (RuntimeException | AssertionError e) {
            log.error("connecting to {} failed in a way nobody foresaw", account.server(), e);
            abandon();
            failed(new UserException(ErrorCode.INTERNAL, "connecting failed: " + e, "see the log", e), begun);
        }
    }

    /** What was reached so far is no session: nobody may take it for one. */
    private void abandon() {
        SturdyConnection connection = inbound.connection();
        end();
        if (connection != null) {
            Account.drop(connection);
        }
    }

    private void connect() throws InterruptedException {
        SturdyConnection connection = account.prepare();
        inbound.listen(connection);
        account.logIn(connection);
        RosterPacket roster = account.roster(connection);
        FullJid bound = Addresses.sender(connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .from(connection.getUser())
                .build());
        var online = new Session(connection, bound == null ? configured : bound, mailbox, oddities);
        session = online;
        inbound.online(online);
        failure = null;
        vigil.online(online, reason -> lost(connection, reason));
        log.info("online as {} at {}", online.self(), account.server());
        presences.online(online.self());
        pulse.online(device -> online.ask(new Ping(Addresses.full(device)), pace.pulseTimeout()));
        inBand.online(online);
        contacts.online(online, roster);
        publish(Status.ONLINE, null);
        announcer.online(announcement -> online.send(OwnPresence.of(connection, signer.apply(announcement))));
    }

    private void lost(SturdyConnection connection, Exception reason) {
        if (session != null && session.connection() == connection) {
            end();
            Account.drop(connection);
            failed(account.explain(reason), connection.heardNs()); // who found it silent has waited already
        }
    }

    private void end() {
        session = null;
        inbound.offline();
        announcer.offline();
        presences.offline();
        pulse.offline();
        vigil.offline();
        inBand.offline();
        contacts.offline();
    }

    /** @param begunNs a server that takes us in and says nothing costs many seconds, which are no pause to it */
    private void failed(UserException e, long begunNs) {
        Duration spent = Duration.ofNanos(System.nanoTime() - begunNs);
        Duration wait = LoginFailure.isLasting(e) ? pace.slowRetry() : backoff.next(spent);
        boolean news = failure == null || !failure.reason().equals(e.sentence());
        if (news) {
            failure = Failure.of(e, Instant.now());
            log.info("offline: {}", e.sentence());
        }
        log.debug("the next attempt is in {} ms", wait.toMillis(), e);
        retry = timers.after(wait, mailbox, this::attempt);
        publish(Status.OFFLINE, Instant.now().plus(wait));
    }

    private ConnectionState publish(Status status, @Nullable Instant retryAt) {
        FullJid self = session == null ? configured : session.self();
        var now = new ConnectionState(status, self, account.server(), failure, Instant.now(), retryAt, absence);
        bus.publish(new PresenceEvent.ConnectionChanged(now));
        return now;
    }

    private ConnectionState onLeaveFriends(LeaveFriends request) {
        absence = request.stopSeeding() ? Absence.SILENT : Absence.AWAY;
        absences.save(absence);
        disconnect();
        return publish(Status.AWAY, null);
    }

    private ConnectionState onReturnToFriends(ReturnToFriends request) {
        absences.save(Absence.PRESENT);
        if (absence != Absence.PRESENT) {
            mailbox.execute(this::attempt); // which takes as long as the server does
        }
        absence = Absence.PRESENT;
        return publish(session != null ? Status.ONLINE : Status.CONNECTING, null);
    }

    private void onContactsChanged() {
        presences.contactsChanged();
        inBand.contactsChanged();
    }

    private void onSilent(FullJid device) {
        presences.silent(device);
    }

    private void onBack(FullJid device) {
        presences.back(device);
    }

    /** A network that came or went is the time to look for the server, and to tell friends. */
    private void look() {
        if (session == null && retry != null && account.hasNewPassword()) {
            retry.cancel();
            attempt();
        }
        try {
            List<AddressFilter.Network> all = networks.now();
            if (session != null && session.connection().isStranded(all)) {
                lost(session.connection(), new IOException("the address from which it was reached is gone"));
            }
            if (!addresses.look(all)) {
                return;
            }
            if (session != null) {
                vigil.ask();
            } else if (retry != null && failure != null && failure.code() == ErrorCode.XMPP_UNREACHABLE) {
                retry.cancel();
                attempt();
            }
        } catch (SocketException e) {
            log.warn("cannot list our addresses: {}", e.getMessage(), e);
        }
    }

    /** Says that we leave, and leaves; within 2 s, also in the middle of connecting. Idempotent. */
    @Override
    public void close() {
        waits.end();
        SturdyConnection left = inbound.connection();
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            mailbox.execute(() -> {
                leave();
                done.complete(null);
            });
            done.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closed already: {}", e.getMessage());
        } catch (TimeoutException e) {
            log.warn("{} did not let us go within {} s", account.server(), STOP.toSeconds());
            if (left != null) {
                Account.drop(left); // which frees whoever waits for room to send
            }
        } catch (ExecutionException e) {
            log.warn("leaving {} failed", account.server(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave() {
        if (closed) {
            return;
        }
        closed = true;
        rounds.forEach(Timers.Timer::cancel);
        disconnect();
        publish(Status.STOPPED, null);
    }

    private void disconnect() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
        Session left = session;
        end();
        if (left != null) {
            Account.leave(left.connection());
        }
        failure = null;
    }
}

package bitween.link;

import bitween.control.client.Answer;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Announcement;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.testing.EmbeddedServer;
import bitween.testing.Folders;
import bitween.testing.KeptWarnings;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import bitween.xmpp.stanza.AnnouncementElement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Alice's server, which turns evil once she and Bob have seen each other, are linked and share something. What it says goes to Alice's daemon. It has keys of its
 * own, all that was ever announced, and a victim to whom it would like her to connect.
 */
final class EvilServer implements AutoCloseable {
    static final Jid ALICE = new Jid("alice@" + TestServer.DOMAIN);
    static final Jid BOB = new Jid("bob@" + TestServer.DOMAIN);
    /** A friend whom Alice has confirmed, without a device. */
    static final Jid CAROL = new Jid("carol@" + TestServer.DOMAIN);
    /** Was a friend and is none any more. */
    static final Jid DAVE = new Jid("dave@" + TestServer.DOMAIN);
    /** Nobody's friend. */
    static final Jid EVE = new Jid("eve@" + TestServer.DOMAIN);

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Pattern ELEMENT = Pattern.compile("<bitween [^>]*/>|<bitween .*</bitween>");
    private static final Pattern PORT = Pattern.compile("<peer ip='127.0.0.1' port='(\\d+)'");
    private static final Pattern REVISION = Pattern.compile(" rev='([^']*)'");

    final TestDaemon alice;
    final TestDaemon bob;
    /** Where they are on XMPP. */
    final String aliceAt;

    final String bobAt;
    final PeerAddress victim;
    final KeptWarnings warnings = new KeptWarnings();
    /** Each stanza that Alice has sent. */
    final List<String> saidByAlice = new CopyOnWriteArrayList<>();

    private final EmbeddedServer server;
    private final ServerSocketChannel victimDoor;
    private final DeviceKey bobsKey;
    private final Map<String, DeviceKey> keys = new ConcurrentHashMap<>();
    private final List<String> saidByBob = new CopyOnWriteArrayList<>();
    private long counter;
    private String newestHeard = "";
    /** What Alice waits for an answer to. */
    CompletableFuture<?> asked = new CompletableFuture<>();

    private EvilServer(Path directory) throws IOException {
        server = new EmbeddedServer(directory, "alice", "bob", "carol", "dave", "eve");
        server.tap(stanza -> {
            List<String> said = stanza.contains(" from='" + ALICE + "/") ? saidByAlice : saidByBob;
            said.add(stanza);
        });
        victimDoor = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        victimDoor.configureBlocking(false);
        int port = ((InetSocketAddress) victimDoor.getLocalAddress()).getPort();
        victim = new PeerAddress(InetAddress.getLoopbackAddress(), port);
        alice = TestDaemon.started(directory, server, "alice");
        bob = TestDaemon.started(directory, server, "bob");
        bobsKey = DeviceKey.open(bob.home().deviceKey());
        meet(directory);
        aliceAt = address(alice);
        bobAt = address(bob);
        says(Forged.push(null, CAROL, "both"));
    }

    static EvilServer start(Path directory) throws IOException {
        return new EvilServer(directory);
    }

    private void meet(Path directory) throws IOException {
        alice.befriend(bob);
        for (Jid jid : List.of(CAROL, DAVE)) {
            alice.call("friend.add", Map.of("jid", jid.value()));
        }
        alice.call("friend.rm", Map.of("jid", DAVE.value()));
        alice.share(Folders.file(directory.resolve("alices.bin"), 1_000_000, 1));
        bob.share(Folders.file(directory.resolve("bobs.bin"), 1_000_000, 2));
        bob.untilListed(alice, "alices.bin");
        alice.untilListed(bob, "bobs.bin");
        alice.until(
                "friends",
                Map.of(),
                friends -> friends.fields().toString().contains(CAROL.value())
                        && !friends.fields().toString().contains(DAVE.value()));
        alice.until(
                "status",
                Map.of(),
                status -> status.views("links").size() == 1
                        && status.views("links").get(0).text("path").equals("DIRECT"));
    }

    private static String address(TestDaemon daemon) {
        Answer xmpp = daemon.call("status").view("xmpp");
        return xmpp.text("jid") + "/" + xmpp.text("device");
    }

    /** Tells Alice. */
    void says(String stanza) {
        server.inject(aliceAt, stanza);
    }

    /** From now on what Alice says with {@code part} in it gets nowhere. */
    void keepsBack(String part) {
        server.swallow(stanza -> stanza.contains(" from='" + aliceAt + "'") && stanza.contains(part));
    }

    void keepsNothingBack() {
        server.swallow(stanza -> false);
    }

    /** One of the server's own keys. */
    DeviceKey key(String name) {
        return keys.computeIfAbsent(name, unknown -> DeviceKey.create());
    }

    long counter() {
        counter = Math.max(counter + 1, System.currentTimeMillis());
        return counter;
    }

    /** What {@code key} says of a device of {@code account} that listens where the victim does. */
    String announced(DeviceKey key, Jid account, Endorsement... endorsements) {
        var lure = new Announcement("lure", List.of(victim), "lure");
        return xml(Announcements.sign(key, account, lure, counter(), Instant.now(), Arrays.asList(endorsements)));
    }

    /** Bob's device's own words of now, signed with its own key. */
    String genuine() {
        return genuine(counter(), bobsPort());
    }

    /** As Bob's device would have said it, or has. */
    String genuine(long number, int port) {
        String last = newest();
        var at = List.of(new PeerAddress(InetAddress.getLoopbackAddress(), port));
        var announcement =
                new Announcement("bob-laptop", at, found(REVISION, last).group(1));
        return xml(Announcements.sign(bobsKey, BOB, announcement, number, Instant.now(), List.of()));
    }

    int bobsPort() {
        return Integer.parseInt(found(PORT, newest()).group(1));
    }

    /** What Bob's daemon announced first. */
    String oldest() {
        return announcements().get(0);
    }

    /** What Bob's daemon announced last. */
    String newest() {
        List<String> all = announcements();
        return all.get(all.size() - 1);
    }

    /** The last of what {@link #bobIsHeard} has said. */
    String newestHeard() {
        return newestHeard;
    }

    private List<String> announcements() {
        return saidByBob.stream()
                .filter(stanza -> stanza.startsWith("<presence")
                        && ELEMENT.matcher(stanza).find())
                .map(stanza -> found(ELEMENT, stanza).group())
                .toList();
    }

    private static MatchResult found(Pattern pattern, String text) {
        return pattern.matcher(text).results().findFirst().orElseThrow(() -> new AssertionError(text));
    }

    private static String xml(SignedAnnouncement signed) {
        return AnnouncementElement.of(signed).toXML().toString();
    }

    /** Word that Bob's device gave for {@code device}, for that account. */
    Endorsement wordOfBob(Jid account, DeviceKey device) {
        return Announcements.endorse(bobsKey, account, device.fingerprint());
    }

    String bobsId() {
        return bobsKey.fingerprint().hex();
    }

    /** An honest announcement of Bob's comes through, after all that was said before it. */
    void bobIsHeard() throws Exception {
        var heard = alice.next(DeviceAnnounced.class);
        newestHeard = genuine();
        says("<presence from='" + bobAt + "'>" + newestHeard + "</presence>");
        heard.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Stanzas that Alice's daemon says it dropped. */
    long dropped() {
        return alice.call("status").view("dropped").number("stanzas");
    }

    /** Whether somebody connected where only lies lead. */
    boolean victimWasCalled() throws IOException {
        try (SocketChannel caller = victimDoor.accept()) {
            return caller != null;
        }
    }

    void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(SOON).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    @Override
    public void close() throws IOException {
        alice.close();
        bob.close();
        server.close();
        victimDoor.close();
        warnings.close();
    }
}

package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.OwnerRequest.TellOwner;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.testing.ChatProgram;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.TcpProxy;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a stream takes that is dead; that no stream is ever resumed (XEP-0198) leaves no ghost, and loses no word that matters. */
@Tag("xmpp-server")
@Timeout(180)
class UnheardIT {
    /** Prosody and ejabberd keep who may resume for five minutes and more. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void who_is_accepted_over_a_dead_stream_is_a_friend_once_there_is_another() throws Exception {
        try (TcpProxy network = TcpProxy.to(people.server().at("bob"))) {
            TestDaemon alice = people.start("alice");
            TestDaemon bob = people.start("bob", Map.of("xmpp.server", "127.0.0.1:" + network.port()));
            alice.untilOnline();
            bob.untilOnline();
            alice.call("friend.add", Map.of("jid", bob.jid()));
            bob.until("friends", Map.of(), friends -> friends.texts("pending").contains(alice.jid()));

            network.lose();
            CompletableFuture<RosterEntry> accepted = bob.ask(new AcceptFriend(new Jid(alice.jid())));

            alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
            bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
            assertThat(accepted)
                    .as("no time was up before the connection was found dead")
                    .succeedsWithin(AT_ONCE)
                    .extracting(RosterEntry::asked)
                    .isEqualTo(true);
            assertThat(bob.call("friends").texts("pending")).isEmpty();
        }
    }

    @Test
    void what_was_told_over_a_dead_stream_is_told_over_the_next() throws Exception {
        try (TcpProxy network = TcpProxy.to(people.server().at("bob"));
                ChatProgram phone = ChatProgram.of(people.server(), "bob")) {
            TestDaemon bob = people.start("bob", Map.of("xmpp.server", "127.0.0.1:" + network.port()));
            bob.untilOnline();
            phone.beOnline();

            network.lose();
            bob.ask(new TellOwner("ready: Holiday")).join();

            assertThat(phone.hears()).isEqualTo("ready: Holiday");
        }
    }

    @Test
    void a_device_that_is_killed_leaves_no_ghost_that_could_be_resumed() throws Exception {
        TestDaemon alice = people.start("alice");
        Program bob = Program.initialised(
                directory, people.server(), "bob", people.server().at("bob"));
        try {
            assertThat(bob.run("daemon").exitCode()).isZero();
            alice.untilOnline();
            alice.call("friend.add", Map.of("jid", bob.jid()));
            Awaitility.await("bob can accept")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> bob.run("friend", "accept", alice.jid()).exitCode() == 0);
            alice.until("friends", Map.of(), friends -> isAvailable(friends, bob.jid()));

            Program.kill("KILL", bob.pid());
            long died = System.nanoTime();
            alice.until("friends", Map.of(), friends -> !isAvailable(friends, bob.jid()));

            assertThat(Duration.ofNanos(System.nanoTime() - died)).isLessThan(AT_ONCE);
        } finally {
            bob.run("stop");
        }
    }

    private static boolean isAvailable(Answer friends, String jid) {
        return friends.views("friends").stream()
                .anyMatch(friend -> friend.text("jid").equals(jid) && friend.flag("available"));
    }
}

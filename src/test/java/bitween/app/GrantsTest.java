package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Revisions;
import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.LinkEvent.LimitsChanged;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Absence;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ConnectionState;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrantsTest {
    private static final Device BOB = new Device(new Jid("bob@example.org"), new DeviceId("b"));
    private static final InfoHash HASH = new InfoHash("a".repeat(40));

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Mailbox busThread = threads.lane("bus");
    private final Bus bus = new Bus(busThread);
    private final CatalogueKeeper keeper =
            new CatalogueKeeper(bus, busThread, Clock.systemUTC(), new Revisions(Bytes.of(new byte[32])));
    private final Grants grants = new Grants(keeper);

    @Test
    void who_is_silent_gives_nobody_anything_and_says_so_at_once_to_who_carries_it() {
        List<AccessChanged> changes = new ArrayList<>();
        Share share = new Share("music", HASH, new ContentId("a".repeat(64)), 1, 1);
        becomes(Absence.PRESENT);
        bus.publish(new RosterChanged(
                List.of(new RosterEntry(BOB.jid(), null, RosterEntry.Subscription.BOTH, false, Set.of()))));
        bus.publish(new TransferChanged(Transfer.of(
                        new TransferId(1),
                        Transfer.Kind.SHARE,
                        "music",
                        Path.of("/srv/music"),
                        TransferState.SEEDING,
                        HASH,
                        Instant.EPOCH,
                        Audience.EVERYONE)
                .with(share)));
        threads.runAll();
        bus.subscribe(AccessChanged.class, busThread, changes::add);
        assertThat(grants.mayServe(BOB, HASH)).isTrue();

        becomes(Absence.AWAY);
        assertThat(grants.mayServe(BOB, HASH)).isTrue();
        changes.clear();
        becomes(Absence.SILENT);
        assertThat(grants.mayServe(BOB, HASH)).isFalse();
        assertThat(changes).hasSize(1);
        becomes(Absence.PRESENT);
        assertThat(grants.mayServe(BOB, HASH)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferState.class,
            names = {"WAITING_FOR_FRIEND", "METADATA", "QUEUED", "DOWNLOADING"})
    void a_job_that_is_not_complete_is_wanted_also_in_the_moment_in_which_it_waits_for_its_turn(TransferState state) {
        bus.publish(new TransferChanged(Transfer.of(
                new TransferId(1),
                Transfer.Kind.JOB,
                "music",
                Path.of("/srv/music"),
                state,
                HASH,
                Instant.EPOCH,
                Audience.NOBODY)));
        threads.runAll();

        assertThat(grants.wants(HASH)).isTrue();
    }

    @Test
    void somebody_who_is_paused_is_so_at_once_for_who_carries_bytes() {
        List<AccessChanged> changes = new ArrayList<>();
        bus.publish(new RosterChanged(
                List.of(new RosterEntry(BOB.jid(), null, RosterEntry.Subscription.BOTH, false, Set.of()))));
        threads.runAll();
        bus.subscribe(AccessChanged.class, busThread, changes::add);
        assertThat(grants.isPaused(BOB)).isFalse();

        bus.publish(new LimitsChanged(Map.of(BOB.jid(), RateLimit.NONE.paused(true))));
        threads.runAll();

        assertThat(grants.isPaused(BOB)).isTrue();
        assertThat(changes).hasSize(1);
    }

    private void becomes(Absence absence) {
        bus.publish(new ConnectionChanged(new ConnectionState(
                ConnectionState.Status.AWAY, null, "example.org", null, Instant.EPOCH, null, absence)));
        threads.runAll();
    }
}

package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Audience;
import bitween.model.Device;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.store.SecretStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper, and the peer finder that looks at it. */
class CatalogueKeeperTest {
    private static final Device LAPTOP = Lists.device("alice@example.org", "laptop");
    private static final Device PHONE = Lists.device("alice@example.org", "phone");
    private static final Device BOBS = Lists.device("bob@example.org", "desk");
    private static final Share MUSIC = Lists.share("music", 'a');

    @TempDir
    Path temp;

    private CatalogueWorld world;

    @BeforeEach
    void open() {
        world = new CatalogueWorld(temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_new_list_of_ours_is_told_once() {
        Transfer seeding = Lists.seeding(1, MUSIC);
        world.says(Lists.roster(LAPTOP.jid()));
        world.said.clear();

        world.says(new TransferChanged(seeding), new TransferChanged(seeding));

        String revision = world.keeper.current().ownRevision();
        assertThat(world.said(OwnSharesChanged.class)).containsExactly(new OwnSharesChanged(revision));
    }

    @Test
    void no_moment_shows_a_list_under_the_revision_of_another() {
        world.says(Lists.roster(LAPTOP.jid()));
        Revisions revisions = new Revisions(new SecretStore(world.database).revisionKey());

        world.bus.publish(new TransferChanged(Lists.seeding(1, MUSIC)));
        world.bus.publish(new TransferChanged(Lists.seeding(2, Lists.share("films", 'b'))));
        world.bus.publish(new TransferRemoved(Lists.seeding(1, MUSIC)));

        while (world.threads.runOne()) {
            Catalogue now = world.keeper.current();
            assertThat(now.ownRevision()).isEqualTo(revisions.ofAllViews(now));
        }
        assertThat(world.keeper.current().ownShares()).hasSize(1);
    }

    @Test
    void who_waits_until_it_has_caught_up_sees_all_that_was_published_before() {
        world.bus.publish(new TransferChanged(Lists.seeding(1, MUSIC)));

        CompletableFuture<Catalogue> seen = world.keeper.caughtUp().thenApply(done -> world.keeper.current());

        while (world.threads.runOne() && !seen.isDone()) {}
        assertThat(seen.join().ownShares()).hasSize(1);
    }

    @Test
    void before_the_roster_is_known_there_is_nothing_to_tell() {
        world.says(new TransferChanged(Lists.seeding(1, MUSIC)));

        assertThat(world.said(OwnSharesChanged.class)).isEmpty();
        assertThat(world.keeper.current().ownRevision()).isEmpty();
    }

    @Test
    void the_same_shares_and_friends_have_the_same_revision_after_a_restart() {
        world.says(new TransferChanged(Lists.seeding(1, MUSIC)), Lists.roster(LAPTOP.jid()));
        String before = world.keeper.current().ownRevision();
        world.close();
        world = new CatalogueWorld(temp);

        world.says(new TransferChanged(Lists.seeding(1, MUSIC)), Lists.roster(LAPTOP.jid()));

        assertThat(world.said(OwnSharesChanged.class)).containsExactly(new OwnSharesChanged(before));
    }

    @Test
    void a_roster_group_that_lets_somebody_in_is_news_and_a_nickname_is_not() {
        world.says(
                new TransferChanged(Lists.seeding(1, MUSIC).with(Audience.parse(List.of("@family")))),
                Lists.roster(LAPTOP.jid()));
        String alone = world.keeper.current().ownRevision();

        world.says(Lists.rosterOf(Lists.contact(LAPTOP.jid(), "@unheard of")));
        assertThat(world.keeper.current().ownRevision()).isEqualTo(alone);

        world.says(Lists.rosterOf(Lists.contact(LAPTOP.jid(), "family")));
        assertThat(world.keeper.current().ownRevision()).isNotEqualTo(alone);
        assertThat(world.said(OwnSharesChanged.class)).hasSize(2);
    }

    @Test
    void whoever_hears_that_access_changed_finds_the_catalogue_changed() {
        List<Boolean> served = new ArrayList<>();
        world.bus.subscribe(
                AccessChanged.class,
                world.threads.lane("link"),
                event -> served.add(world.keeper.current().mayServe(LAPTOP.jid(), MUSIC.hash())));
        Transfer share = Lists.seeding(1, MUSIC);

        world.says(Lists.roster(LAPTOP.jid()));
        world.says(new TransferChanged(share));
        world.says(new TransferChanged(Lists.job(2, Lists.share("films", 'b'))));
        world.says(new TransferChanged(share.with(Audience.NOBODY)));
        world.says(new TransferChanged(share));
        world.says(Lists.roster());

        assertThat(served).containsExactly(false, true, false, true, false);
    }

    @Test
    void what_comes_back_has_the_revision_it_had() {
        Transfer seeding = Lists.seeding(1, MUSIC);
        world.says(Lists.roster(LAPTOP.jid()));
        world.said.clear();

        world.says(new TransferChanged(seeding), new TransferRemoved(seeding), new TransferChanged(seeding));

        List<OwnSharesChanged> told = world.said(OwnSharesChanged.class);
        assertThat(told).hasSize(3);
        assertThat(told.get(2)).isEqualTo(told.get(0)).isNotEqualTo(told.get(1));
    }

    @Test
    void a_job_is_no_news_for_friends() {
        world.says(Lists.roster(LAPTOP.jid()), new TransferChanged(Lists.job(1, MUSIC)));

        assertThat(world.said(OwnSharesChanged.class)).hasSize(1); // the empty list has a revision, too
        assertThat(world.keeper.current().ownShares()).isEmpty();
    }

    @Test
    void who_waits_gets_the_catalogue_once_it_is_as_wanted() throws InterruptedException {
        try (MailboxThread busThread = MailboxThread.start("bus-of-test")) {
            Bus bus = new Bus(busThread);
            CatalogueKeeper keeper = new CatalogueKeeper(bus, busThread, Clock.systemUTC(), Lists.REVISIONS);
            bus.publish(new TransferChanged(Lists.seeding(1, MUSIC)));

            Catalogue seen = keeper.await(now -> !now.ownShares().isEmpty(), Duration.ofSeconds(10));

            assertThat(seen.ownShares()).containsExactly(MUSIC);
        }
    }

    @Test
    void who_waits_in_vain_gets_what_there_is() throws InterruptedException {
        Catalogue seen = world.keeper.await(now -> false, Duration.ofMillis(1));

        assertThat(seen).isEqualTo(Catalogue.EMPTY);
    }

    @Test
    void a_job_that_wants_peers_gets_all_devices_that_hold_it_and_are_online() {
        known(LAPTOP, PHONE);
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")));

        world.says(new PeersWanted(MUSIC.hash()));

        assertThat(world.said(HoldersFound.class)).containsExactly(new HoldersFound(MUSIC.hash(), List.of(LAPTOP)));
    }

    @Test
    void nobody_online_means_no_peers() {
        known(LAPTOP);
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")), new DeviceGone(LAPTOP));

        world.says(new PeersWanted(MUSIC.hash()));

        assertThat(world.said(HoldersFound.class)).isEmpty();
    }

    @Test
    void a_friend_who_comes_online_is_found_by_jobs_that_want_him_and_no_others() {
        known(LAPTOP);
        world.says(
                new TransferChanged(Lists.job(1, MUSIC)), new TransferChanged(Lists.job(2, Lists.share("films", 'b'))));

        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")));
        world.says(new TransferChanged(Lists.job(1, MUSIC).with(TransferState.VERIFYING)));
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")));

        assertThat(world.said(HoldersFound.class)).containsExactly(new HoldersFound(MUSIC.hash(), List.of(LAPTOP)));
    }

    @Test
    void who_has_a_copy_under_another_name_and_hash_is_found_too_once_the_job_knows_its_own_content() {
        Share copy = new Share("tunes", Lists.share("films", 'b').hash(), MUSIC.content(), MUSIC.sizeBytes(), 3);
        known(LAPTOP);
        world.says(new FriendsLoaded(List.of(Lists.list(BOBS, "r1", copy)), Map.of()));
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")));
        world.says(new DeviceAnnounced(BOBS, Lists.announcement("r1")));
        Transfer job = Lists.job(1, MUSIC);
        world.says(new TransferChanged(withoutMetadata(job)));
        world.said.clear();

        world.says(new PeersWanted(MUSIC.hash()));
        world.says(new TransferChanged(job));
        world.says(new PeersWanted(MUSIC.hash()));

        assertThat(world.said(HoldersFound.class))
                .containsExactly(
                        new HoldersFound(MUSIC.hash(), List.of(LAPTOP)),
                        new HoldersFound(MUSIC.hash(), List.of(LAPTOP), List.of(BOBS)));
        assertThat(world.keeper.current().offered(BOBS, MUSIC.hash())).contains(copy.hash());
        assertThat(world.keeper.current().offered(LAPTOP, MUSIC.hash())).contains(MUSIC.hash());
        assertThat(world.keeper.current().offered(PHONE, MUSIC.hash())).isEmpty();
    }

    @Test
    void who_comes_online_with_a_copy_is_found_by_the_job_that_can_use_it() {
        Share copy = new Share("tunes", Lists.share("films", 'b').hash(), MUSIC.content(), MUSIC.sizeBytes(), 3);
        world.says(new FriendsLoaded(List.of(Lists.list(BOBS, "r1", copy)), Map.of()));
        world.says(new TransferChanged(Lists.job(1, MUSIC)));
        world.said.clear();

        world.says(new DeviceAnnounced(BOBS, Lists.announcement("r1")));

        assertThat(world.said(HoldersFound.class))
                .containsExactly(new HoldersFound(MUSIC.hash(), List.of(), List.of(BOBS)));
    }

    @Test
    void a_job_waits_while_what_it_gets_is_unavailable_and_goes_on_when_it_is_back() {
        world.says(new FriendsLoaded(List.of(Lists.list(LAPTOP, "r1", MUSIC.withheld())), Map.of()));
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement("r1")));
        world.says(new TransferChanged(Lists.job(1, MUSIC)), new PeersWanted(MUSIC.hash()));
        assertThat(world.said(HoldersFound.class)).isEmpty();
        assertThat(world.keeper.current().offered(LAPTOP, MUSIC.hash())).isEmpty();
        assertThat(world.keeper.current().holders(MUSIC.hash())).as("is known").hasSize(1);

        world.says(new FriendListFetched(Lists.list(LAPTOP, "r2", MUSIC)));

        assertThat(world.said(HoldersFound.class)).containsExactly(new HoldersFound(MUSIC.hash(), List.of(LAPTOP)));
    }

    private static Transfer withoutMetadata(Transfer job) {
        return Transfer.of(
                job.id(),
                job.kind(),
                job.name(),
                job.place(),
                TransferState.METADATA,
                job.hash(),
                job.since(),
                job.audience());
    }

    private void known(Device... devices) {
        world.says(new FriendsLoaded(
                List.of(devices).stream()
                        .map(device -> Lists.list(device, "r1", MUSIC))
                        .toList(),
                Map.of()));
    }
}

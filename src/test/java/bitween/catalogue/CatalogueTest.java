package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Event;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.Device;
import bitween.model.DeviceTrust;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Former;
import bitween.model.FullJid;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Progress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogueTest {
    private static final Instant NOW = Lists.NOW;
    private static final Share MUSIC = Lists.share("music", 'a');
    private static final Device LAPTOP = Lists.device("alice@example.org", "laptop");
    private static final Device PHONE = Lists.device("alice@example.org", "phone");
    private static final Jid ALICE = LAPTOP.jid();

    @Test
    void transfers_are_known_from_the_start_to_their_removal() {
        Transfer first = Lists.seeding(1, MUSIC);
        Transfer second = Lists.seeding(2, Lists.share("films", 'b'));
        Progress half = new Progress(5, 10, 0, 0, 0, List.of());

        Catalogue loaded = after(
                new TransfersLoaded(List.of(first)),
                new TransferChanged(second),
                new TransfersProgressed(Map.of(first.id(), half)));
        Catalogue removed = loaded.with(new TransferRemoved(first), NOW);

        assertThat(loaded.transfers().values()).containsExactly(first, second);
        assertThat(loaded.progressOf(first.id())).isEqualTo(half);
        assertThat(loaded.transfer(MUSIC.hash())).contains(first);
        assertThat(removed.transfers().values()).containsExactly(second);
        assertThat(removed.progressOf(first.id())).isEqualTo(Progress.NONE);
    }

    @Test
    void a_device_of_a_contact_may_be_linked_before_it_is_announced() {
        LinkChanged linked = new LinkChanged(LAPTOP, LinkPath.inBand(), NOW);
        DeviceAnnounced announced = new DeviceAnnounced(LAPTOP, Lists.announcement(""));

        FriendDevice device = after(Lists.rosterOf(Lists.contact(ALICE)), linked, announced)
                .device(LAPTOP)
                .orElseThrow();

        assertThat(device.link()).isEqualTo(new FriendDevice.Path(LinkPath.inBand(), NOW));
        assertThat(after(linked).friends()).as("nobody's device").isEmpty();
        assertThat(after(Lists.rosterOf(Lists.contact(ALICE)), new LinkChanged(LAPTOP, null, NOW))
                        .device(LAPTOP))
                .isEmpty();
    }

    @Test
    void only_what_is_seeded_is_shared() {
        Catalogue catalogue = after(new TransfersLoaded(List.of(
                Lists.seeding(1, MUSIC),
                Lists.seeding(2, Lists.share("films", 'b')).with(TransferState.FAILED),
                Lists.job(3, Lists.share("book", 'c')).completed(NOW))));

        assertThat(catalogue.ownShares()).containsExactly(MUSIC);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferState.class,
            names = {"VERIFYING", "MISSING", "STALE"})
    void what_is_withdrawn_because_of_its_files_stays_in_the_list_and_is_not_given(TransferState state) {
        Catalogue catalogue =
                after(new TransferChanged(Lists.seeding(1, MUSIC).with(state)), Lists.rosterOf(Lists.contact(ALICE)));

        assertThat(catalogue.sharesFor(ALICE)).containsExactly(MUSIC.withheld());
        assertThat(catalogue.mayServe(ALICE, MUSIC.hash())).isFalse();
    }

    @ParameterizedTest(name = "{0} in {1}, granted to {2}")
    @CsvSource(delimiter = '|', textBlock = """
        BOTH |              | everyone                   | true
        BOTH |              | alice@example.org          | true
        BOTH |              | bob@example.org            | false
        BOTH | family;work  | @work                      | true
        BOTH | family       | @Family                    | false
        BOTH | family       | @fam                       | false
        BOTH | everyone     | @nobody                    | false
        BOTH |              | bob@example.org;@a;@b      | false
        BOTH | b            | bob@example.org;@a;@b      | true
        BOTH |              |                            | false
        FROM | work         | everyone;@work             | false
        TO   | work         | everyone;alice@example.org | false
        NONE | work         | everyone;alice@example.org | false
        """)
    void a_share_is_for_contacts_who_are_meant(
            RosterEntry.Subscription subscription, @Nullable String groups, @Nullable String grantees, boolean served) {
        Audience audience = Audience.parse(split(grantees));
        Catalogue catalogue = after(
                new TransferChanged(Lists.seeding(1, MUSIC).with(audience)),
                Lists.rosterOf(new RosterEntry(ALICE, null, subscription, false, Set.copyOf(split(groups)))));

        assertThat(catalogue.mayServe(ALICE, MUSIC.hash())).isEqualTo(served);
        assertThat(catalogue.sharesFor(ALICE)).isEqualTo(served ? List.of(MUSIC) : List.of());
        assertThat(catalogue.ownShares()).containsExactly(MUSIC);
    }

    @Test
    void who_is_granted_a_live_share_is_given_what_is_kept_of_it_and_nobody_else_is() {
        InfoHash former = Lists.share("before", 'b').hash();
        Share live = MUSIC.at(3).keeping(List.of(new Former(2, former)));
        Audience alice = Audience.parse(List.of(ALICE.value()));
        Transfer share = Lists.seeding(1, live).with(alice);
        Jid bob = new Jid("bob@example.org");
        Catalogue catalogue = after(roster(ALICE, bob), new TransferChanged(share));

        assertThat(catalogue.mayServe(ALICE, former)).isTrue();
        assertThat(catalogue.mayServe(bob, former)).isFalse();
        assertThat(after(roster(ALICE), new TransferChanged(share.with(TransferState.STALE)))
                        .mayServe(ALICE, former))
                .as("what was is as it was, whatever it has become")
                .isTrue();
        assertThat(after(roster(ALICE), new TransferChanged(share.with(TransferState.PAUSED)))
                        .mayServe(ALICE, former))
                .isFalse();
        assertThat(after(roster(ALICE), new TransferChanged(share.with(MUSIC.at(3))))
                        .mayServe(ALICE, former))
                .isFalse();
    }

    @Test
    void what_its_user_has_paused_is_listed_without_a_byte_of_it_and_what_a_disk_has_stopped_is_not() {
        Share live = MUSIC.at(3)
                .keeping(List.of(new Former(2, Lists.share("before", 'b').hash())));
        Transfer share = Lists.seeding(1, live).with(Audience.parse(List.of(ALICE.value())));
        Transfer paused = share.paused(new Failure(ErrorCode.PAUSED_BY_USER, "you paused it", "", NOW));

        Catalogue catalogue = after(roster(ALICE), new TransferChanged(paused));

        assertThat(catalogue.sharesFor(ALICE)).containsExactly(live.withheld().keeping(List.of()));
        assertThat(catalogue.mayServe(ALICE, MUSIC.hash())).isFalse();
        assertThat(catalogue.mayServe(ALICE, live.kept().get(0).hash())).isFalse();
        assertThat(after(roster(ALICE), new TransferChanged(share.with(TransferState.PAUSED)))
                        .sharesFor(ALICE))
                .isEmpty();
    }

    @Test
    void a_device_gives_what_it_kept_also_while_what_it_shares_cannot_be_had() {
        Share former = Lists.share("before", 'b');
        Share live = MUSIC.at(3).keeping(List.of(new Former(2, former.hash())));
        Device device = Lists.device(ALICE.value(), "x");
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(device, Lists.announcement("r1")),
                new FriendListFetched(Lists.list(device, "r1", live.withheld())));

        assertThat(catalogue.holders(former.hash())).hasSize(1);
        assertThat(catalogue.offered(device, former.hash())).contains(former.hash());
        assertThat(catalogue.offered(device, MUSIC.hash())).isEmpty();
        assertThat(catalogue.holders(Lists.share("other", 'c').hash())).isEmpty();
    }

    @Test
    void whoever_stands_in_no_roster_gets_nothing_and_ones_own_devices_everything() {
        Catalogue catalogue = after(
                new ConnectionChanged(online("me@example.org")),
                new TransferChanged(Lists.seeding(1, MUSIC)),
                new TransferChanged(Lists.seeding(2, Lists.share("films", 'b')).with(Audience.NOBODY)),
                roster(ALICE),
                new DeviceAnnounced(Lists.device("bob@example.org", "x"), Lists.announcement("r1")));

        assertThat(catalogue.sharesFor(new Jid("bob@example.org"))).isEmpty();
        assertThat(catalogue.sharesFor(new Jid("me@example.org"))).isEqualTo(catalogue.ownShares());
        assertThat(catalogue.mayServe(new Jid("me@example.org"), MUSIC.hash())).isTrue();
        assertThat(catalogue.with(roster(), NOW).mayServe(ALICE, MUSIC.hash())).isFalse();
    }

    @Test
    void nobody_gets_from_us_what_we_only_download_or_compare() {
        Share films = Lists.share("films", 'b');
        Catalogue catalogue = after(
                roster(ALICE),
                new TransferChanged(Lists.job(1, MUSIC).completed(NOW).with(Audience.EVERYONE)),
                new TransferChanged(Lists.seeding(2, films).with(TransferState.VERIFYING)));

        assertThat(catalogue.mayServe(ALICE, MUSIC.hash())).isFalse();
        assertThat(catalogue.mayServe(ALICE, films.hash())).isFalse();
        assertThat(catalogue.sharesFor(ALICE)).containsExactly(films.withheld());
    }

    @Test
    void engine_connection_requests_and_revision_are_the_newest_told() {
        EngineStatus engine = new EngineStatus(6881, "posix", "", null);
        ConnectionState online = online("me@example.org");

        Catalogue catalogue = after(
                new EngineChanged(engine),
                new ConnectionChanged(online),
                new RequestsChanged(Set.of(ALICE)),
                new OwnSharesChanged("r1"));

        assertThat(catalogue.engine()).isEqualTo(engine);
        assertThat(catalogue.connection()).isEqualTo(online);
        assertThat(catalogue.requests()).containsExactly(ALICE);
        assertThat(catalogue.ownRevision()).isEqualTo("r1");
    }

    @Test
    void two_devices_of_a_friend_are_told_apart() {
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                new DeviceAnnounced(PHONE, Lists.announcement("r2")),
                new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)),
                new DeviceGone(PHONE));

        Friend alice = friend(catalogue, ALICE);
        assertThat(alice.sortedDevices()).extracting(FriendDevice::device).containsExactly(LAPTOP, PHONE);
        assertThat(alice.sortedDevices()).extracting(FriendDevice::isOnline).containsExactly(true, false);
        assertThat(catalogue.holders(MUSIC.hash()))
                .extracting(FriendDevice::device)
                .containsExactly(LAPTOP);
        assertThat(alice.lastSeen()).isEqualTo(NOW);
    }

    @Test
    void a_device_keeps_its_name_when_it_goes_also_one_whose_list_was_never_here() {
        Device nameless = Lists.device("alice@example.org", "2f0ba781871cbe4b6a");
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                new DeviceGone(LAPTOP),
                new DeviceHeld(PHONE, "her phone", DeviceTrust.WAITING, "it waits", false),
                new DeviceAnnounced(PHONE, new Announcement("", List.of(), "r1")),
                new DeviceGone(PHONE),
                new DeviceAnnounced(nameless, new Announcement("", List.of(), "r1")));

        assertThat(catalogue.device(LAPTOP).orElseThrow().name())
                .isEqualTo(Lists.announcement("r1").deviceName());
        assertThat(catalogue.device(PHONE).orElseThrow().name()).isEqualTo("her phone");
        assertThat(catalogue.device(nameless).orElseThrow().name()).isEqualTo("2f0ba781");
    }

    @Test
    void a_list_outlives_its_device_and_a_failure_to_get_a_newer_one() {
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)),
                new FriendListFailed(LAPTOP, "no answer"),
                new DeviceGone(LAPTOP));

        FriendDevice laptop = catalogue.device(LAPTOP).orElseThrow();
        assertThat(laptop.failure()).isEqualTo("no answer");
        assertThat(laptop.list()).extracting(FriendList::revision).isEqualTo("r1");
        assertThat(laptop.sortedShares()).containsExactly(MUSIC);
        assertThat(laptop.name()).isEqualTo("laptop");
    }

    @Test
    void who_left_the_roster_is_forgotten_with_what_they_shared() {
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)),
                roster());

        assertThat(catalogue.friends()).isEmpty();
        assertThat(catalogue.holders(MUSIC.hash())).isEmpty();
    }

    @Test
    void what_is_heard_last_of_who_left_brings_nobody_back() {
        Catalogue catalogue = after(
                roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                roster(),
                new DeviceGone(LAPTOP),
                new ContactSeen(ALICE, false),
                new FriendListFailed(LAPTOP, "no answer"),
                new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)));

        assertThat(catalogue.friends()).isEmpty();
    }

    @Test
    void a_list_that_was_on_its_way_when_its_device_lost_trust_is_not_shown() {
        Catalogue now = after(
                Lists.roster(LAPTOP.jid()),
                new DeviceAnnounced(LAPTOP, Lists.announcement("r1")),
                new DeviceRemoved(LAPTOP),
                new DeviceHeld(LAPTOP, "laptop", DeviceTrust.CHANGED, "you trust it no longer", true),
                new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)));

        assertThat(now.holders(MUSIC.hash())).isEmpty();
        assertThat(now.device(LAPTOP)).isPresent();
    }

    @Test
    void ones_own_other_devices_stay_although_they_stand_in_no_roster() {
        Device own = Lists.device("me@example.org", "desk");

        Catalogue catalogue = after(
                new ConnectionChanged(online("me@example.org")),
                new DeviceAnnounced(own, Lists.announcement("r1")),
                roster(ALICE));

        assertThat(catalogue.friends().keySet()).containsExactlyInAnyOrder(ALICE, own.jid());
        assertThat(catalogue.device(own)).isPresent();
    }

    @Test
    void what_the_store_holds_of_friends_is_known_before_the_roster() {
        Instant earlier = NOW.minusSeconds(60);

        Catalogue catalogue = after(
                new FriendsLoaded(List.of(Lists.list(LAPTOP, "r1", MUSIC)), Map.of(ALICE, earlier)), roster(ALICE));

        assertThat(friend(catalogue, ALICE).lastSeen()).isEqualTo(earlier);
        assertThat(friend(catalogue, ALICE).isReachable()).isFalse();
        assertThat(catalogue.holders(MUSIC.hash())).hasSize(1);
    }

    @Test
    void a_contact_with_another_program_is_available_but_no_device() {
        Catalogue catalogue = after(roster(ALICE), new ContactSeen(ALICE, true));

        assertThat(friend(catalogue, ALICE).available()).isTrue();
        assertThat(friend(catalogue, ALICE).isReachable()).isFalse();
    }

    private static List<String> split(@Nullable String texts) {
        return texts == null ? List.of() : List.of(texts.split(";"));
    }

    private static Catalogue after(Event... events) {
        Catalogue catalogue = Catalogue.EMPTY;
        for (Event event : events) {
            catalogue = catalogue.with(event, NOW);
        }
        return catalogue;
    }

    private static Friend friend(Catalogue catalogue, Jid jid) {
        return Objects.requireNonNull(catalogue.friends().get(jid));
    }

    private static RosterChanged roster(Jid... jids) {
        return Lists.roster(jids);
    }

    private static ConnectionState online(String jid) {
        return new ConnectionState(
                ConnectionState.Status.ONLINE, new FullJid(new Jid(jid), "here"), "example.org", null, NOW, null);
    }
}

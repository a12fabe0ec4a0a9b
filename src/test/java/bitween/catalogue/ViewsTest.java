package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Event;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ContentId;
import bitween.model.FullJid;
import bitween.model.Grantee;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whatever the roster, its groups and the grants: nobody is told a name or a hash that is not for them, and each change of a view is announced. */
class ViewsTest {
    private static final Set<TransferState> LISTED = Set.of(TransferState.SEEDING, TransferState.STALE);
    private static final Jid SELF = new Jid("me@example.org");
    private static final List<String> GROUPS = List.of("family", "Family", "work", "everyone", "p0@example.org");
    private static final List<Subscription> HALF = List.of(Subscription.NONE, Subscription.TO, Subscription.FROM);
    private static final int PEOPLE = 6;
    private static final int SHARES = 5;

    @Property(tries = 60)
    @Tag("slow")
    void nobody_is_told_what_is_not_granted_and_each_change_of_a_view_is_announced(@ForAll long seed) {
        Random random = new Random(seed);
        Catalogue catalogue = Catalogue.EMPTY.with(self(), Lists.NOW);
        AllViews keptUp = new AllViews(Lists.REVISIONS);
        keptUp.of(catalogue);

        for (int step = 0; step < 30; step++) {
            Event event = event(random);
            Catalogue next = catalogue.with(event, Lists.NOW);
            Map<Jid, String> before = views(catalogue);
            Map<Jid, String> after = views(next);

            people().forEach(jid -> check(next, jid));
            assertThat(document(next.sharesFor(SELF))).isEqualTo(document(next.ownShares()));
            assertThat(Lists.REVISIONS.ofAllViews(next).equals(Lists.REVISIONS.ofAllViews(catalogue)))
                    .as("as before: %s", next.friends())
                    .isEqualTo(after.equals(before));
            assertThat(keptUp.of(next, event))
                    .as("kept up at step %s", step)
                    .isEqualTo(Lists.REVISIONS.ofAllViews(next));
            catalogue = next;
        }
    }

    /** What {@code jid} is sent, byte by byte, beside what the roster and the grants say. */
    private static void check(Catalogue now, Jid jid) {
        String document = document(now.sharesFor(jid));
        for (Transfer transfer : now.transfers().values()) {
            Share share = Objects.requireNonNull(transfer.share());
            boolean granted = isGranted(now, transfer, jid);

            assertThat(now.mayServe(jid, share.hash()))
                    .as("%s: %s", jid, transfer)
                    .isEqualTo(granted && transfer.state() == TransferState.SEEDING);
            assertThat(now.sharesFor(jid).stream()
                            .filter(listed -> listed.hash().equals(share.hash()))
                            .map(Share::unavailable))
                    .as("%s: %s", jid, transfer)
                    .isEqualTo(granted ? List.of(transfer.state() == TransferState.STALE) : List.of());
            assertThat(document.contains(share.name()))
                    .as("%s: %s", jid, transfer)
                    .isEqualTo(granted);
            assertThat(document.contains(text(share.hash().bytes()))).isEqualTo(granted);
            assertThat(document.contains(text(hex(share.content().hex())))).isEqualTo(granted);
        }
    }

    /** Said a second time, in other words than those of the program. */
    private static boolean isGranted(Catalogue now, Transfer transfer, Jid jid) {
        Friend friend = now.friends().get(jid);
        RosterEntry entry = friend == null ? null : friend.entry();
        if (entry == null || entry.subscription() != Subscription.BOTH || !LISTED.contains(transfer.state())) {
            return false;
        }
        Set<String> names = new HashSet<>(Set.of("everyone", jid.value()));
        entry.groups().forEach(group -> names.add("@" + group));
        return transfer.audience().texts().stream().anyMatch(names::contains);
    }

    private static Event event(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Lists.rosterOf(roster(random));
            case 1 -> new TransferRemoved(transfer(random));
            default -> new TransferChanged(transfer(random));
        };
    }

    private static RosterEntry[] roster(Random random) {
        List<RosterEntry> entries = new ArrayList<>();
        for (Jid jid : people()) {
            Set<String> groups = new HashSet<>();
            GROUPS.stream().filter(group -> random.nextInt(4) == 0).forEach(groups::add);
            Subscription subscription =
                    random.nextInt(3) > 0 ? Subscription.BOTH : HALF.get(random.nextInt(HALF.size()));
            if (random.nextInt(6) > 0) {
                entries.add(new RosterEntry(jid, null, subscription, false, groups));
            }
        }
        return entries.toArray(RosterEntry[]::new);
    }

    private static Transfer transfer(Random random) {
        int number = random.nextInt(SHARES);
        Share share = new Share(
                "name " + number,
                new InfoHash(String.format("%040x", 0x1234_5678_9abcL * (number + 1))),
                new ContentId(String.format("%064x", 0x7654_3210_fedcL * (number + 1))),
                number,
                1);
        Set<Grantee> grantees = new HashSet<>();
        if (random.nextInt(6) == 0) {
            grantees.add(new Grantee.Everyone());
        }
        GROUPS.stream()
                .filter(group -> random.nextInt(8) == 0)
                .forEach(group -> grantees.add(new Grantee.Group(group)));
        people().stream().filter(jid -> random.nextInt(8) == 0).forEach(jid -> grantees.add(new Grantee.Person(jid)));
        Transfer seeding = Lists.seeding(number, share).with(new Audience(grantees));
        return switch (random.nextInt(6)) {
            case 0 -> seeding.with(TransferState.FAILED);
            case 1 -> seeding.with(TransferState.STALE);
            default -> seeding;
        };
    }

    private static Map<Jid, String> views(Catalogue now) {
        Map<Jid, String> views = new HashMap<>();
        people().forEach(jid -> views.put(jid, document(now.sharesFor(jid))));
        views.put(SELF, document(now.sharesFor(SELF)));
        return views;
    }

    private static List<Jid> people() {
        return IntStream.range(0, PEOPLE)
                .mapToObj(i -> new Jid("p" + i + "@example.org"))
                .toList();
    }

    private static ConnectionChanged self() {
        return new ConnectionChanged(new ConnectionState(
                ConnectionState.Status.ONLINE, new FullJid(SELF, "here"), "example.org", null, Lists.NOW, null));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String document(List<Share> shares) {
        return text(Lists.document(shares.toArray(Share[]::new)).toArray());
    }

    /** One sign a byte. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

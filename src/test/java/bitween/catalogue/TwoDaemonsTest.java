package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Device;
import bitween.model.Share;
import bitween.testing.ManualExecutor;
import bitween.testing.TempDirsInMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Two daemons whose presence and pages travel at any speed. */
class TwoDaemonsTest {
    private static final Device ALICE = Lists.device("alice@example.org", "laptop");
    private static final Device BOB = Lists.device("bob@example.org", "phone");
    private static final String HEX = "0123456789abcdef";

    @Property(tries = 100)
    @Tag("slow")
    void whatever_the_interleaving_each_ends_with_what_the_other_shares(@ForAll long seed) throws IOException {
        Path temp = TempDirsInMemory.create();
        ManualExecutor threads = new ManualExecutor(seed);
        Random random = new Random(seed);
        try (CatalogueWorld alice = new CatalogueWorld(temp.resolve("alice"), threads);
                CatalogueWorld bob = new CatalogueWorld(temp.resolve("bob"), threads)) {
            connect(alice, ALICE, bob, BOB, threads);
            connect(bob, BOB, alice, ALICE, threads);

            for (int i = 0; i < 20; i++) {
                change(random.nextBoolean() ? alice : bob, random);
                for (int steps = random.nextInt(20); steps > 0; steps--) {
                    threads.runOne();
                }
            }
            threads.runAll();

            assertThat(seenBy(bob, ALICE))
                    .containsExactlyInAnyOrderElementsOf(alice.keeper.current().ownShares());
            assertThat(seenBy(alice, BOB))
                    .containsExactlyInAnyOrderElementsOf(bob.keeper.current().ownShares());
            assertThat(alice.bus.trace().counts().failed()).isZero();
        } finally {
            delete(temp);
        }
    }

    /** What {@code one} announces reaches {@code other}, who asks for it. */
    private static void connect(
            CatalogueWorld one, Device oneself, CatalogueWorld other, Device others, ManualExecutor threads) {
        one.bus.publish(Lists.roster(others.jid()));
        one.bus.subscribe(
                OwnSharesChanged.class,
                threads.lane("presence of " + oneself),
                own -> other.bus.publish(new DeviceAnnounced(oneself, Lists.announcement(own.revision()))));
        other.reaches(oneself, one, others);
    }

    private static void change(CatalogueWorld world, Random random) {
        int number = random.nextInt(HEX.length());
        Share share = Lists.share(random.nextBoolean() ? "music" : "songs", HEX.charAt(number));
        if (random.nextInt(3) == 0) {
            world.bus.publish(new TransferRemoved(Lists.seeding(number, share)));
        } else {
            world.bus.publish(new TransferChanged(Lists.seeding(number, share)));
        }
    }

    private static List<Share> seenBy(CatalogueWorld world, Device device) {
        return world.keeper
                .current()
                .device(device)
                .map(known -> List.copyOf(known.sortedShares()))
                .orElse(List.of());
    }

    private static void delete(Path root) throws IOException {
        List<Path> all = new ArrayList<>();
        try (var paths = Files.walk(root)) {
            paths.forEach(path -> all.add(0, path));
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}

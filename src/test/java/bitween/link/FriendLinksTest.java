package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DeviceTrust;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.store.Database;
import bitween.store.RateStore;
import bitween.store.TrustStore;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FriendLinksTest {
    private static final Jid ME = new Jid("me@a.test");

    @TempDir
    Path home;

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final DeviceKey own = DeviceKey.create();
    private final DeviceKey phones = DeviceKey.create();

    @Test
    void who_is_trusted_from_earlier_is_told_once_everybody_listens() {
        Device phone = new Device(ME, new DeviceId(phones.fingerprint().hex()));
        try (Database database = Database.open(home.resolve("bitween.db"), home.resolve("native"))) {
            TrustStore store = new TrustStore(database);
            store.save(new TrustStore.Pin(
                    phone, phones.publicKey(), DeviceTrust.TRUSTED, "you trusted it", "phone", "x", 1, Instant.EPOCH));
            try (FriendLinks links = new FriendLinks(
                    new FriendLinks.Parts(
                            bus,
                            threads.lane("link"),
                            new FakeTimers(),
                            store,
                            new RateStore(database),
                            own,
                            ME,
                            new Nothing(),
                            Clock.systemUTC()),
                    Tls.open(own, home.resolve("native")))) {
                threads.runAll();
                List<LabelsChanged> told = new ArrayList<>(); // as libtorrent's part, which is made last
                bus.subscribe(LabelsChanged.class, threads.lane("torrent"), told::add);

                links.open(0, 0, true);
                threads.runAll();

                assertThat(told)
                        .singleElement()
                        .satisfies(all -> assertThat(all.labels()).containsValue(phone));
            }
        }
    }

    private static final class Nothing implements Access {
        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return false;
        }

        @Override
        public Optional<InfoHash> offered(Device device, InfoHash hash) {
            return Optional.empty();
        }

        @Override
        public boolean wants(InfoHash hash) {
            return false;
        }
    }
}

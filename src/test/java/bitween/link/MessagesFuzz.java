package bitween.link;

import bitween.bus.Bus;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** BitTorrent as a friend's device may speak it: in two parts it means what it means in one. */
public final class MessagesFuzz {
    private static final InfoHash FILM = new InfoHash("a".repeat(40));
    private static final Device MALLORY = new Device(new Jid("mallory@example.org"), new DeviceId("m"));
    private static final ManualExecutor THREADS = new ManualExecutor(1);
    private static final Offenders OFFENDERS =
            new Offenders(new Bus(THREADS.lane("bus")), THREADS.lane("link"), new FakeTimers());

    private MessagesFuzz() {}

    public static List<byte[]> seeds() {
        byte[] handshake = PeerHandshakeTest.handshake(FILM).array();
        byte[] messages = ByteBuffer.allocate(68 + 10 + 5 + 17 + 13 + 4)
                .put(handshake, 0, PeerHandshake.BYTES)
                .put(new byte[] {0, 0, 0, 6, 20, 0, 'd', 'e', 'x', 'x'})
                .put(new byte[] {0, 0, 0, 1, 14})
                .put(BridgeFixture.request())
                .put(new byte[] {0, 0, 0, 9, 7, 0, 0, 0, 1, 0, 0, 0, 0})
                .array();
        return List.of(messages, handshake);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        int cut = input.length == 0 ? 0 : (input[input.length - 1] & 0xff) % input.length;
        String whole = outcome(ByteBuffer.wrap(input));
        String parts = outcome(ByteBuffer.wrap(input, 0, cut), ByteBuffer.wrap(input, cut, input.length - cut));
        if (!whole.equals(parts)) {
            throw new AssertionError("'" + whole + "' in one, '" + parts + "' when cut at " + cut);
        }
    }

    private static String outcome(ByteBuffer... parts) {
        MessageReader reader = new PeerWatch(
                        new Subject(MALLORY, FILM, FILM, false), new All(), new FirstSenders(), OFFENDERS)
                .theirs();
        try {
            for (ByteBuffer part : parts) {
                reader.see(part);
            }
            return "read";
        } catch (OffenceException e) {
            return e.offence() + " " + e.what();
        } catch (IOException e) {
            throw new AssertionError("ended for no offence", e);
        }
    }

    private static final class All implements Access {
        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return true;
        }

        @Override
        public Optional<InfoHash> offered(Device device, InfoHash hash) {
            return Optional.of(hash);
        }

        @Override
        public boolean wants(InfoHash hash) {
            return true;
        }
    }
}

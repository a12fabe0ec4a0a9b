package bitween.link;

import bitween.model.Fingerprint;
import bitween.model.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/** {@code DiallerMain FOLDER PEER ADDRESS}: a device in a JVM of its own, which says what TLS it has and sends zeros until somebody ends it. */
final class DiallerMain {
    private DiallerMain() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Tls tls = Tls.open(DeviceKey.open(folder.resolve("device.p12")), folder);
        System.out.println(tls.name());
        try (SecureChannel channel = SecureChannel.dial(
                TcpPipe.dial(PeerAddress.parse(arguments[2]), Duration.ofSeconds(20)),
                tls,
                new Fingerprint(arguments[1]))) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
            while (true) {
                channel.write(zeros.rewind());
            }
        }
    }
}

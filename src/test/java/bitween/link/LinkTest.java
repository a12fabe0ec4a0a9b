package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.LinkPath;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinkTest {
    @Test
    void each_part_of_a_message_is_a_sign_of_life_and_in_band_silence_may_be_longer() throws Exception {
        Ends ends = Ends.over(Tls.jdk(Ends.ALICE), Tls.jdk(Ends.BOB), MemoryPipe.pair(100_000));
        Device bob = new Device(
                new Jid("bob@b.test"), new DeviceId(ends.alice().peer().hex()));
        Link link = new Link(bob, LinkPath.inBand(), true, ends.alice());
        Semaphore heard = new Semaphore(0);
        ByteBuffer message = ByteBuffer.allocate(5);
        CompletableFuture<Boolean> filled = Ends.start(() -> link.fill(message, heard::release));

        ends.bob().write(ByteBuffer.allocate(3));
        assertThat(heard.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(filled).isNotDone();
        ends.bob().write(ByteBuffer.allocate(2));

        assertThat(filled.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(RequestLink.silence(false)).isGreaterThan(RequestLink.silence(true));
        ends.close();
    }
}

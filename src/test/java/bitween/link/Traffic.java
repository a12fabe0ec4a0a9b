package bitween.link;

import static bitween.link.Ends.start;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.BytePipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;

/** Random bytes in pieces of random sizes, from a seed. */
final class Traffic {
    private Traffic() {}

    /** Both ways at once. */
    static void exchange(BytePipe alice, BytePipe bob, int size) {
        var there = start(() -> send(alice, size, 1));
        var back = start(() -> send(bob, size, 2));
        var atBob = start(() -> receive(bob, size, 3));
        var atAlice = start(() -> receive(alice, size, 4));
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (CompletableFuture<Long> end : List.of(there, back, atBob, atAlice)) {
            var unused = end.whenComplete((sum, failure) -> {
                if (failure != null) { // the others would wait for it
                    failures.add(failure);
                    alice.close();
                    bob.close();
                }
            });
        }

        assertThat(CompletableFuture.allOf(there, back, atBob, atAlice)
                        .handle((all, failure) -> failures)
                        .join())
                .isEmpty();
        assertThat(atBob.join()).isEqualTo(there.join());
        assertThat(atAlice.join()).isEqualTo(back.join());
    }

    static long send(BytePipe pipe, int size, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32 sum = new CRC32();
        for (int sent = 0; sent < size; ) {
            byte[] chunk = new byte[Math.min(size - sent, 1 + random.nextInt(70_000))];
            random.nextBytes(chunk);
            sum.update(chunk);
            ByteBuffer source = random.nextBoolean()
                    ? ByteBuffer.wrap(chunk)
                    : ByteBuffer.allocateDirect(chunk.length).put(chunk).flip();
            pipe.write(source);
            assertThat(source.hasRemaining()).isFalse();
            sent += chunk.length;
        }
        return sum.getValue();
    }

    static long receive(BytePipe pipe, int size, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32 sum = new CRC32();
        for (int received = 0; received < size; ) {
            int room = 1 + random.nextInt(random.nextBoolean() ? 2_000 : SecureChannel.BUFFER_BYTES);
            ByteBuffer target = random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
            int count = pipe.read(target);
            assertThat(count).isPositive().isEqualTo(target.position());
            sum.update(target.flip());
            received += count;
        }
        return sum.getValue();
    }
}

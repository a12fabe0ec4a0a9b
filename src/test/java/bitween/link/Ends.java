package bitween.link;

import bitween.model.BytePipe;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Both ends of a channel, as far as they have come: each goes through its handshake in a thread of its own. */
record Ends(CompletableFuture<SecureChannel> dialler, CompletableFuture<SecureChannel> acceptor)
        implements AutoCloseable {
    static final DeviceKey ALICE = DeviceKey.create();
    static final DeviceKey BOB = DeviceKey.create();
    private static final int CAPACITY = 100_000;
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "end");
        thread.setDaemon(true);
        thread.start();
    };

    /** Each TLS that there is, for one of them. */
    static Stream<Tls> tlsOf(DeviceKey key) {
        return Stream.of(Engines.boring(key), Tls.jdk(key));
    }

    /** Something that a thread of its own does, and may fail at. */
    interface Task<T> {
        T run() throws Exception;
    }

    /** Alice dials Bob, and each has the other's key. */
    static Ends of(Engines engines) {
        return over(engines, MemoryPipe.pair(CAPACITY));
    }

    static Ends over(Engines engines, BytePipe[] pipes) {
        return over(engines.dialler(ALICE), engines.acceptor(BOB), pipes);
    }

    static Ends over(Tls alice, Tls bob, BytePipe[] pipes) {
        return new Ends(
                start(() -> SecureChannel.dial(pipes[0], alice, BOB.fingerprint())),
                start(() -> SecureChannel.accept(pipes[1], bob, ALICE.fingerprint()::equals)));
    }

    static <T> CompletableFuture<T> start(Task<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                result.complete(task.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.orTimeout(60, TimeUnit.SECONDS);
    }

    SecureChannel alice() {
        return dialler.join();
    }

    SecureChannel bob() {
        return acceptor.join();
    }

    /** @return what the task failed with */
    static Throwable failureOf(CompletableFuture<?> task) {
        try {
            throw new AssertionError("it should have failed, and brought " + task.join());
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    @Override
    public void close() {
        for (CompletableFuture<SecureChannel> end : List.of(dialler, acceptor)) {
            end.handle((channel, failure) -> {
                        if (channel != null) {
                            channel.close();
                        }
                        return true;
                    })
                    .join();
        }
    }
}

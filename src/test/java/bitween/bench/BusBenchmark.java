package bitween.bench;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.MailboxThread;
import bitween.bus.Request;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The bus between three real threads: who speaks, the bus's own, and who listens. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BusBenchmark {
    /** Well below a mailbox's capacity, so that nothing is lost. */
    private static final int BURST = 10_000;

    private final Semaphore heard = new Semaphore(0);
    private final MailboxThread router = MailboxThread.start("bus");
    private final MailboxThread listener = MailboxThread.start("listener");
    private final Bus bus = new Bus(router);

    /** A message as small as they get. */
    public record Ticked(long number) implements Event {}

    /** A question whose answer is itself. */
    public record Echo(long number) implements Request<Long> {}

    /** JMH makes the state by this. */
    public BusBenchmark() {}

    @Setup
    public void listen() {
        bus.subscribe(Ticked.class, listener, event -> heard.release());
        bus.answer(Echo.class, listener, Echo::number);
    }

    @TearDown
    public void close() {
        router.close();
        listener.close();
    }

    /** One event after the other: from publish until the handler has run. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public void publishAndHear() throws InterruptedException {
        bus.publish(new Ticked(1));
        heard.acquire();
    }

    /** One request after the other: from ask until the reply is here. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public long askAndGetReply() {
        return bus.ask(new Echo(1)).join();
    }

    /** Many events without waiting in between. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @OperationsPerInvocation(BURST)
    public void publishBurst() throws InterruptedException {
        for (int i = 0; i < BURST; i++) {
            bus.publish(new Ticked(i));
        }
        heard.acquire(BURST);
    }
}

package bitween.app;

import java.io.IOException;
import java.time.Duration;

/** A stop of which one part takes until this process is told something, or nothing more. */
final class StandstillMain {
    static final Duration DEADLINE = Duration.ofSeconds(3);

    private StandstillMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Lifecycle lifecycle =
                new Lifecycle(DEADLINE.dividedBy(2), () -> Runtime.getRuntime().halt(3));
        lifecycle.start();
        lifecycle.opened("part", DEADLINE, StandstillMain::close);
        lifecycle.requestShutdown("a test");
        lifecycle.awaitEnd();
    }

    private static void close() throws IOException {
        System.out.println("closing");
        int unused = System.in.read();
    }
}

package bitween.app;

import bitween.testing.ExpectedErrors;
import org.junit.jupiter.api.Test;

class DaemonRunTest {
    @Test
    @ExpectedErrors("ERROR \\[clockwork] DaemonRun: the thread clockwork has ended: .*spring broken")
    void an_exception_that_ends_a_thread_is_in_the_log() throws InterruptedException {
        DaemonRun.logWhatNobodyCatches();
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("spring broken");
                },
                "clockwork");

        thread.start();

        thread.join();
    }
}

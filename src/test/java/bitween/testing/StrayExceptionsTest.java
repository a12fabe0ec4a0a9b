package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Example;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it is there: what is expected has to come, so these tests fail without it. */
class StrayExceptionsTest {
    private static final Logger log = LogManager.getLogger(StrayExceptionsTest.class);

    @TempDir
    Path directory;

    @Test
    @ExpectedErrors("uncaught on stray: java.lang.IllegalStateException: lost(?s:.*)caused by java.io.IOException: why")
    void an_exception_on_any_thread_is_found() throws InterruptedException {
        throwOnAnotherThread();
    }

    @Example
    @ExpectedErrors("uncaught on stray: ")
    void in_a_property_too() throws InterruptedException {
        throwOnAnotherThread();
    }

    @Test
    @ExpectedErrors("^ERROR \\[main] StrayExceptionsTest: 3 are broken$")
    void an_error_in_the_log_is_found() {
        log.error("{} are broken", 3);
    }

    @Test
    @ExpectedErrors("^WARN \\[main] StrayExceptionsTest: odd: java.io.IOException: why\\s+at ")
    void a_stack_trace_in_the_log_is_found() {
        log.warn("odd", new IOException("why"));
    }

    @Test
    void a_warning_is_none() {
        log.warn("odd");
    }

    @Test
    @ExpectedErrors({
        "^home: ERROR \\[torrent] Bus: broken",
        "^home: WARN .*\\?at bitween\\.Main",
        "^home: Exception in thread"
    })
    void what_a_daemon_wrote_is_found() throws IOException {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve("log"));
        Files.write(home.resolve("log/bitween.log.1"), List.of("2026-11-21 12:00:00.000 ERROR [torrent] Bus: broken"));
        Files.write(
                home.resolve("log/bitween.log"),
                List.of(
                        "2026-11-21 12:00:00.000 WARN  [xmpp] Pace: ERROR is a word",
                        "2026-11-21 12:00:01.000 WARN  [xmpp] Pace: odd | java.io.IOException: why | ?at bitween.Main.main(Main.java:1)"));
        Files.write(home.resolve("log/daemon.out"), List.of("Exception in thread \"main\" java.lang.Error"));

        Strays.watch(home);
    }

    @Test
    void what_nobody_expected_fails_the_test() {
        assertThatThrownBy(() ->
                        StrayExceptions.verify(List.of("ERROR a", "ERROR b", "ERROR c"), List.of("a"), List.of("c")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("nobody expected: ERROR b");
    }

    @Test
    void what_is_expected_has_to_come_and_what_is_allowed_need_not() {
        assertThatThrownBy(() -> StrayExceptions.verify(List.of(), List.of("a"), List.of("c")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("expected, and did not come: a");
    }

    private static void throwOnAnotherThread() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("lost", new IOException("why"));
                },
                "stray");
        thread.start();
        thread.join();
        assertThat(thread.isAlive()).isFalse();
    }
}

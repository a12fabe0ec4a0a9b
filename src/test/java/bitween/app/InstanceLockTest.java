package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {
    @TempDir
    Path home;

    @Test
    void the_second_daemon_of_a_home_is_told_who_runs() throws IOException {
        try (InstanceLock first = InstanceLock.take(home.resolve("lock"))) {
            assertThat(first).isNotNull();

            assertThatThrownBy(() -> InstanceLock.take(home.resolve("lock")))
                    .isInstanceOfSatisfying(UserException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_RUNNING);
                        assertThat(e.sentence())
                                .contains("process " + ProcessHandle.current().pid());
                    });
        }
    }

    @Test
    void a_home_is_free_again_once_its_daemon_ended() throws IOException {
        InstanceLock.take(home.resolve("lock")).close();

        InstanceLock again = InstanceLock.take(home.resolve("lock"));

        again.close();
        assertThat(InstanceLock.holder(home.resolve("lock")))
                .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void a_home_that_nobody_can_write_to_is_named_with_what_to_do() throws IOException {
        try (SmallDisk disk = SmallDisk.mounted(home, 1)) {
            Path lock = disk.path().resolve("lock");
            InstanceLock.take(lock).close();
            disk.makeReadOnly();

            assertThatThrownBy(() -> InstanceLock.take(lock)).isInstanceOfSatisfying(UserException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.DISK_READ_ONLY);
                assertThat(e.sentence())
                        .isEqualTo("the daemon cannot write to its home: the disk is read-only: cannot write " + lock);
                assertThat(e.hint()).contains("mount that disk for writing", "--home");
            });
        }
    }
}

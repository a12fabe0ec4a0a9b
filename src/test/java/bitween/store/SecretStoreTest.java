package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretStoreTest {
    @TempDir
    Path temp;

    @Test
    void a_secret_is_made_once_and_is_another_in_each_home() {
        Bytes first = keyOf("a");

        assertThat(first.size()).isEqualTo(32);
        assertThat(keyOf("a")).isEqualTo(first);
        assertThat(keyOf("b")).isNotEqualTo(first);
    }

    private Bytes keyOf(String home) {
        try (Database database = Database.open(temp.resolve(home).resolve("bitween.db"), temp.resolve("native"))) {
            return new SecretStore(database).revisionKey();
        }
    }
}

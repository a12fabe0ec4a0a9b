package bitween.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of bitween.toml, and how it stands in a home.
 *
 * @param key such as {@code network.port}
 * @param about what it is for, from the sample
 * @param usual its default as TOML writes it; null: none, or one that depends on the machine
 * @param example a value as TOML writes it, of the kind that the key takes
 * @param value what the file says, as TOML writes it; null: the default holds
 * @param live whether a daemon that runs takes a new value over at once
 */
public record Setting(
        String key,
        List<String> about,
        @Nullable String usual,
        String example,
        @Nullable String value,
        boolean live) {
    public Setting {
        about = List.copyOf(about);
    }

    Setting with(@Nullable String newValue) {
        return new Setting(key, about, usual, example, newValue, live);
    }

    /** What holds, as TOML writes it; null: what the machine says, or nothing. */
    public @Nullable String inForce() {
        return value == null ? usual : value;
    }

    public boolean isChanged() {
        return value != null && !value.equals(usual);
    }
}

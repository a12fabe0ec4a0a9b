package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreRulesTest {
    /** Rules are separated by blanks; a path with a slash at its end is a folder. */
    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b/a, true",
        "a, b/c/a/, true",
        "a, ab, false",
        "/a, a, true",
        "/a, b/a, false",
        "a/, a, false",
        "a/, a/, true",
        "a/, b/a/, true",
        "/a/, b/a/, false",
        "*.tmp, x.tmp, true",
        "*.tmp, d/x.tmp, true",
        "*.tmp, x.tmp2, false",
        "*.tmp, .tmp, true",
        "?.txt, a.txt, true",
        "?.txt, 😀.txt, true",
        "?.txt, ab.txt, false",
        "a*b*c, aXbYc, true",
        "a*b*c, abcabc, true",
        "a*b*c, acb, false",
        "*, anything, true",
        "a/b, a/b, true",
        "a/b, x/a/b, false",
        "a/*, a/b, true",
        "a/*, a/b/c, false",
        "a/**, a/b, true",
        "a/**, a/b/c, true",
        "a/**, a/, false",
        "**/a, a, true",
        "**/a, b/c/a, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/x/y/c, false",
        "**/a/**, x/a/y, true",
        "#a, #a, false",
        "# a, a, false",
        "!a, a, false",
        "* !a, a, false",
        "* !a, b, true",
        "!a *, a, true",
        "*.log !keep.log, d/keep.log, false",
        "*.log !keep.log, d/other.log, true",
        "ä*, ärger, true",
        "[a-z], a, false",
        "[a-z], [a-z], true",
        "/, a, false",
        "//, a/, false"
    })
    void a_rule_matches_as_in_gitignore(String rules, String path, boolean ignored) {
        boolean folder = path.endsWith("/");

        assertThat(IgnoreRules.NONE
                        .with(0, List.of(rules.split(rules.startsWith("#") ? "\n" : " ")))
                        .ignores(List.of(path.split("/")), folder))
                .isEqualTo(ignored);
    }

    @Test
    void the_file_nearer_by_wins() {
        IgnoreRules outer = IgnoreRules.NONE.with(0, List.of("*.txt", "/d/only-here"));
        IgnoreRules inner = outer.with(1, List.of("!keep.txt", "/top"));

        assertThat(inner.ignores(List.of("d", "keep.txt"), false)).isFalse();
        assertThat(inner.ignores(List.of("d", "other.txt"), false)).isTrue();
        assertThat(inner.ignores(List.of("d", "top"), false)).isTrue();
        assertThat(inner.ignores(List.of("d", "e", "top"), false)).isFalse();
        assertThat(inner.ignores(List.of("d", "only-here"), false)).isTrue();
    }

    @Test
    void blank_lines_and_blanks_around_do_not_count() {
        assertThat(IgnoreRules.NONE.with(0, List.of("", "  ", "  a \r")).ignores(List.of("a"), false))
                .isTrue();
    }

    @Test
    void more_rules_than_anybody_writes_are_refused() {
        assertThatThrownBy(() -> IgnoreRules.NONE.with(0, Collections.nCopies(10_001, "a")))
                .hasMessageContaining("10001 rules");
    }

    @Test
    @Timeout(5)
    void a_pattern_made_to_take_long_does_not() {
        IgnoreRules rules = IgnoreRules.NONE.with(0, List.of("a*".repeat(100) + "b", "**/a/".repeat(100) + "b"));

        assertThat(rules.ignores(Collections.nCopies(60, "a".repeat(200)), false))
                .isFalse();
        assertThat(rules.ignores(Collections.nCopies(60, "a"), false)).isFalse();
    }
}

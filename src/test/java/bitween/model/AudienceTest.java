package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudienceTest {
    private static final Jid BOB = new Jid("bob@example.org");

    @ParameterizedTest
    @ValueSource(
            strings = {"everyone", "@family", "@ two words ", "@Größe 😀", "bob@example.org", "everyone@example.org"})
    void a_grantee_comes_back_as_it_was_written(String text) {
        assertThat(Grantee.parse(text)).hasToString(text);
    }

    @Test
    void case_is_of_no_matter_but_in_groups() {
        assertThat(Grantee.parse("Everyone")).isEqualTo(new Grantee.Everyone());
        assertThat(Grantee.parse("Bob@Example.org")).isEqualTo(new Grantee.Person(BOB));
        assertThat(Grantee.parse("@Family")).isNotEqualTo(Grantee.parse("@family"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        bob    | must be everyone, an @group of the roster or an address
        ``     | must be everyone, an @group of the roster or an address
        @      | must have a group's name after the @, 1 to 1023 characters on one line
        `@ `   | must have a group's name after the @, 1 to 1023 characters on one line
        bob@   | an XMPP address looks like name@example.org, not 'bob@'
        b@c/d  | an XMPP address looks like name@example.org, not 'b@c/d'
        """)
    void what_names_nobody_is_refused_with_what_can_be_written(String text, String expected) {
        assertThatThrownBy(() -> Grantee.parse(text)).hasMessage(expected);
    }

    @Test
    void a_group_of_more_than_one_line_is_refused() {
        assertThatThrownBy(() -> Grantee.parse("@a\nb")).hasMessageContaining("on one line");
        assertThatThrownBy(() -> Grantee.parse("@" + "x".repeat(1_024))).hasMessageContaining("1023");
    }

    @Test
    void nobody_but_a_contact_is_admitted() {
        Audience all = Audience.parse(List.of("everyone", "@family", "bob@example.org"));

        assertThat(all.admits(BOB, Set.of("family"), true)).isTrue();
        assertThat(all.admits(BOB, Set.of("family"), false)).isFalse();
        assertThat(Audience.NOBODY.admits(BOB, Set.of("family"), true)).isFalse();
    }

    @Test
    void it_is_told_by_which_grants_somebody_is_meant() {
        Audience audience = Audience.parse(List.of("bob@example.org", "@work", "@family", "eve@example.org"));

        assertThat(audience.including(BOB, Set.of("family", "chess")))
                .containsExactly(new Grantee.Group("family"), new Grantee.Person(BOB));
        assertThat(audience.without(Set.of(new Grantee.Person(BOB))).including(BOB, Set.of()))
                .isEmpty();
    }

    @Test
    void it_reads_from_the_widest_to_the_single_person() {
        Audience audience = Audience.NOBODY
                .with(Set.of(new Grantee.Person(BOB), new Grantee.Group("work")))
                .with(Set.of(new Grantee.Everyone(), new Grantee.Group("family")));

        assertThat(audience).hasToString("everyone, @family, @work, bob@example.org");
        assertThat(Audience.parse(audience.texts())).isEqualTo(audience);
        assertThat(Audience.NOBODY).hasToString("nobody");
    }
}

package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    private final FakeTerminal terminal = new FakeTerminal();

    @Test
    void columns_are_aligned_numbers_to_the_right_and_wide_letters_counted() {
        new Table("NAME", ">SIZE", "NOTE")
                .row("日本", "5 B", "")
                .row("a", "64.0 MB", "x")
                .print(terminal);

        assertThat(terminal.out).containsExactly("NAME     SIZE  NOTE", "日本      5 B", "a     64.0 MB  x");
    }

    @Test
    void a_hostile_name_cannot_break_out_of_its_cell() {
        new Table("NAME", "X").row("a\nb\u001b[2J", "y").print(terminal);

        assertThat(terminal.out).containsExactly("NAME     X", "a\ufffdb\ufffd[2J  y");
    }
}

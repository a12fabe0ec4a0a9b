package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    void a_column_in_which_nothing_stands_is_left_out_where_it_may_be() {
        new Table("NAME", "?REV", "?>SIZE").row("a", "", "").row("b", "", "5 B").print(terminal);

        assertThat(terminal.out).containsExactly("NAME  SIZE", "a", "b      5 B");
    }

    @Test
    @Timeout(10)
    void ten_thousand_rows_are_printed_at_once() {
        Table table = new Table("NAME", ">SIZE", ">FILES");
        for (int i = 0; i < 10_000; i++) {
            table.row("a file with a name of usual length, number " + i + ".txt", i + ".0 MB", "1");
        }

        table.print(terminal);

        assertThat(terminal.out).hasSize(10_001);
    }

    @Test
    void a_hostile_name_cannot_break_out_of_its_cell() {
        new Table("NAME", "X").row("a\nb\u001b[2J", "y").print(terminal);

        assertThat(terminal.out).containsExactly("NAME     X", "a\ufffdb\ufffd[2J  y");
    }
}

package bitween.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns, aligned. A heading that begins with '>' is a column of numbers, set to the right. Not thread-safe. */
final class Table {
    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    Table row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells in " + headings.size() + " columns");
        }
        rows.add(List.of(cells).stream().map(Term::safe).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(Terminal terminal) {
        List<String> titles =
                headings.stream().map(h -> isNumber(h) ? h.substring(1) : h).toList();
        terminal.out(line(titles));
        rows.forEach(row -> terminal.out(line(row)));
    }

    private static boolean isNumber(String heading) {
        return heading.startsWith(">");
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String padding = " ".repeat(width(column) - Term.width(cells.get(column)));
            boolean right = isNumber(headings.get(column));
            line.append(right ? padding : "")
                    .append(cells.get(column))
                    .append(right ? "" : padding)
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int title = headings.get(column).length() - (isNumber(headings.get(column)) ? 1 : 0);
        return rows.stream().mapToInt(row -> Term.width(row.get(column))).reduce(title, Math::max);
    }
}

package bitween.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Columns, aligned. A heading that begins with '>' is a column of numbers, set to the right; one that begins with '?' (before that) is left out when nothing
 * is in it. Not thread-safe.
 */
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
                headings.stream().map(h -> h.replaceFirst("^[?]?>?", "")).toList();
        boolean[] shown = new boolean[titles.size()];
        for (int column = 0; column < shown.length; column++) {
            int here = column;
            shown[column] = !headings.get(column).startsWith("?")
                    || rows.stream().anyMatch(cells -> !cells.get(here).isEmpty());
        }
        int[] widths = IntStream.range(0, titles.size())
                .map(column -> Stream.concat(Stream.of(titles), rows.stream())
                        .mapToInt(cells -> Term.width(cells.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        terminal.out(line(titles, widths, shown));
        rows.forEach(row -> terminal.out(line(row, widths, shown)));
    }

    private static boolean isNumber(String heading) {
        return heading.startsWith(">") || heading.startsWith("?>");
    }

    private String line(List<String> cells, int[] widths, boolean[] shown) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            if (!shown[column]) {
                continue;
            }
            String padding = " ".repeat(widths[column] - Term.width(cells.get(column)));
            boolean right = isNumber(headings.get(column));
            line.append(right ? padding : "")
                    .append(cells.get(column))
                    .append(right ? "" : padding)
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}

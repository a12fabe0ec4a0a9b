package bitween.cli;

import bitween.control.client.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Draws files as a tree. The entries come in order: a folder, then all that is below it. */
final class FileLines {
    private final List<Answer> entries;
    private final int base;

    /** @param base how many elements of each path stand above the tree */
    FileLines(List<Answer> entries, int base) {
        this.entries = entries;
        this.base = base;
    }

    void print(Terminal terminal) {
        // from the end: whether an entry is the last of its folder depends on what follows
        List<String> lines = new ArrayList<>();
        boolean[] continues = new boolean[deepest() + 1];
        for (int i = entries.size() - 1; i >= 0; i--) {
            int depth = depth(entries.get(i));
            StringBuilder line = new StringBuilder();
            for (int level = 1; level < depth; level++) {
                line.append(continues[level] ? "│   " : "    ");
            }
            line.append(continues[depth] ? "├── " : "└── ").append(label(entries.get(i)));
            continues[depth] = true;
            Arrays.fill(
                    continues, depth + 1, continues.length, false); // what stands deeper before it is in other folders
            lines.add(line.toString());
        }
        Collections.reverse(lines);
        lines.forEach(terminal::out);
    }

    private int deepest() {
        return entries.stream().mapToInt(this::depth).max().orElse(1);
    }

    private int depth(Answer entry) {
        return Math.max(1, entry.texts("path").size() - base);
    }

    private static String label(Answer entry) {
        boolean folder = entry.text("kind").equals("folder");
        return Term.safe(entry.text("name")) + (folder ? "/" : "  " + Transfers.size(entry));
    }
}

package bitween.model;

import java.util.Collection;
import java.util.List;

/** How far apart two spellings are. Pure. */
public final class Typos {
    /** "shrae" is meant as "share"; further off is no suggestion. */
    private static final int MAX = 2;

    private Typos() {}

    /** @return the nearest of these words, several when they are as near; none when none is near */
    public static List<String> near(Collection<String> known, String typed) {
        int most = Math.min(MAX, (typed.length() + 1) / 3); // of three letters one may be wrong
        int least = known.stream().mapToInt(word -> between(word, typed)).min().orElse(most);
        return known.stream()
                .filter(word -> between(word, typed) == Math.min(least, most))
                .toList();
    }

    /** @return how many characters to insert, remove, change or swap with their neighbour make one the other (optimal string alignment) */
    public static int between(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}

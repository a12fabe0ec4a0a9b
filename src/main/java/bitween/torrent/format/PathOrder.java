package bitween.torrent.format;

import java.util.Comparator;
import java.util.List;

/**
 * The order of files in a share: the files of a folder, then its subfolders, each by the bytes of their names in UTF-8.
 * It is part of the format, so that equal folders have equal content ids; and libtorrent finds the folder of a file
 * fast only if the files of a folder follow each other.
 */
enum PathOrder implements Comparator<List<String>> {
    PATHS;

    @Override
    public int compare(List<String> a, List<String> b) {
        for (int i = 0; ; i++) {
            boolean endsA = i == a.size() - 1;
            boolean endsB = i == b.size() - 1;
            if (endsA != endsB) {
                return endsA ? -1 : 1;
            }
            int order = compareNames(a.get(i), b.get(i));
            if (order != 0 || endsA) {
                return order;
            }
        }
    }

    /** By code points, which is the order of the bytes in UTF-8 but not of the chars in Java: surrogates come last. */
    static int compareNames(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean leftLast = Character.isSurrogate(left);
                return leftLast == Character.isSurrogate(right) ? left - right : leftLast ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}

package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.FilePriority;
import bitween.model.Priority;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/** Which files of a share are meant: all, or some, by their numbers in the info dictionary. Immutable. */
public final class Chosen {
    /** As libtorrent counts, where 0 is not wanted: 7 comes before all others, however many have them. */
    private static final byte FIRST = 7;

    private static final byte WANTED = 4;
    private static final byte LATER = 2;
    private static final byte LAST = 1;

    private final InfoDictionary info;
    private final BitSet numbers;
    private final List<FileEntry> files;
    private final List<List<String>> emptyFolders;

    private Chosen(InfoDictionary info, BitSet numbers, List<List<String>> emptyFolders) {
        this.info = info;
        this.numbers = numbers;
        this.emptyFolders = emptyFolders;
        files = numbers.cardinality() == info.files().size()
                ? info.files()
                : numbers.stream().mapToObj(info.files()::get).toList();
    }

    public static Chosen all(InfoDictionary info) {
        BitSet all = new BitSet();
        all.set(0, info.files().size());
        return new Chosen(info, all, info.emptyFolders());
    }

    /** @throws UserException NOTHING_FITS: one of the choices fits nothing */
    public static Chosen of(InfoDictionary info, List<Choice> choices) {
        BitSet numbers = new BitSet();
        List<List<String>> folders = new ArrayList<>();
        for (Choice choice : choices) {
            Predicate<List<String>> test = choice.test();
            boolean fits = choice.equals(Choice.ALL);
            for (int file = 0; file < info.files().size(); file++) {
                if (test.test(info.files().get(file).path())) {
                    numbers.set(file);
                    fits = true;
                }
            }
            List<List<String>> more = info.emptyFolders().stream().filter(test).toList();
            folders.addAll(more);
            if (!fits && more.isEmpty()) {
                throw choice.unfit("'" + info.name() + "'", names(info));
            }
        }
        return new Chosen(info, numbers, folders.stream().distinct().toList());
    }

    /** What is in the share's folder. */
    private static List<String> names(InfoDictionary info) {
        return all(info).names();
    }

    /** What of these is in the share's folder, or holds some of them. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        files.forEach(file -> names.add(file.path().get(0)));
        emptyFolders.forEach(folder -> names.add(folder.get(0)));
        return names.stream().distinct().sorted().toList();
    }

    /** The files with these numbers, and these empty folders. */
    public static Chosen of(InfoDictionary info, BitSet numbers, List<List<String>> emptyFolders) {
        return new Chosen(info, (BitSet) numbers.clone(), emptyFolders);
    }

    /** The files whose bit is set, lowest first, and all empty folders. */
    public static Chosen numbered(InfoDictionary info, Bytes bits) {
        return new Chosen(info, BitSet.valueOf(bits.toArray()), info.emptyFolders());
    }

    /** Those of these that are not among {@code others}. */
    public Chosen without(BitSet others) {
        BitSet left = numbers();
        left.andNot(others);
        return new Chosen(info, left, emptyFolders);
    }

    public InfoDictionary info() {
        return info;
    }

    public boolean isAll() {
        return hasAllFiles() && emptyFolders.size() == info.emptyFolders().size();
    }

    /** All that BitTorrent carries. */
    public boolean hasAllFiles() {
        return numbers.cardinality() == info.files().size();
    }

    public BitSet numbers() {
        return (BitSet) numbers.clone();
    }

    public boolean has(int file) {
        return numbers.get(file);
    }

    /** In the order of the info dictionary. */
    public List<FileEntry> files() {
        return files;
    }

    public List<List<String>> emptyFolders() {
        return emptyFolders;
    }

    public long totalBytes() {
        return files.stream().mapToLong(FileEntry::sizeBytes).sum();
    }

    /**
     * For the engine, a byte for each piece: whether it holds a byte of these files, and how soon it is to come: as the first of its files.
     *
     * @param rules what was said of files, the last holds
     */
    public Bytes priorities(List<FilePriority> rules) {
        byte[] priorities = new byte[info.pieceCount()];
        byte[] ofFiles = ofFiles(rules);
        long begin = 0;
        for (int file = 0; file < info.files().size(); file++) {
            long end = begin + info.files().get(file).sizeBytes();
            if (numbers.get(file) && end > begin) {
                int last = (int) ((end - 1) / info.pieceLength());
                for (int piece = (int) (begin / info.pieceLength()); piece <= last; piece++) {
                    priorities[piece] = (byte) Math.max(priorities[piece], ofFiles[file]);
                }
            }
            begin = end;
        }
        return Bytes.of(priorities);
    }

    /** With these pieces, as far as they are wanted, before all others but those that come first anyway. */
    public static Bytes before(Bytes priorities, int first, int last) {
        byte[] each = priorities.toArray();
        for (int piece = 0; piece < each.length; piece++) {
            if (each[piece] != 0 && each[piece] != FIRST) {
                boolean among = piece >= first && piece <= last;
                each[piece] = among ? WANTED : (byte) Math.min(each[piece], LATER);
            }
        }
        return Bytes.of(each);
    }

    /** With these pieces before all others, as far as they are wanted. */
    public static Bytes first(Bytes priorities, int first, int last) {
        byte[] each = priorities.toArray();
        for (int piece = first; piece <= last; piece++) {
            each[piece] = each[piece] == 0 ? 0 : FIRST;
        }
        return Bytes.of(each);
    }

    private byte[] ofFiles(List<FilePriority> rules) {
        byte[] ofFiles = new byte[info.files().size()];
        Arrays.fill(ofFiles, WANTED);
        for (FilePriority rule : rules) {
            Predicate<List<String>> test = rule.what().test();
            for (int file = 0; file < ofFiles.length; file++) {
                if (test.test(info.files().get(file).path())) {
                    ofFiles[file] = number(rule.priority());
                }
            }
        }
        return ofFiles;
    }

    private static byte number(Priority priority) {
        return switch (priority) {
            case HIGH -> FIRST;
            case NORMAL -> WANTED;
            case LOW -> LAST;
        };
    }
}

package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the files of a share were found by what is in them, and how they come to stand where the share has them. */
final class Rearrangement {
    private static final int SHA256_BYTES = 32;
    /** So many names are read; the rest is a number. */
    private static final int NAMED = 10;

    private final InfoDictionary info;
    private final Path root;
    private final Map<Integer, Path> places;

    /** @param places of files, by their numbers */
    Rearrangement(InfoDictionary info, Path root, Map<Integer, Path> places) {
        this.info = info;
        this.root = root;
        this.places = Map.copyOf(places);
    }

    /** Each file gets one that is like it: the one in its place if that is, else one that no other needs. */
    static Map<Integer, Path> match(InfoDictionary info, Bytes wanted, Map<Path, Bytes> found, Path root) {
        Map<Path, Bytes> left = new HashMap<>(found);
        Map<Integer, Path> places = new HashMap<>();
        for (boolean inPlace : new boolean[] {true, false}) {
            for (int file = 0; file < info.files().size(); file++) {
                Path goal = Finisher.pathOf(info, root, info.files().get(file));
                Bytes digest = wanted.slice(file * SHA256_BYTES, SHA256_BYTES);
                if (places.containsKey(file)) {
                    continue;
                }
                Path place = inPlace
                        ? (digest.equals(left.getOrDefault(goal, Bytes.EMPTY)) ? goal : null)
                        : left.entrySet().stream()
                                .filter(entry -> entry.getValue().equals(digest))
                                .map(Map.Entry::getKey)
                                .min(Path::compareTo)
                                .orElse(null);
                if (place != null) {
                    places.put(file, place);
                    left.remove(place);
                }
            }
        }
        return places;
    }

    /** @throws UserException PATH_MISSING with what is not there, or where it is when that is not where the share has it */
    void refuseUnlessAllAreThere(Path below, boolean rename) {
        List<String> missing = new ArrayList<>();
        List<String> elsewhere = new ArrayList<>();
        for (int file = 0; file < info.files().size(); file++) {
            FileEntry entry = info.files().get(file);
            String name = "'" + String.join("/", entry.path()) + "'";
            Path goal = Finisher.pathOf(info, root, entry);
            Path place = places.get(file);
            if (entry.sizeBytes() > 0 && place == null) {
                missing.add(name);
            } else if (place == null ? !Files.exists(goal) : !place.equals(goal)) {
                elsewhere.add(place == null ? name : name + " is " + below.relativize(place));
            }
        }
        int all = info.files().size();
        if (!missing.isEmpty()) {
            throw new UserException(
                    ErrorCode.PATH_MISSING,
                    (all - missing.size()) + " of " + all + " files were found below " + below + "; missing: "
                            + some(missing),
                    "name a folder that holds them all, or bring them back");
        }
        if (!rename) {
            throw new UserException(
                    ErrorCode.PATH_MISSING,
                    "all files were found below " + below + ", but not where the share has them: " + some(elsewhere),
                    "put them there, or let --rename do it: they go to " + root);
        }
    }

    /** Renames what is elsewhere, and makes the empty files; overwrites nothing. Interrupted, it goes on when it is begun again. */
    void carryOut() {
        try {
            for (int file = 0; file < info.files().size(); file++) {
                Path goal = Finisher.pathOf(info, root, info.files().get(file));
                Path place = places.get(file);
                if (place == null ? Files.exists(goal) : place.equals(goal)) {
                    continue;
                }
                if (Files.exists(goal, LinkOption.NOFOLLOW_LINKS)) {
                    throw new UserException(
                            ErrorCode.PATH_REFUSED,
                            "something else is at " + goal + ", where " + place + " belongs",
                            "move it away, then try again");
                }
                Files.createDirectories(Places.parentOf(goal));
                if (place == null) {
                    Files.createFile(goal);
                } else {
                    Places.move(place, goal);
                }
            }
        } catch (IOException e) {
            throw Places.cannotWrite(root, e);
        }
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(names.size(), NAMED)));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}

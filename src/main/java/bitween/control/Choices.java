package bitween.control;

import bitween.control.FileLists.FileList;
import bitween.control.Resolver.Wanted;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people want of a share, by path and by pattern. Where it is known what is in it, paths may be spelt otherwise, and what fits nothing is refused at once; else
 * the job finds out. Thread: {@code control-n}.
 */
final class Choices {
    /** More than anybody types; who has more to say names a folder. */
    private static final int MAX_PATTERNS = 100;
    /** Who asks for a file of a share that nobody has looked into waits for its file list; not as long as for a list to read. */
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(20);

    private static final Set<ErrorCode> NOT_KNOWN_YET =
            EnumSet.of(ErrorCode.FRIEND_OFFLINE, ErrorCode.TIMED_OUT, ErrorCode.BUSY);

    private final FileLists fileLists;

    Choices(FileLists fileLists) {
        this.fileLists = fileLists;
    }

    /**
     * @param patterns what is meant below the path; none: all
     * @param single whether it has to be one file
     * @return empty: all of it
     * @throws UserException BAD_ARGUMENT, PATH_MISSING, AMBIGUOUS, NOTHING_FITS
     */
    List<Choice> of(Wanted wanted, List<String> patterns, boolean single) throws InterruptedException {
        if (patterns.size() > MAX_PATTERNS) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    patterns.size() + " patterns are too many, " + MAX_PATTERNS + " are possible",
                    "name a folder, or use a wider pattern");
        }
        if (wanted.path().isEmpty() && patterns.isEmpty() && !single) {
            return List.of();
        }
        List<Choice> unchecked = choices(wanted.path(), patterns); // before anybody waits
        FileList list = files(wanted.hash());
        boolean all = wanted.path().isEmpty() && patterns.isEmpty();
        if (list == null) {
            return all ? List.of() : unchecked;
        }
        String share = nameOf(wanted);
        FileTree root = FileTree.of(list);
        List<String> path = spelt(share, root, wanted.path());
        if (single && list.folder() && root.at(path).orElse(root).isFolder()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + nameOf(wanted, path) + "' is a folder, and one file is wanted",
                    "name a file in it: bitween ls '" + nameOf(wanted, path) + "' --tree");
        }
        if (all) {
            return List.of();
        }
        List<Choice> choices = choices(path, patterns);
        for (Choice choice : choices) {
            Predicate<List<String>> test = choice.test();
            boolean fits = Stream.concat(
                            list.files().stream().map(FileLists.FileEntry::path), list.directories().stream())
                    .anyMatch(test);
            if (!fits) {
                throw choice.unfit(
                        nameOf(wanted, path),
                        List.copyOf(root.at(path).orElse(root).names()));
            }
        }
        return choices;
    }

    /**
     * What a file, a folder or a pattern means in a share: a pattern has * or ?.
     *
     * @throws UserException BAD_ARGUMENT, PATH_MISSING, AMBIGUOUS, NOTHING_FITS
     */
    Choice within(Wanted share, String text) throws InterruptedException {
        boolean pattern = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
        List<String> path =
                Stream.of(text.split("/")).filter(element -> !element.isEmpty()).toList();
        if (path.isEmpty()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + text + "' names nothing in '" + share.name() + "'",
                    "write a file, a folder or a pattern, such as '*.mkv', after the /");
        }
        Wanted below = new Wanted(share.hash(), share.name(), share.from(), pattern ? List.of() : path);
        return of(below, pattern ? List.of(text) : List.of(), false).get(0);
    }

    private static String nameOf(Wanted wanted) {
        String name = Objects.requireNonNullElse(wanted.name(), wanted.hash().hex());
        return wanted.from().isEmpty() ? name : wanted.from().get(0).device().jid() + "/" + name;
    }

    private static String nameOf(Wanted wanted, List<String> path) {
        return path.isEmpty() ? nameOf(wanted) : nameOf(wanted) + "/" + String.join("/", path);
    }

    private static List<Choice> choices(List<String> path, List<String> patterns) {
        try {
            return patterns.isEmpty()
                    ? List.of(Choice.path(path))
                    : patterns.stream()
                            .map(pattern -> Choice.glob(path, pattern))
                            .toList();
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "see: bitween get --help", e);
        }
    }

    /** @return null while nobody who is online has it, and it has not been looked into before */
    private @Nullable FileList files(InfoHash hash) throws InterruptedException {
        try {
            return Replies.await(fileLists.filesOf(hash), FETCH_LIMIT);
        } catch (UserException e) {
            if (NOT_KNOWN_YET.contains(e.code())) {
                return null;
            }
            throw e;
        }
    }

    /** The path as the share has it. */
    private static List<String> spelt(String share, FileTree root, List<String> path) {
        List<String> spelt = new ArrayList<>();
        for (String element : path) {
            Collection<String> names = root.at(spelt).map(FileTree::names).orElseThrow();
            List<String> hits = Spelling.matches(names, name -> name, element);
            if (hits.isEmpty()) {
                List<String> wrong = new ArrayList<>(spelt);
                wrong.addAll(path.subList(spelt.size(), path.size()));
                throw BrowseMethods.missing(share, root, wrong);
            }
            if (hits.size() > 1) {
                throw new UserException(
                        ErrorCode.AMBIGUOUS,
                        "'" + element + "' can be " + String.join(" or ", Spelling.quoted(hits)),
                        "write it as it is in " + share);
            }
            spelt.add(hits.get(0));
        }
        return spelt;
    }
}

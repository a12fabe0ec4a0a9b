package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.torrent.Standing.Plan;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.DiskErrors;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Makes of what stands somewhere a newer revision of it: each file takes its place in one rename. What anybody has changed or added here is not lost: it stays, beside
 * and under another name where another file is to stand. Cut off at any step, it is done again with what stands there then. Thread: {@code disk}.
 */
final class Replacing {
    private static final Logger log = LogManager.getLogger(Replacing.class);

    private final Earlier earlier;
    private final Standing standing;
    private final Plan plan;
    private final Chosen wanted;
    private final Path root;
    private final Path staged;
    /** What was changed here and stands beside now, by its new name. */
    private final List<Path> kept = new ArrayList<>();
    /** In which names have changed. */
    private final Set<Path> folders = new HashSet<>();
    /** Where something was that may have been the last in its folder. */
    private final List<Path> left = new ArrayList<>();

    Replacing(Earlier earlier, Standing standing, Plan plan, Chosen wanted, Path staged) {
        this.earlier = earlier;
        this.standing = standing;
        this.plan = plan;
        this.wanted = wanted;
        this.staged = staged;
        root = standing.at(List.of());
    }

    /**
     * Whatever does not stand in its place is in {@code staged}, verified, or is to be moved.
     *
     * @return false when something was changed meanwhile that was to be used: nothing is lost, and it has to be looked at again
     * @throws UserException DISK_WRITE, DISK_FULL
     */
    boolean run() {
        InfoDictionary info = wanted.info();
        try {
            boolean folder = Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS);
            if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && folder != info.folder()) {
                throw inTheWay(root);
            }
            for (var move : plan.moved().entrySet()) { // all of them first: two files may have exchanged their names
                if (!standing.isStill(move.getValue())) {
                    return false;
                }
                Path from = standing.at(move.getValue());
                move(from, stagedPath(Earlier.pathOf(info, move.getKey())));
                left.add(from);
            }
            if (earlier.mirror()) {
                removeGone();
            }
            List<Path> placed = new ArrayList<>();
            for (int file = wanted.numbers().nextSetBit(0);
                    file >= 0;
                    file = wanted.numbers().nextSetBit(file + 1)) {
                if (!plan.here().get(file)) {
                    placed.add(place(Earlier.pathOf(info, file)));
                }
            }
            for (List<String> empty : wanted.emptyFolders()) {
                Files.createDirectories(standing.at(empty));
            }
            removeEmpty();
            Flusher.flush(placed);
            folders.stream().filter(Files::isDirectory).forEach(Flusher::flushFolder);
            return true;
        } catch (IOException e) {
            throw DiskErrors.writing(root, e);
        }
    }

    List<Path> kept() {
        return List.copyOf(kept);
    }

    private Path stagedPath(List<String> path) {
        return Finisher.resolve(staged, path);
    }

    private Path place(List<String> path) throws IOException {
        Path to = standing.at(path);
        if (!path.isEmpty()) {
            makeFolders(Places.parentOf(to));
        }
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS) && !standing.isOwners(path)) {
            keepBeside(to);
        }
        move(stagedPath(path), to);
        return to;
    }

    /** A file where a folder is to be goes aside; a link may lead anywhere, and is its owner's affair. */
    private void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (folder.equals(root)) {
            Files.createDirectories(root);
            return;
        }
        makeFolders(Places.parentOf(folder));
        if (Files.isSymbolicLink(folder)) {
            throw inTheWay(folder);
        }
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            keepBeside(folder);
        }
        Files.createDirectory(folder);
        folders.add(Places.parentOf(folder));
    }

    private void keepBeside(Path path) throws IOException {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String yours = dot > 0 ? name.substring(0, dot) + " (yours)" + name.substring(dot) : name + " (yours)";
        Path beside = Places.free(Places.parentOf(path), yours);
        move(path, beside);
        kept.add(beside);
    }

    private void move(Path from, Path to) throws IOException {
        Files.createDirectories(Places.parentOf(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        folders.add(Places.parentOf(from));
        folders.add(Places.parentOf(to));
    }

    /** What the newer revision has no more goes, unless somebody has changed it here. */
    private void removeGone() throws IOException {
        InfoDictionary info = wanted.info();
        Set<List<String>> there = new HashSet<>();
        info.files().forEach(file -> there.add(Earlier.pathOf(info, file)));
        for (List<String> path : earlier.digests().keySet()) {
            Path gone = standing.at(path);
            if (there.contains(path) || !Files.exists(gone, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (standing.isOwners(path)) {
                Files.delete(gone);
                left.add(gone);
            } else if (standing.find(path) != null) {
                log.info("a file stays that its owner removed: it was changed here");
            }
        }
        earlier.files()
                .emptyFolders()
                .forEach(folder -> left.add(standing.at(folder).resolve("x")));
    }

    /** Folders of the earlier revision in which nothing is any more. */
    private void removeEmpty() throws IOException {
        Set<Path> empty = new HashSet<>();
        wanted.info().emptyFolders().forEach(folder -> empty.add(standing.at(folder)));
        Set<Path> above = new HashSet<>();
        for (Path path : left) {
            for (Path folder = path.getParent();
                    folder != null && folder.startsWith(root) && !folder.equals(root);
                    folder = folder.getParent()) {
                above.add(folder);
            }
        }
        above.removeAll(empty);
        List<Path> deepestFirst = above.stream()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
        for (Path folder : deepestFirst) {
            try {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(folder);
                }
            } catch (DirectoryNotEmptyException e) {
                log.trace("{} holds something", folder);
            }
        }
    }

    private static UserException inTheWay(Path path) {
        return new UserException(
                ErrorCode.DISK_WRITE,
                "at " + path + " stands something else than what is to go there",
                "move it elsewhere, and it goes on by itself");
    }
}

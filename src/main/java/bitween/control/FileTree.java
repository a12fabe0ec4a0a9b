package bitween.control;

import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A folder or a file of a share, with what is below it. Made from a file list; names are compared as they are. */
final class FileTree {
    private final String name;
    private final List<String> path;
    private final boolean folder;
    private final Map<String, FileTree> children = new TreeMap<>();
    private long sizeBytes;
    private int files;

    private FileTree(List<String> path, boolean folder) {
        this.name = path.isEmpty() ? "" : path.get(path.size() - 1);
        this.path = path;
        this.folder = folder;
    }

    static FileTree of(FileList list) {
        FileTree root = new FileTree(List.of(), true);
        list.files().forEach(root::add);
        list.directories().forEach(directory -> root.folder(directory, 0, 0));
        return root;
    }

    private void add(FileEntry file) {
        int last = file.path().size() - 1;
        FileTree parent = folder(file.path().subList(0, last), file.sizeBytes(), 1);
        FileTree leaf =
                parent.children.computeIfAbsent(file.path().get(last), name -> new FileTree(file.path(), false));
        leaf.sizeBytes += file.sizeBytes();
        leaf.files++;
    }

    /** The folder at {@code below}, made where it is missing; what is added counts in every folder on the way. */
    private FileTree folder(List<String> below, long bytes, int count) {
        FileTree at = this;
        at.sizeBytes += bytes;
        at.files += count;
        for (int depth = 1; depth <= below.size(); depth++) {
            List<String> here = below.subList(0, depth);
            at = at.children.computeIfAbsent(below.get(depth - 1), name -> new FileTree(here, true));
            at.sizeBytes += bytes;
            at.files += count;
        }
        return at;
    }

    Optional<FileTree> at(List<String> below) {
        FileTree at = this;
        for (String element : below) {
            FileTree next = at.children.get(element);
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    String name() {
        return name;
    }

    List<String> path() {
        return path;
    }

    boolean isFolder() {
        return folder;
    }

    Collection<String> names() {
        return children.keySet();
    }

    /** What is directly in it, or with {@code deep} everything below, folders before what is in them; a file is itself. */
    List<FileTree> entries(boolean deep) {
        if (!folder) {
            return List.of(this);
        }
        List<FileTree> entries = new ArrayList<>();
        for (FileTree child : children.values()) {
            entries.add(child);
            if (deep && child.folder) {
                entries.addAll(child.entries(true));
            }
        }
        return entries;
    }

    View view() {
        @Nullable Integer below = folder ? (Integer) files : null;
        return new View()
                .with("name", name)
                .with("path", path)
                .with("kind", folder ? "folder" : "file")
                .with("sizeBytes", sizeBytes)
                .with("files", below);
    }
}

package bitween.control;

import bitween.model.InfoHash;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Knows the files of a share by its info-hash: one's own, or a friend's, whose info dictionary is fetched. */
@FunctionalInterface
public interface FileLists {
    /** @return fails with {@link bitween.model.UserException} FRIEND_OFFLINE when nobody who is online has it. Never blocks. */
    CompletableFuture<FileList> filesOf(InfoHash hash);

    /**
     * @param folder whether the share is a folder; else it is one file
     * @param files in the share's own order; the one file of a share that is no folder has its name as its path
     * @param directories those that are empty, as paths of their elements
     */
    record FileList(boolean folder, List<FileEntry> files, List<List<String>> directories) {
        public FileList {
            files = List.copyOf(files);
            directories = directories.stream().map(List::copyOf).toList();
        }
    }

    /** @param path its elements, below the share's folder */
    record FileEntry(List<String> path, long sizeBytes) {
        public FileEntry {
            path = List.copyOf(path);
            if (path.isEmpty()) {
                throw new IllegalArgumentException("a file has a name");
            }
        }
    }
}

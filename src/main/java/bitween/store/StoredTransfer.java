package bitween.store;

import bitween.model.Transfer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A transfer as the store holds it. Instants are to the millisecond.
 *
 * @param directory where a job was to be put; null: where the config says, and for shares
 * @param staging where a job grows; null before it does, and for shares
 * @param folderMark by which a job's folder is known again; null: nobody looked, and for shares
 * @param magnet the link that the user gave; null: none
 * @param uploadedBytes payload sent since it was added, as last saved
 * @param hasMetadata whether its info dictionary is stored
 * @param hasResume whether resume data are stored
 */
public record StoredTransfer(
        Transfer transfer,
        @Nullable Path directory,
        @Nullable Path staging,
        @Nullable String folderMark,
        @Nullable String magnet,
        long uploadedBytes,
        boolean hasMetadata,
        boolean hasResume) {}

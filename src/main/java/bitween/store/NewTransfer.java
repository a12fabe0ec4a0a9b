package bitween.store;

import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transfer that has no number yet.
 *
 * @param place absolute
 * @param hash null for a share: its files are not hashed yet
 * @param directory where a job is to be put, absolute; null: where the config says, and for shares
 * @param magnet the link that the user gave; null: none
 */
public record NewTransfer(
        Transfer.Kind kind,
        String name,
        Path place,
        TransferState state,
        @Nullable InfoHash hash,
        @Nullable Path directory,
        @Nullable String magnet,
        Instant since) {
    public static NewTransfer share(String name, Path place, Instant since) {
        return new NewTransfer(Transfer.Kind.SHARE, name, place, TransferState.HASHING, null, null, null, since);
    }

    public static NewTransfer job(
            String name, Path place, InfoHash hash, @Nullable Path directory, @Nullable String magnet, Instant since) {
        return new NewTransfer(
                Transfer.Kind.JOB, name, place, TransferState.WAITING_FOR_FRIEND, hash, directory, magnet, since);
    }
}

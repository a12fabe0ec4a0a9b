package bitween.store;

import bitween.model.Audience;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.ShareMode;
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
 * @param folderMark by which a job's folder is known again; null: nobody looked, and for shares
 * @param magnet the link that the user gave; null: none
 * @param audience whom a share is for, or a job once it is complete
 * @param reshare whether those who get a share may share it on by themselves
 * @param sent whether a share is an offer, which goes once those whom it is for have it
 * @param mode what becomes of a share when its files change; USUAL of jobs
 * @param selection what a job gets of the share; null: all
 * @param pieceLength of a share, in bytes; null: as its size asks for, and of jobs
 */
public record NewTransfer(
        Transfer.Kind kind,
        String name,
        Path place,
        TransferState state,
        @Nullable InfoHash hash,
        @Nullable Path directory,
        @Nullable String folderMark,
        @Nullable String magnet,
        Audience audience,
        boolean reshare,
        boolean sent,
        ShareMode mode,
        @Nullable Selection selection,
        @Nullable Integer pieceLength,
        Instant since) {
    public static NewTransfer share(String name, Path place, Audience audience, Instant since) {
        return share(name, place, audience, false, ShareMode.USUAL, since);
    }

    public static NewTransfer share(
            String name, Path place, Audience audience, boolean reshare, ShareMode mode, Instant since) {
        return new NewTransfer(
                Transfer.Kind.SHARE,
                name,
                place,
                TransferState.HASHING,
                null,
                null,
                null,
                null,
                audience,
                reshare,
                false,
                mode,
                null,
                null,
                since);
    }

    public NewTransfer withPieces(@Nullable Integer length) {
        return new NewTransfer(
                kind,
                name,
                place,
                state,
                hash,
                directory,
                folderMark,
                magnet,
                audience,
                reshare,
                sent,
                mode,
                selection,
                length,
                since);
    }

    public NewTransfer asSent() {
        return new NewTransfer(
                kind,
                name,
                place,
                state,
                hash,
                directory,
                folderMark,
                magnet,
                audience,
                reshare,
                true,
                mode,
                selection,
                pieceLength,
                since);
    }

    public static NewTransfer job(
            String name, Path place, InfoHash hash, @Nullable Path directory, @Nullable String magnet, Instant since) {
        return job(name, place, hash, directory, null, magnet, Audience.NOBODY, null, since);
    }

    public static NewTransfer job(
            String name,
            Path place,
            InfoHash hash,
            @Nullable Path directory,
            @Nullable String folderMark,
            @Nullable String magnet,
            Audience audience,
            @Nullable Selection selection,
            Instant since) {
        return new NewTransfer(
                Transfer.Kind.JOB,
                name,
                place,
                TransferState.WAITING_FOR_FRIEND,
                hash,
                directory,
                folderMark,
                magnet,
                audience,
                false,
                false,
                ShareMode.USUAL,
                selection,
                null,
                since);
    }
}

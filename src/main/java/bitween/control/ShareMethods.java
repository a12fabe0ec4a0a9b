package bitween.control;

import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.ErrorCode;
import bitween.model.LeftOut;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** What this device shares. */
final class ShareMethods {
    private final Replies replies;

    ShareMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add(
                "shares",
                "what this device shares",
                List.of(),
                params -> new View().with("shares", new TransferViews(replies.catalogue()).all(Transfer.Kind.SHARE)));
        methods.add(
                "share.add",
                "shares a file or folder in place, and tells what is left out; transfer.wait tells when it is hashed",
                List.of("path", "name?"),
                this::add);
        methods.add("share.rm", "shares no longer; the files stay", List.of("name"), this::remove);
    }

    private View add(Params params) throws InterruptedException {
        Path path = absolute(params.text("path"));
        Shared shared = replies.ask(new SharePath(path, params.optionalText("name")), Shared::transfer);
        return new TransferViews(replies.catalogue())
                .current(shared.transfer())
                .with("leftOut", leftOut(shared.leftOut()));
    }

    private static View leftOut(LeftOut leftOut) {
        View counts = new View();
        leftOut.counts().forEach((reason, count) -> counts.with(reason.name(), count));
        return new View()
                .with("count", leftOut.count())
                .with("reasons", counts)
                .with(
                        "first",
                        leftOut.first().stream()
                                .map(thing ->
                                        new View().with("path", thing.path()).with("reason", thing.reason()))
                                .toList());
    }

    private View remove(Params params) throws InterruptedException {
        Transfer share = new OwnNames(replies.catalogue()).find(params.text("name"), Transfer.Kind.SHARE);
        return new TransferViews(replies.catalogue())
                .transfer(replies.ask(new UnsharePath(share.id()), removed -> removed));
    }

    /** @throws UserException BAD_ARGUMENT: a client's working directory is not the daemon's */
    static Path absolute(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "this is no path: " + e.getMessage(), "", e);
        }
        throw new UserException(
                ErrorCode.BAD_ARGUMENT, "the path '" + text + "' is not absolute", "paths begin with / here");
    }
}

package bitween.control;

import bitween.message.SendRequest.ListSent;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RelocateShare;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.Grantee;
import bitween.model.LeftOut;
import bitween.model.Sent;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this device shares. */
final class ShareMethods {
    private final Replies replies;
    private final Supplier<Audience> usualAudience;

    /** @param usualAudience whom a share is for when nobody says so; empty: that has to be said */
    ShareMethods(Replies replies, Supplier<Audience> usualAudience) {
        this.replies = replies;
        this.usualAudience = usualAudience;
    }

    void addTo(Methods methods) {
        methods.add(
                "shares",
                "what this device shares",
                List.of(),
                params -> new View().with("shares", new TransferViews(replies.catalogue()).all(Transfer.Kind.SHARE)));
        methods.add(
                "share.add",
                "shares a file or folder in place with 'to', or with sharing.audience, and tells what is left out; with 'allowReshare' those who get it share it on by themselves; 'mode' LIVE: each change in it becomes its next revision, FROZEN: one that changes is withdrawn until its user says otherwise; 'keepRevisions', of LIVE: of how many revisions the files are kept, that which is offered included, 0 to "
                        + Former.MAX_KEPT
                        + ", also, without a 'mode', of what is live already; 'pieceLength' in bytes, a power of two from 16384 to 16777216, else as the size asks for; transfer.wait tells when it is hashed",
                List.of("path", "name?", "to?", "allowReshare?", "mode?", "keepRevisions?", "pieceLength?"),
                this::add);
        methods.add(
                "share.grant",
                "lets more people have a share: everyone, @group of the roster, or a friend",
                List.of("name", "to"),
                this::grant);
        methods.add("share.revoke", "takes a share from people", List.of("name", "from"), this::revoke);
        methods.add(
                "share.relocate",
                "looks below 'directory' for the files of a share that are not where they were, and shares them there; with 'rename' puts those in place that are otherwise named; transfer.wait tells when it is done, and 'error' why not",
                List.of("name", "directory", "rename?"),
                params -> current(replies.ask(
                        new RelocateShare(
                                share(params).id(), absolute(params.text("directory")), params.flag("rename")),
                        changed -> changed)));
        methods.add("share.rm", "shares no longer; the files stay", List.of("name"), this::remove);
    }

    private View add(Params params) throws InterruptedException {
        Path path = absolute(params.text("path"));
        ShareMode asked = mode(params);
        boolean further = params.has("keepRevisions") && asked == ShareMode.USUAL && isLive(path);
        ShareMode mode = further ? ShareMode.LIVE : asked;
        Integer keep = keepRevisions(params, mode);
        Integer pieces = params.has("pieceLength")
                ? (Integer) (int) params.number("pieceLength", 0, Integer.MAX_VALUE, 0)
                : null;
        List<String> to = params.texts("to");
        Audience audience;
        if (!to.isEmpty()) {
            audience = new Audience(new Grantees(replies.catalogue()).toGrant(to));
        } else if (keep != null && isLive(path)) {
            audience = Audience.NOBODY; // it stays for whom it is
        } else {
            audience = said(usualAudience.get(), path.toString(), "--to");
        }
        Shared shared = replies.ask(
                new SharePath(
                        path, params.optionalText("name"), audience, params.flag("allowReshare"), mode, keep, pieces),
                Shared::transfer);
        return current(shared.transfer()).with("leftOut", leftOut(shared.leftOut()));
    }

    private static @Nullable Integer keepRevisions(Params params, ShareMode mode) {
        if (!params.has("keepRevisions")) {
            return null;
        }
        if (mode != ShareMode.LIVE) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "only a live share has revisions", "add --live to --keep-revisions");
        }
        return (int) params.number("keepRevisions", 0, Former.MAX_KEPT, 0);
    }

    private boolean isLive(Path path) {
        return replies.catalogue().transfers().values().stream()
                .anyMatch(known -> known.kind() == Transfer.Kind.SHARE
                        && known.isLive()
                        && known.place().equals(path));
    }

    private static ShareMode mode(Params params) {
        String text = params.optionalText("mode");
        try {
            return text == null ? ShareMode.USUAL : ShareMode.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "a share has no mode '" + text + "'", "it is USUAL, LIVE or FROZEN", e);
        }
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

    /** @throws UserException AUDIENCE_MISSING: nothing is shared with whomever by mistake */
    static Audience said(Audience usual, String what, String option) {
        if (usual.isEmpty()) {
            throw new UserException(
                    ErrorCode.AUDIENCE_MISSING,
                    "nobody said who may have " + what,
                    "add " + option + " everyone, " + option + " @GROUP or " + option
                            + " FRIEND; audience = [\"everyone\"] below [sharing] in bitween.toml says it for all");
        }
        return usual;
    }

    private View grant(Params params) throws InterruptedException {
        Transfer share = share(params);
        Set<Grantee> more = new Grantees(replies.catalogue()).toGrant(params.texts("to"));
        refuseIfSent(share, offers -> sendToo(share, offers, more));
        return current(replies.ask(new GrantShare(share.id(), more), changed -> changed));
    }

    private View revoke(Params params) throws InterruptedException {
        Transfer share = share(params);
        refuseIfSent(share, ShareMethods::takeBack);
        Set<Grantee> fewer = new Grantees(replies.catalogue()).toRevoke(params.texts("from"), share);
        return current(replies.ask(new RevokeShare(share.id(), fewer), changed -> changed));
    }

    /**
     * Each who is sent something has an offer of it, and loses it with that.
     *
     * @param remedy of the open offers of it
     */
    private void refuseIfSent(Transfer share, Function<List<Sent>, String> remedy) throws InterruptedException {
        List<Sent> offers = replies.ask(new ListSent()).stream()
                .filter(sent -> sent.isOpen() && share.id().equals(sent.share()))
                .toList();
        Share known = share.share(); // its offers may have ended just now
        if (!offers.isEmpty() || (known != null && known.sent())) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + share.name() + "' is sent to " + share.audience()
                            + "; what is sent is neither granted nor revoked",
                    remedy.apply(offers));
        }
    }

    private static String sendToo(Transfer share, List<Sent> offers, Set<Grantee> more) {
        boolean one = more.size() == 1 && more.iterator().next() instanceof Grantee.Person;
        boolean piped = offers.stream().anyMatch(Sent::piped);
        return "send it to them as well: bitween send "
                + (piped ? "-" : Resolver.typed(share.place().toString()))
                + " "
                + (one ? more.iterator().next() : "FRIEND");
    }

    private static String takeBack(List<Sent> offers) {
        return offers.size() == 1
                ? "take it back with: bitween send --rm " + offers.get(0).id()
                : "bitween send lists to whom; bitween send --rm NUMBER takes it back from one";
    }

    private Transfer share(Params params) {
        return new OwnNames(replies.catalogue()).find(params.text("name"), Transfer.Kind.SHARE);
    }

    private View current(Transfer changed) {
        return new TransferViews(replies.catalogue()).current(changed);
    }

    private View remove(Params params) throws InterruptedException {
        Transfer share = share(params);
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

package bitween.control;

import bitween.catalogue.Friend;
import bitween.control.Candidates.Begun;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Names that begin as somebody has typed, for the shell's Tab. Nobody waits long for these, and what cannot be said in time is not said. */
final class CompletionMethods {
    /** A screen of names helps nobody; a shell asks before it shows more than 100. */
    private static final int MAX_CANDIDATES = 500;
    /** For the files of a share into which nobody has looked yet; the next Tab has them. */
    private static final Duration FETCH_LIMIT = Duration.ofMillis(700);

    private final Replies replies;
    private final FileLists fileLists;

    CompletionMethods(Replies replies, FileLists fileLists) {
        this.replies = replies;
        this.fileLists = fileLists;
    }

    void addTo(Methods methods) {
        methods.add(
                "complete",
                "names that begin with 'text', 500 at most; 'kind': SHARE, JOB, TRANSFER, FRIEND, LIMITED for either, ASKING, BLOCKED, WHO, or REMOTE for FRIEND/SHARE/PATH",
                List.of("kind", "text?"),
                params -> {
                    String text = params.optionalText("text");
                    List<String> found = find(params.text("kind"), text == null ? "" : text);
                    return new View().with("candidates", Candidates.first(found, MAX_CANDIDATES));
                });
    }

    private List<String> find(String kind, String text) throws InterruptedException {
        Candidates candidates = new Candidates(replies.catalogue());
        return switch (kind) {
            case "SHARE" -> candidates.transfers(Transfer.Kind.SHARE, text);
            case "JOB" -> candidates.transfers(Transfer.Kind.JOB, text);
            case "TRANSFER" ->
                Stream.of(Transfer.Kind.values())
                        .flatMap(each -> candidates.transfers(each, text).stream())
                        .distinct()
                        .sorted()
                        .toList();
            case "FRIEND" -> candidates.friends(text);
            case "LIMITED" ->
                Stream.concat(candidates.friends(text).stream(), find("TRANSFER", text).stream())
                        .distinct()
                        .toList();
            case "ASKING" -> candidates.asking(text);
            case "BLOCKED" -> candidates.blocked(text);
            case "WHO" -> candidates.grantees(text);
            case "REMOTE" -> remote(candidates, text);
            default ->
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + kind + "' is no kind of name", "see: Api.methods");
        };
    }

    private List<String> remote(Candidates candidates, String text) throws InterruptedException {
        Begun begun = Begun.of(text);
        if (begun.head().replace("/", "").isEmpty()) {
            return begun.head().isEmpty() ? candidates.friendsBeforeShares(text) : List.of();
        }
        Reference at = begun.reference();
        try {
            Resolver resolver = new Resolver(replies.catalogue());
            Friend friend = resolver.friend(at.friend());
            return at.share() == null
                    ? candidates.shares(friend, begun.head(), begun.last())
                    : files(resolver.share(friend, at.share()), at.path(), begun);
        } catch (UserException e) {
            return List.of(); // what is there has no such name, or does not tell in time: nothing to offer
        }
    }

    private List<String> files(Held held, List<String> path, Begun begun) throws InterruptedException {
        FileLists.FileList list = Replies.await(fileLists.filesOf(held.share().hash()), FETCH_LIMIT);
        return list.folder()
                ? FileTree.of(list)
                        .at(path)
                        .filter(FileTree::isFolder)
                        .map(folder -> Candidates.entries(folder, begun.head(), begun.last()))
                        .orElse(List.of())
                : List.of();
    }
}

package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.control.FileLists.FileList;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.FilePriority;
import bitween.model.Priority;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What friends share, down to the single file. */
final class BrowseMethods {
    /** Of files in one answer; nobody reads more, and a share may have 250,000. */
    static final int MAX_ENTRIES = 10_000;
    /** An info dictionary of 32 MiB in pages over a slow server, and some. */
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(60);

    private final Replies replies;
    private final FileLists fileLists;

    BrowseMethods(Replies replies, FileLists fileLists) {
        this.replies = replies;
        this.fileLists = fileLists;
    }

    void addTo(Methods methods) {
        methods.add(
                "hashes",
                "what friends share, by info-hash, with all who have it, online or not; 'friend': only what this one has",
                List.of("friend?"),
                params -> byHash(params.optionalText("friend")));
        methods.add(
                "ls",
                "friends, a friend's shares, or the files of FRIEND/SHARE/FOLDER; 'deep': whatever is below",
                List.of("path?", "deep?"),
                params -> list(params.optionalText("path"), params.flag("deep")));
    }

    private View list(@Nullable String path, boolean deep) throws InterruptedException {
        Catalogue now = replies.catalogue();
        if (path == null || path.isBlank()) {
            FriendViews views = new FriendViews(now);
            return new View()
                    .with("kind", "friends")
                    .with("friends", views.all().stream().map(views::friend).toList());
        }
        Reference reference = Reference.parse(path);
        Friend friend = new Resolver(now).friend(reference.friend());
        return reference.share() == null
                ? shares(now, friend)
                : files(now, new Resolver(now).share(friend, reference.share()), reference.path(), deep);
    }

    /** The same content of several friends once, under whatever names and hashes. */
    private View byHash(@Nullable String named) {
        Catalogue now = replies.catalogue();
        Friend friend = named == null ? null : new Resolver(now).friend(named);
        List<SameContent.Group> groups = new SameContent(now)
                .groups().stream()
                        .filter(group -> friend == null || group.isHeldBy(friend.jid()))
                        .sorted(Comparator.comparing(
                                        (SameContent.Group group) ->
                                                group.share().name(),
                                        String.CASE_INSENSITIVE_ORDER)
                                .thenComparing(group -> group.share().hash()))
                        .toList();
        Set<Object> own = new SameContent(now).own();
        return new View()
                .with(
                        "shares",
                        groups.stream()
                                .limit(MAX_ENTRIES)
                                .map(group -> view(group, group.isIn(own)))
                                .toList())
                .with("more", Math.max(0, groups.size() - MAX_ENTRIES));
    }

    private static View view(SameContent.Group group, boolean here) {
        Share share = group.share();
        return new View()
                .with("hash", share.hash())
                .with("name", share.name())
                .with("magnet", TransferViews.magnet(share.hash(), share.name()))
                .with("contentId", share.content())
                .with("sizeBytes", share.sizeBytes())
                .with("files", share.files())
                .with("online", group.isReachable())
                .with("here", here)
                .with("holders", group.holders());
    }

    private static View shares(Catalogue now, Friend friend) {
        FriendViews views = new FriendViews(now);
        return new View()
                .with("kind", "shares")
                .with("friend", views.friend(friend))
                .with(
                        "shares",
                        new Resolver(now)
                                .shares(friend).stream().map(views::share).toList());
    }

    private View files(Catalogue now, Held held, List<String> path, boolean deep) throws InterruptedException {
        FileList list = Replies.await(fileLists.filesOf(held.share().hash()), FETCH_LIMIT);
        FileTree root = FileTree.of(list);
        FileTree folder = root.at(path).orElseThrow(() -> missing(nameOf(held), root, path));
        List<FileTree> entries = folder.entries(deep);
        FriendViews views = new FriendViews(now);
        List<FilePriority> rules = now.transfer(held.share().hash())
                .filter(transfer -> !transfer.isSettled())
                .map(Transfer::filePriorities)
                .orElse(List.of());
        return new View()
                .with("kind", "files")
                .with("friend", views.friend(held.friend()))
                .with("share", views.share(held))
                .with("path", path)
                .with("at", folder.view())
                .with(
                        "entries",
                        entries.stream()
                                .limit(MAX_ENTRIES)
                                .map(entry -> entry.view().with("priority", priority(rules, entry.path())))
                                .toList())
                .with("more", Math.max(0, entries.size() - MAX_ENTRIES));
    }

    /** What was said last of the job that gets it; null: nothing. */
    private static @Nullable Priority priority(List<FilePriority> rules, List<String> path) {
        return rules.stream()
                .filter(rule -> rule.what().test().test(path))
                .reduce((earlier, later) -> later)
                .map(FilePriority::priority)
                .orElse(null);
    }

    /** How many elements of {@code path} are there. */
    private static int existing(FileTree root, List<String> path) {
        int depth = 0;
        while (depth < path.size() && root.at(path.subList(0, depth + 1)).isPresent()) {
            depth++;
        }
        return depth;
    }

    static String nameOf(Held held) {
        return held.friend().jid() + "/" + held.share().name();
    }

    /** @param share as people call it */
    static UserException missing(String share, FileTree root, List<String> path) {
        List<String> there = path.subList(0, existing(root, path));
        Collection<String> names = root.at(there).map(FileTree::names).orElse(List.of());
        String near = Spelling.suggestion(names, path.get(there.size()));
        String folder = there.isEmpty() ? "it" : "'" + String.join("/", there) + "'";
        return new UserException(
                ErrorCode.PATH_MISSING,
                share + " has no '" + String.join("/", path) + "'",
                near.isEmpty() ? Choice.whatIsIn(folder, names) : near);
    }
}

package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Finder.Found;
import bitween.control.SameContent.Holder;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Search over all that friends share. */
final class FindMethods {
    static final int MAX_FOUND = 1_000;
    private static final int USUAL = 100;

    /** Kinds of files, by how their names end. */
    private static final Map<String, Set<String>> KINDS = Map.of(
            "audio", Set.of("mp3", "flac", "ogg", "opus", "m4a", "aac", "wav", "wma", "aiff", "ape", "mid"),
            "video", Set.of("mkv", "mp4", "avi", "webm", "mov", "m4v", "mpg", "mpeg", "wmv", "flv", "ts", "ogv"),
            "image", Set.of("jpg", "jpeg", "png", "gif", "webp", "svg", "tif", "tiff", "bmp", "heic", "raw", "avif"),
            "text", Set.of("pdf", "epub", "txt", "md", "doc", "docx", "odt", "rtf", "mobi", "djvu", "html", "tex"),
            "archive", Set.of("zip", "tar", "gz", "xz", "bz2", "zst", "7z", "rar", "iso", "deb", "rpm"));

    private final Replies replies;
    private final Finder finder;

    FindMethods(Replies replies, Finder finder) {
        this.replies = replies;
        this.finder = finder;
    }

    void addTo(Methods methods) {
        methods.add(
                "find",
                "shares and files of friends whose names have all of the words; 'regex': whose paths the pattern fits; 'type': share, file, audio, video, image, "
                        + "text or archive",
                List.of("words", "regex?", "type?", "from?", "online?", "leastBytes?", "mostBytes?", "limit?"),
                this::find);
    }

    private View find(Params params) {
        Catalogue now = replies.catalogue();
        int limit = (int) params.number("limit", 1, MAX_FOUND, USUAL);
        String type = params.optionalText("type");
        String from = params.optionalText("from");
        Holders holders = new Holders(
                now, from == null ? null : new Resolver(now).friend(from).jid(), params.flag("online"));
        long least = params.number("leastBytes", 0, Long.MAX_VALUE, 0);
        long most = params.number("mostBytes", 0, Long.MAX_VALUE, Long.MAX_VALUE);
        Predicate<Found> wanted = ofType(type)
                .and(found -> found.sizeBytes() >= least && found.sizeBytes() <= most)
                .and(found -> !holders.of(found.hash()).isEmpty());
        List<Found> found = params.flag("regex")
                ? finder.pattern(pattern(params.text("words")), wanted, limit + 1)
                : finder.words(
                        params.text("words"),
                        type == null ? Set.of() : KINDS.getOrDefault(type, Set.of()),
                        wanted,
                        limit + 1);
        return new View()
                .with("found", merged(found.stream().limit(limit).toList(), holders))
                .with("more", found.size() > limit);
    }

    /** The same file, or share, of the same content once, whatever the share is called. */
    private static List<View> merged(List<Found> found, Holders holders) {
        Map<Same, List<Found>> same = new LinkedHashMap<>();
        found.forEach(one -> same.computeIfAbsent(
                        new Same(holders.key(one.hash()), one.path()), first -> new ArrayList<>())
                .add(one));
        return same.values().stream().map(copies -> view(copies, holders)).toList();
    }

    /** @param content or what else makes it one */
    private record Same(Object content, String path) {}

    private static View view(List<Found> copies, Holders holders) {
        Found found = copies.get(0);
        List<Holder> all = holders.ofContent(found.hash());
        return new View()
                .with("kind", found.path().isEmpty() ? "share" : "file")
                .with("share", found.name())
                .with("path", found.path())
                .with("sizeBytes", found.sizeBytes())
                .with("hash", found.hash())
                .with("online", all.stream().anyMatch(holder -> holder.device().isReachable()))
                .with("here", copies.stream().anyMatch(copy -> holders.isHere(copy.hash())))
                .with(
                        "holders",
                        all.stream()
                                .map(holder -> holder.view(all.get(0).share()))
                                .toList());
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + text + "' is no regular expression: " + e.getDescription(),
                    "without --regex it is taken as words",
                    e);
        }
    }

    private static Predicate<Found> ofType(@Nullable String type) {
        if (type == null) {
            return found -> true;
        }
        if (type.equals("share") || type.equals("file")) {
            return found -> found.path().isEmpty() == type.equals("share");
        }
        Set<String> endings = KINDS.get(type);
        if (endings == null) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "there is no type '" + type + "'",
                    "it is share, file, audio, video, image, text or archive");
        }
        return found -> endings.contains(ending(found.lastName()));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Who has what, each looked up once. */
    private static final class Holders {
        private final Catalogue catalogue;
        private final @Nullable Jid from;
        private final boolean online;
        private final Set<Object> own;
        private final Map<InfoHash, List<Holder>> known = new HashMap<>();

        Holders(Catalogue catalogue, @Nullable Jid from, boolean online) {
            this.catalogue = catalogue;
            this.from = from;
            this.online = online;
            own = new SameContent(catalogue).own();
        }

        /** All who have it; none when nobody is as wanted. */
        List<Holder> of(InfoHash hash) {
            return known.computeIfAbsent(hash, this::lookUp);
        }

        /** All who have it, and all who have a copy of what it is: the names of those need not fit. */
        List<Holder> ofContent(InfoHash hash) {
            Object key = key(hash);
            Stream<Holder> copies = catalogue.friends().values().stream()
                    .flatMap(friend -> friend.sortedDevices().stream())
                    .filter(device -> !device.shares().containsKey(hash))
                    .flatMap(device -> SameContent.held(device, key).stream());
            return Stream.concat(of(hash).stream(), copies).toList();
        }

        /** What it is, as its first holder says. */
        Object key(InfoHash hash) {
            return SameContent.key(of(hash).get(0).share());
        }

        boolean isHere(InfoHash hash) {
            return own.contains(hash) || own.contains(key(hash));
        }

        private List<Holder> lookUp(InfoHash hash) {
            List<FriendDevice> all = catalogue.holders(hash);
            boolean fits = all.stream()
                    .anyMatch(device ->
                            (from == null || device.device().jid().equals(from)) && (!online || device.isReachable()));
            return fits
                    ? all.stream()
                            .map(device -> new Holder(
                                    device,
                                    Objects.requireNonNull(device.shares().get(hash))))
                            .toList()
                    : List.of();
        }
    }
}

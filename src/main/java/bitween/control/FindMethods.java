package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Finder.Found;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
                .with(
                        "found",
                        found.stream()
                                .limit(limit)
                                .map(one -> view(now, one, holders.of(one.hash())))
                                .toList())
                .with("more", found.size() > limit);
    }

    private static View view(Catalogue now, Found found, List<FriendDevice> holders) {
        return new View()
                .with("kind", found.path().isEmpty() ? "share" : "file")
                .with("share", found.name())
                .with("path", found.path())
                .with("sizeBytes", found.sizeBytes())
                .with("hash", found.hash())
                .with("online", holders.stream().anyMatch(FriendDevice::isReachable))
                .with("here", now.transfer(found.hash()).isPresent())
                .with("holders", holders.stream().map(FriendViews::holder).toList());
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
        private final Map<InfoHash, List<FriendDevice>> known = new HashMap<>();

        Holders(Catalogue catalogue, @Nullable Jid from, boolean online) {
            this.catalogue = catalogue;
            this.from = from;
            this.online = online;
        }

        /** All who have it; none when nobody is as wanted. */
        List<FriendDevice> of(InfoHash hash) {
            return known.computeIfAbsent(hash, this::lookUp);
        }

        private List<FriendDevice> lookUp(InfoHash hash) {
            List<FriendDevice> all = catalogue.holders(hash);
            boolean fits = all.stream()
                    .anyMatch(device ->
                            (from == null || device.device().jid().equals(from)) && (!online || device.isReachable()));
            return fits ? all : List.of();
        }
    }
}

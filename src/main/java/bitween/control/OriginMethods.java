package bitween.control;

import bitween.control.Origins.Origin;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where files came from. */
final class OriginMethods {
    private final Origins origins;

    OriginMethods(Origins origins) {
        this.origins = origins;
    }

    void addTo(Methods methods) {
        methods.add(
                "origin",
                "from whom and when the file at 'path' came; 'sha256', of what is in it, finds it also where it was moved or renamed",
                List.of("path", "sha256?"),
                params -> origin(ShareMethods.absolute(params.text("path")), params.optionalText("sha256")));
    }

    private View origin(Path path, @Nullable String sha256) {
        List<Origin> there = origins.at(path);
        List<Origin> found = there.isEmpty() && sha256 != null ? origins.withDigest(digest(sha256)) : there;
        if (found.isEmpty()) {
            throw new UserException(
                    ErrorCode.UNKNOWN_FILE,
                    "nobody knows where " + path + " came from",
                    sha256 == null
                            ? "nothing that was got here stood at that place"
                            : "nothing that was got here stood at that place, or is the same");
        }
        return new View()
                .with("path", path)
                .with("moved", there.isEmpty())
                .with("origins", found.stream().map(OriginMethods::view).toList());
    }

    private static Bytes digest(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new UserException(ErrorCode.BAD_HASH, "a SHA-256 is 64 lower-case hex digits", "");
        }
        return Bytes.of(HexFormat.of().parseHex(sha256));
    }

    private static View view(Origin origin) {
        Bytes sha256 = origin.sha256();
        return new View()
                .with("share", origin.share())
                .with("hash", origin.hash())
                .with("path", origin.path())
                .with("place", origin.place())
                .with("sizeBytes", origin.sizeBytes())
                .with("sha256", sha256 == null ? null : HexFormat.of().formatHex(sha256.toArray()))
                .with("finished", origin.finished())
                .with(
                        "from",
                        origin.from().entrySet().stream()
                                .map(device -> new View()
                                        .with("jid", device.getKey().jid())
                                        .with("id", device.getKey().id())
                                        .with("name", device.getValue()))
                                .toList());
    }
}

package bitween.testing;

import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.SignedAnnouncement;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Announcements that look signed, for tests of those who do not check signatures. */
public final class Signed {
    /** Of the right form; whether the point is on the curve is not looked at there. */
    public static final DevicePublicKey KEY = new DevicePublicKey(Bytes.of(
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + "5a".repeat(64))));

    private static final Bytes SIGNATURE = Bytes.of(new byte[] {1, 2, 3});

    private Signed() {}

    public static SignedAnnouncement of(Announcement announcement) {
        return new SignedAnnouncement(announcement, KEY, 1, Instant.EPOCH, List.of(), SIGNATURE);
    }

    /** What an element carries beside its announcement. */
    public static String attributes() {
        return " n='1' t='0' key='" + base64(KEY.spki()) + "' sig='" + base64(SIGNATURE) + "' ";
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }
}

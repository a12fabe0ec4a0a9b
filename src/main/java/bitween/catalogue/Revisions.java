package bitween.catalogue;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Share;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names states of our catalogue, so that friends ask for what is new and for nothing else: equal states have equal names, also after a restart. The names are
 * made with a key of this device (HMAC, RFC 2104), so that whoever carries them cannot try what they stand for. Any thread.
 */
public final class Revisions {
    private static final String ALGORITHM = "HmacSHA256";
    /** 128 bits: no two states of a lifetime are named alike. */
    private static final int BYTES = 16;
    /** What is named by the same key for another purpose has another name. */
    private static final byte VIEW = 'v';

    private static final byte ALL = 'a';
    private static final byte ONE = 'o';
    private static final byte MEMBERS = 'm';

    private final SecretKeySpec key;

    /** @param key random, the same at every start */
    public Revisions(Bytes key) {
        this.key = new SecretKeySpec(key.toArray(), ALGORITHM);
    }

    /** Names what somebody may see, whatever its order. */
    String ofView(List<Share> shares) {
        Mac mac = mac(VIEW);
        shares.stream().sorted(Comparator.comparing(Share::hash)).forEach(share -> add(mac, share));
        return name(mac.doFinal());
    }

    /** Names the views of all contacts together: another name means that one of them, or that of our own devices, is another. */
    String ofAllViews(Catalogue now) {
        return new AllViews(this).of(now);
    }

    /** @param sum of the {@link #tag}s of all that is shared */
    String ofAllViews(byte[] sum) {
        Mac mac = mac(ALL);
        mac.update(sum);
        return name(mac.doFinal());
    }

    /** Stands for one share and who may see it. */
    byte[] tag(Share share, byte[] members) {
        Mac mac = mac(ONE);
        add(mac, share);
        return mac.doFinal(members);
    }

    /** Stands for those who are admitted at this moment, by whatever grant. */
    byte[] members(Catalogue now, Audience audience) {
        Mac mac = mac(MEMBERS);
        now.friends().keySet().stream()
                .filter(jid -> now.admits(audience, jid))
                .sorted()
                .forEach(jid -> add(mac, jid.value()));
        return mac.doFinal();
    }

    private static void add(Mac mac, Share share) {
        mac.update(share.hash().bytes());
        add(mac, share.name());
        mac.update((byte) (share.reshare() ? 1 : 0));
        if (share.revision() > 0) {
            add(mac, "@" + share.revision());
        }
        share.kept().forEach(former -> add(mac, "=" + former.hash()));
        if (share.unavailable()) {
            add(mac, "!");
        }
        if (share.sent()) {
            add(mac, ">");
        }
    }

    private static void add(Mac mac, String text) {
        mac.update(text.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
    }

    private Mac mac(byte purpose) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static String name(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, BYTES);
    }
}

package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/** SASL PLAIN, RFC 4616; only offered inside TLS. */
final class Plain {
    private Plain() {}

    static Account login(String message, String domain, Accounts accounts) throws SaslException {
        String[] parts = decoded(message).split("\0", -1);
        if (parts.length != 3) {
            throw new SaslException("malformed-request");
        }
        String bare = parts[1].toLowerCase(Locale.ROOT) + "@" + domain;
        if (!parts[0].isEmpty() && !parts[0].equalsIgnoreCase(bare)) {
            throw new SaslException("invalid-authzid");
        }
        Account account = accounts.find(bare);
        if (account == null || !MessageDigest.isEqual(account.password.getBytes(UTF_8), parts[2].getBytes(UTF_8))) {
            throw new SaslException("not-authorized");
        }
        return account;
    }

    static String decoded(String base64) throws SaslException {
        try {
            return new String(Base64.getDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SaslException("incorrect-encoding");
        }
    }
}

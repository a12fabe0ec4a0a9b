package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** One login by SASL SCRAM-SHA-1 without channel binding, RFC 5802; the server's side. */
final class Scram {
    /** RFC 5802 section 5.1 asks for no fewer. */
    private static final int ITERATIONS = 4_096;

    private static final int HASH_BITS = 160;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The GS2 header (no channel binding, perhaps an authzid), then what is signed. */
    private static final Pattern CLIENT_FIRST = Pattern.compile("([ny],(?:a=[^,]*)?,)(n=[^,]+,r=[^,]+.*)");

    private final Account account;
    private final String gs2Header;
    private final String clientFirst;
    private final String nonce;
    private final byte[] salt = random(16);

    Scram(String message, String domain, Accounts accounts) throws SaslException {
        Matcher matcher = CLIENT_FIRST.matcher(Plain.decoded(message));
        if (!matcher.matches()) {
            throw new SaslException("malformed-request");
        }
        gs2Header = matcher.group(1);
        clientFirst = matcher.group(2);
        Map<String, String> fields = fields(clientFirst);
        String user = fields.getOrDefault("n", "").replace("=2C", ",").replace("=3D", "=");
        Account found = accounts.find(user.toLowerCase(Locale.ROOT) + "@" + domain);
        if (found == null) {
            throw new SaslException("not-authorized");
        }
        account = found;
        nonce = fields.get("r") + base64(random(18));
    }

    Account account() {
        return account;
    }

    /** @return for the client, in base64 */
    String challenge() {
        return base64(serverFirst().getBytes(UTF_8));
    }

    /** @return the server's own proof for the client, in base64 */
    String answer(String response) throws SaslException {
        String clientFinal = Plain.decoded(response);
        Map<String, String> fields = fields(clientFinal);
        int proofAt = clientFinal.lastIndexOf(",p=");
        if (proofAt < 0
                || !base64(gs2Header.getBytes(UTF_8)).equals(fields.get("c"))
                || !nonce.equals(fields.get("r"))) {
            throw new SaslException("malformed-request");
        }
        String signed = clientFirst + "," + serverFirst() + "," + clientFinal.substring(0, proofAt);
        try {
            byte[] salted = salted();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] proof = hmac(MessageDigest.getInstance("SHA-1").digest(clientKey), signed);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            if (!base64(proof).equals(fields.get("p"))) {
                throw new SaslException("not-authorized");
            }
            String verifier = "v=" + base64(hmac(hmac(salted, "Server Key"), signed));
            return base64(verifier.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private String serverFirst() {
        return "r=" + nonce + ",s=" + base64(salt) + ",i=" + ITERATIONS;
    }

    private byte[] salted() throws GeneralSecurityException {
        var key = new PBEKeySpec(account.password.toCharArray(), salt, ITERATIONS, HASH_BITS);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(key)
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        return mac.doFinal(message.getBytes(UTF_8));
    }

    private static Map<String, String> fields(String message) {
        return Stream.of(message.split(",", -1))
                .filter(field -> field.length() > 1 && field.charAt(1) == '=')
                .collect(Collectors.toMap(
                        field -> field.substring(0, 1), field -> field.substring(2), (first, second) -> first));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

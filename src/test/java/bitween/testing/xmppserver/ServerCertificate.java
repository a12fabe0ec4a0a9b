package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate that names each domain served, made by the JDK's own keytool; the JDK has no public API for it.
 *
 * @param pem what a client has to trust
 */
record ServerCertificate(SSLContext context, String pem) {
    /** Half a second on an idle machine. */
    private static final int KEYTOOL_SECONDS = 60;

    /** One for each set of domains in this process, as each costs a JVM's start. */
    private static final Map<Set<String>, ServerCertificate> MADE = new ConcurrentHashMap<>();

    static ServerCertificate naming(Set<String> domains) {
        return MADE.computeIfAbsent(Set.copyOf(domains), ServerCertificate::make);
    }

    /** One more. */
    static ServerCertificate make(Set<String> domains) {
        try {
            Path folder = Files.createTempDirectory("xmpp-server");
            Path file = folder.resolve("certificate.p12");
            try {
                String password = UUID.randomUUID().toString();
                keytool(file, password, new TreeSet<>(domains));
                return load(file, password);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate for " + domains, e);
        }
    }

    private static void keytool(Path file, String password, Set<String> domains) throws IOException {
        String names = domains.stream().map(domain -> "dns:" + domain).collect(Collectors.joining(","));
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var builder = new ProcessBuilder(List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=bitween embedded test server",
                "-ext",
                "san=" + names,
                "-ext",
                "bc=ca:true",
                "-startdate",
                "-1d",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass:env",
                "STORE_PASSWORD"));
        builder.environment().put("STORE_PASSWORD", password);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static ServerCertificate load(Path file, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(store.getCertificate("server").getEncoded());
        return new ServerCertificate(
                context, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }
}

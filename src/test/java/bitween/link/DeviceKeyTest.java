package bitween.link;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceKeyTest {
    private static final char[] PASSWORD = "bitween".toCharArray();

    @TempDir
    Path home;

    @Test
    void a_device_keeps_its_key() {
        DeviceKey first = DeviceKey.open(file());
        DeviceKey second = DeviceKey.open(file());

        assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
        Bytes signature = second.sign(SigningDomain.TICKET, Bytes.of(new byte[] {1}));
        assertThat(Signatures.verify(first.publicKey(), SigningDomain.TICKET, Bytes.of(new byte[] {1}), signature))
                .isTrue();
    }

    @Test
    void another_device_has_another_key() {
        assertThat(DeviceKey.create().fingerprint())
                .isNotEqualTo(DeviceKey.create().fingerprint());
    }

    @Test
    void its_file_is_ours_alone_and_a_pkcs12_store() throws IOException, GeneralSecurityException {
        DeviceKey key = DeviceKey.open(file());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        KeyStore store = KeyStore.getInstance(file().toFile(), PASSWORD);
        assertThat(store.getType()).isEqualTo("PKCS12");
        assertThat(store.getCertificate("device")).isEqualTo(key.certificate());
    }

    @Test
    void its_id_is_the_sha_256_of_its_public_key() throws GeneralSecurityException {
        DeviceKey key = DeviceKey.create();

        byte[] spki = key.certificate().getPublicKey().getEncoded();
        assertThat(key.publicKey()).isEqualTo(new DevicePublicKey(Bytes.of(spki)));
        assertThat(key.fingerprint().bytes())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(spki));
    }

    @Test
    void its_certificate_names_nobody_and_does_not_end() throws GeneralSecurityException {
        var certificate = DeviceKey.create().certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal()).hasToString("CN=bitween");
        assertThat(certificate.getIssuerX500Principal()).hasToString("CN=bitween");
        assertThat(certificate.getNotBefore()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(certificate.getNotAfter()).isEqualTo("9999-12-31T23:59:59Z");
    }

    @Test
    void a_file_that_others_can_read_is_refused() throws IOException {
        DeviceKey.open(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        refused(ErrorCode.HOME_UNSAFE, () -> DeviceKey.open(file()))
                .hasMessage("other users can use " + file() + " (mode 0640)")
                .extracting(UserException::hint)
                .isEqualTo("chmod 600 '" + file() + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 500})
    void a_file_that_was_cut_is_damaged_and_left_as_it_is(int length) throws IOException {
        DeviceKey.open(file());
        byte[] whole = Files.readAllBytes(file());
        try (OutputStream out = Files.newOutputStream(file())) {
            out.write(whole, 0, length);
        }

        refusedAsDamaged();
        assertThat(file()).hasSize(length);
    }

    @Test
    void a_file_with_a_flipped_bit_is_damaged() throws IOException {
        DeviceKey.open(file());
        byte[] content = Files.readAllBytes(file());
        content[content.length / 2] ^= 1;
        Files.write(file(), content);

        refusedAsDamaged();
    }

    @Test
    void a_key_in_the_certificate_of_another_is_damaged() throws IOException, GeneralSecurityException {
        DeviceKey.open(file());
        store(DeviceKey.create().privateKey(), DeviceKey.create().certificate());

        refusedAsDamaged();
    }

    @Test
    @Tag("slow")
    void a_key_of_another_kind_is_damaged() throws IOException, GeneralSecurityException {
        DeviceKey.open(file());
        OwnCertificate rsa = Keytool.certificate("-keyalg", "RSA", "-keysize", "2048");
        var chain = rsa.getCertificateChain("device");
        assertThat(chain).isNotNull();
        store(requireNonNull(rsa.getPrivateKey("device")), requireNonNull(chain)[0]);

        refusedAsDamaged();
    }

    @Test
    void a_directory_in_its_place_is_named() throws IOException {
        Files.createDirectory(
                file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        refused(ErrorCode.DISK_READ, () -> DeviceKey.open(file())).hasMessageContaining(file().toString());
    }

    private Path file() {
        return home.resolve("device.p12");
    }

    private void store(PrivateKey key, Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("device", key, PASSWORD, new Certificate[] {certificate});
        try (OutputStream out = Files.newOutputStream(file())) {
            store.store(out, PASSWORD);
        }
    }

    private void refusedAsDamaged() {
        refused(ErrorCode.KEY_DAMAGED, () -> DeviceKey.open(file()))
                .hasMessageStartingWith("this device's key in " + file() + " is damaged: ")
                .extracting(UserException::hint)
                .asString()
                .startsWith("put a copy of it back");
    }

    private static AbstractThrowableAssert<?, UserException> refused(ErrorCode code, ThrowingCallable action) {
        return assertThatThrownBy(action)
                .asInstanceOf(InstanceOfAssertFactories.throwable(UserException.class))
                .returns(code, UserException::code);
    }
}

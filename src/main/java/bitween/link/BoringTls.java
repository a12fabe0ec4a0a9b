package bitween.link;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** TLS by BoringSSL, through netty-tcnative. Its engines lie outside of the heap and count references: what is not released is lost. */
final class BoringTls extends Tls {
    private static final Logger log = LogManager.getLogger(BoringTls.class);
    /** Where netty puts its native library for as long as loading takes. */
    private static final String DIRECTORY = "io.netty.native.workdir";
    /** Whether netty starts the flight recorder, which would count its buffers: a hundred classes that nobody looks at. */
    private static final String RECORDER = "io.netty.jfr.enabled";

    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, PROTOCOL);

    private static boolean tried;

    private final KeyManager own;

    BoringTls(DeviceKey device) {
        own = OwnCertificate.of(device);
    }

    /**
     * Loads the native library from {@code natives} instead of the common temporary directory, where others could put theirs. Removes what a killed
     * process left there. Only the first call in a process loads anything.
     *
     * @return why there is none; null when it is there
     */
    static synchronized @Nullable String unavailable(Path natives) {
        if (!tried) {
            tried = true;
            // else it takes SLF4J, which is on the path and says nothing
            InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
            System.setProperty(RECORDER, "false");
            System.setProperty(DIRECTORY, natives.toAbsolutePath().toString());
            try (DirectoryStream<Path> left = Files.newDirectoryStream(natives, "libnetty_tcnative*")) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                log.warn("{} cannot be cleaned of old native libraries: {}", natives, e.toString());
            }
        }
        if (!OpenSsl.isAvailable()) {
            return String.valueOf(OpenSsl.unavailabilityCause());
        }
        return SslProvider.isTlsv13Supported(SslProvider.OPENSSL_REFCNT)
                ? null
                : OpenSsl.versionString() + " has no " + VERSION;
    }

    @Override
    public String name() {
        return String.valueOf(OpenSsl.versionString());
    }

    @Override
    TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException {
        SslContextBuilder builder = dialling
                ? SslContextBuilder.forClient().keyManager(own)
                : SslContextBuilder.forServer(own).clientAuth(ClientAuth.REQUIRE);
        SslContext context = builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols(VERSION)
                .trustManager(pins)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(ALPN)
                .build();
        try {
            var engine = (ReferenceCountedOpenSslEngine) context.newEngine(UnpooledByteBufAllocator.DEFAULT);
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET); // netty allows them for TLS 1.3
            return new TlsEngine(engine, true, engine::release);
        } finally {
            ReferenceCountUtil.release(context); // the engine keeps it for as long as it lives
        }
    }
}

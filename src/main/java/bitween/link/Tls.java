package bitween.link;

import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS engines of this device's connections. What they have in common: TLS 1.3 alone, the device's certificate at both ends, no names, and a
 * context for each engine alone, so that no connection can resume another: a handshake asks the pins, a resumption would not. Any thread.
 */
public abstract class Tls {
    static final String VERSION = "TLSv1.3";
    /** Agreed on by ALPN (RFC 7301), so that another protocol's server or client is not taken for ours. */
    static final String PROTOCOL = "bitween/1";

    private static final Logger log = LogManager.getLogger(Tls.class);

    private final BufferPool buffers = new BufferPool();

    Tls() {}

    /**
     * By netty-tcnative where it loads, which is faster; else by the JDK.
     *
     * @param natives a directory that only this user can write, where netty's native library lies while it is loaded
     */
    public static Tls open(DeviceKey device, Path natives) {
        @Nullable String reason = BoringTls.unavailable(natives);
        if (reason == null) {
            return new BoringTls(device);
        }
        log.warn("netty-tcnative does not load, so connections to friends use the JDK's slower TLS: {}", reason);
        return jdk(device);
    }

    /** By the JDK, also where there is something faster. */
    public static Tls jdk(DeviceKey device) {
        return new JdkTls(device);
    }

    /** @return which implementation this is, for people */
    public abstract String name();

    /** @param dialling whether this end has dialled, and so speaks first */
    abstract TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException;

    BufferPool buffers() {
        return buffers;
    }

    /**
     * How much one connection carries each way before it has to be dialled again, which is the time for new keys. TLS would renew them earlier than at
     * 388 GB (RFC 8446 5.5), but BoringSSL never does; the JDK begins at 128 GiB, and asks so often then that BoringSSL hangs up.
     */
    long keyLimitBytes() {
        return 120L << 30;
    }

    @Override
    public String toString() {
        return name();
    }
}

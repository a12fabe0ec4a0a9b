package bitween.xmpp;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** There is a configuration, and somebody who tries again. */
final class DaemonRemedies implements Remedies {
    private final @Nullable Path passwordFile;

    /** @param passwordFile where the password is from; null: from nowhere that a person edits */
    DaemonRemedies(@Nullable Path passwordFile) {
        this.passwordFile = passwordFile;
    }

    @Override
    public String unreachable() {
        return "bitween keeps trying";
    }

    @Override
    public String unknownServer() {
        return "check the network, and xmpp.server in the configuration";
    }

    @Override
    public String otherDomain() {
        return "check xmpp.jid and xmpp.server in the configuration";
    }

    @Override
    public String refused() {
        return (passwordFile == null
                        ? "give the right one: bitween init --force, then bitween stop and bitween daemon"
                        : "put the right one into " + passwordFile + ": it is tried at once")
                + "; if this is the right one, ask the server's operator whether the account is still there";
    }

    @Override
    public String untrusted(String sha256) {
        return "ask its operator; if it is theirs: bitween config set xmpp.certificate_sha256 " + sha256
                + ", then bitween stop and bitween daemon";
    }

    @Override
    public String otherName() {
        return "check xmpp.server in the configuration, or tell the server's operator";
    }
}

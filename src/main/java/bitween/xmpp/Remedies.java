package bitween.xmpp;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What to do about a login that failed, in words. */
interface Remedies {
    /** There is a configuration, and somebody who tries again. */
    Remedies OF_A_DAEMON = new Remedies() {
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
        public String refused(@Nullable Path passwordFile) {
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
    };

    /** There is no configuration yet, and nobody tries again by himself. */
    Remedies OF_A_SETUP = new Remedies() {
        @Override
        public String unreachable() {
            return "look at the address and the network; --server HOST:PORT names a server that DNS does not, and"
                    + " --no-check sets up without asking it";
        }

        @Override
        public String unknownServer() {
            return "look at --server and the network; --no-check sets up without asking the server";
        }

        @Override
        public String otherDomain() {
            return "look at the address, and at --server";
        }

        @Override
        public String refused(@Nullable Path passwordFile) {
            return "look at the address and the password; --register makes the account, where the server lets you";
        }

        @Override
        public String untrusted(String sha256) {
            return "if you are sure it is theirs, add --cert-sha256 " + sha256
                    + ", or the certificate of who signed it: --ca FILE";
        }

        @Override
        public String otherName() {
            return "look at --server, or tell the server's operator";
        }
    };

    /** The server does not answer as it should, just now or at all. */
    String unreachable();

    /** The name of the server that was given leads nowhere. */
    String unknownServer();

    /** The server does not serve the domain of the address. */
    String otherDomain();

    /** @param passwordFile where the password is from; null: from nowhere that a person edits */
    String refused(@Nullable Path passwordFile);

    /** @param sha256 of the certificate that nobody vouches for */
    String untrusted(String sha256);

    /** The certificate is for another domain. */
    String otherName();
}

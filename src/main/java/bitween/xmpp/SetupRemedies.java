package bitween.xmpp;

/** There is no configuration yet, and nobody tries again by himself. */
final class SetupRemedies implements Remedies {
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
    public String refused() {
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
}

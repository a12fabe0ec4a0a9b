package bitween.xmpp;

/** What to do about a login that failed, in words. */
interface Remedies {
    /** The server does not answer as it should, just now or at all. */
    String unreachable();

    /** The name of the server that was given leads nowhere. */
    String unknownServer();

    /** The server does not serve the domain of the address. */
    String otherDomain();

    /** The server does not take the password. */
    String refused();

    /** @param sha256 of the certificate that nobody vouches for */
    String untrusted(String sha256);

    /** The certificate is for another domain. */
    String otherName();
}

package bitween.testing.xmppserver;

import java.util.Locale;

/** A JID cut up; {@code resource} is empty in a bare one. Case is folded; the rest of stringprep is left to the clients. */
record Address(String bare, String resource) {

    static Address of(String jid) {
        int slash = jid.indexOf('/');
        return slash < 0
                ? new Address(jid.toLowerCase(Locale.ROOT), "")
                : new Address(jid.substring(0, slash).toLowerCase(Locale.ROOT), jid.substring(slash + 1));
    }

    String domain() {
        return bare.substring(bare.indexOf('@') + 1);
    }

    boolean isBare() {
        return resource.isEmpty();
    }

    boolean isDomain() {
        return isBare() && bare.indexOf('@') < 0;
    }

    @Override
    public String toString() {
        return isBare() ? bare : bare + "/" + resource;
    }
}

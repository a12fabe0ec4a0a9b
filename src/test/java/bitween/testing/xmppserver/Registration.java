package bitween.testing.xmppserver;

/** Accounts for whoever asks, before a login: XEP-0077 section 3.1, with a name and a password and nothing else. */
final class Registration {
    private Registration() {}

    static boolean isAsked(Element step) {
        return step.is("iq", Ns.CLIENT) && step.child("query", Ns.REGISTER) != null;
    }

    static Element answer(Element iq, String domain, Router router) {
        Element query = iq.child("query", Ns.REGISTER);
        Element name = query == null ? null : query.child("username", Ns.REGISTER);
        Element password = query == null ? null : query.child("password", Ns.REGISTER);
        if (!router.isOpen()) {
            return iq.error("service-unavailable");
        }
        if ("get".equals(iq.attribute("type"))) {
            return iq.reply("result")
                    .containing(Element.of("query", Ns.REGISTER)
                            .containing(
                                    Element.of("instructions", Ns.REGISTER).containing("choose both"),
                                    Element.of("username", Ns.REGISTER),
                                    Element.of("password", Ns.REGISTER)));
        }
        if (name == null
                || password == null
                || name.text().isEmpty()
                || password.text().isEmpty()) {
            return iq.error("not-acceptable");
        }
        if (router.find(name.text() + "@" + domain) != null) {
            return iq.error("conflict");
        }
        router.add(name.text() + "@" + domain, password.text());
        return iq.reply("result");
    }
}

package bitween.cli;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UntrustedCertificate;
import bitween.model.UserException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds an address and a password that the server takes, before anything is written: a person is asked again, a few times. Thread: one. */
final class FirstLogin {
    /** Who has not got it right by then has to look something up. */
    private static final int ATTEMPTS = 3;

    private static final String PIN = "xmpp.certificate_sha256";

    private final Session session;
    private final Setup setup;
    private final Questions ask;
    private final Given given;
    private final Home home;
    /** Addresses for which no account is wanted, or none to be had. */
    private final Set<String> settled = new HashSet<>();
    /** Addresses for which it was asked whether one is wanted. */
    private final Set<String> asked = new HashSet<>();

    private String jid = "";
    private String password = "";
    private boolean registered;

    /** The failure that was told already, before a question of its own. */
    private @Nullable UserException told;

    /** What a person was asked, each question once however often it was repeated. */
    private int questions;
    /** The domain whose certificate a person has taken as it is; empty: of none. */
    private String pinned = "";

    FirstLogin(Session session, Setup setup, Questions ask, Given given) {
        this.session = session;
        this.setup = setup;
        this.ask = ask;
        this.given = given;
        home = session.home();
    }

    /**
     * What is not to be asked.
     *
     * @param jid null: ask
     * @param passwordFile null: ask
     * @param check whether to try it at all
     * @param register whether an account that is not there is to be made
     */
    record Given(@Nullable String jid, @Nullable String passwordFile, boolean check, boolean register) {}

    /**
     * Puts the address into {@code values}, once it is one that can log in.
     *
     * @throws UserException why it cannot
     */
    void settle(Map<String, Object> values) throws InterruptedException {
        questions = (given.jid == null ? 1 : 0) + (given.passwordFile == null ? 1 : 0);
        askAddress(null);
        password = ask.password(given.passwordFile);
        values.put("xmpp.jid", jid);
        for (int attempt = 1; given.check; attempt++) {
            try {
                waiting(() -> {
                    setup.logIn(home, values, password);
                    return true;
                });
                return;
            } catch (UntrustedCertificate e) {
                pin(values, e);
            } catch (UserException e) {
                UserException failure = e.code() == ErrorCode.XMPP_AUTH ? registered(values, e, attempt) : e;
                if (failure != null) {
                    askAgain(failure, attempt);
                    values.put("xmpp.jid", jid);
                    unpinUnlessOf(new Jid(jid).domain(), values);
                }
            }
        }
    }

    String password() {
        return password;
    }

    /** Whether the server has just made the account. */
    boolean isRegistered() {
        return registered;
    }

    /** How many questions a person has answered. */
    int questions() {
        return questions;
    }

    private void askAddress(@Nullable String usual) {
        jid = ask.needed("xmpp.jid", "--jid", given.jid, "Your XMPP address (name@example.org)", usual);
    }

    /**
     * Lets a person compare the certificate with what the server's operator says, and take it. Where certificates are named already, another is no question but a mistake.
     *
     * @throws UntrustedCertificate the failure, unless they do
     */
    private void pin(Map<String, Object> values, UntrustedCertificate failure) {
        boolean isNamed = values.containsKey(PIN) || values.containsKey("xmpp.ca_file");
        if (isNamed || !session.isInteractive()) {
            throw failure;
        }
        if (pinned.isEmpty()) {
            questions++;
        }
        ask.again(failure.sentence());
        ask.again("its SHA-256 is " + failure.fingerprint());
        String domain = new Jid(jid).domain();
        if (!session.isConfirmed("If the operator of " + domain
                + " says the same: is it to be accepted from now on, and no other one?")) {
            throw failure;
        }
        values.put(PIN, failure.sha256());
        pinned = domain;
    }

    /** The address may have been another server's. */
    private void unpinUnlessOf(String domain, Map<String, Object> values) {
        if (!pinned.isEmpty() && !pinned.equals(domain)) {
            values.remove(PIN);
        }
    }

    /** @throws UserException the failure, when nobody can mend it here */
    private void askAgain(UserException failure, int attempt) {
        boolean passwordIsWrong = failure.code() == ErrorCode.XMPP_AUTH;
        boolean isForAPerson = given.jid == null || (passwordIsWrong && given.passwordFile == null);
        boolean isMended = passwordIsWrong || failure.code() == ErrorCode.XMPP_UNREACHABLE;
        if (attempt >= ATTEMPTS || !session.isInteractive() || !isForAPerson || !isMended) {
            throw failure;
        }
        if (failure != told) {
            ask.again(failure.sentence());
        }
        told = null;
        if (!passwordIsWrong && !failure.hint().isEmpty()) {
            ask.again(failure.hint());
        }
        if (passwordIsWrong) {
            ask.again("either is wrong, or there is no such account"
                    + (given.jid == null ? "; Enter keeps the address" : ""));
        }
        askAddress(jid);
        if (passwordIsWrong) {
            password = ask.password(given.passwordFile);
        }
    }

    /** @return why nobody can log in still; null once the server has made the account, or another password is to be tried */
    private @Nullable UserException registered(Map<String, Object> values, UserException refused, int attempt)
            throws InterruptedException {
        if (registered) {
            return refused;
        }
        if (!given.register) {
            String typed = attempt < ATTEMPTS ? confirmed(values, refused) : null;
            if (typed == null || !typed.equals(password)) {
                password = typed == null ? password : typed;
                return typed == null ? refused : null;
            }
        }
        try {
            registered = waiting(() -> {
                setup.register(home, values, password);
                return true;
            });
            return null;
        } catch (UserException e) {
            return e;
        }
    }

    /**
     * Who mistyped the password of an account that is there types the right one, whatever they were asked.
     *
     * @return the same password for a new account, or another one to log in with; null: neither is wanted
     */
    private @Nullable String confirmed(Map<String, Object> values, UserException refused) throws InterruptedException {
        if (!session.isInteractive() || settled.contains(jid) || !waiting(() -> setup.offersAccounts(home, values))) {
            return null;
        }
        questions += asked.add(jid) ? 1 : 0;
        ask.again(refused.sentence());
        told = refused;
        String typed = ask.repeated(
                password,
                given.passwordFile != null,
                "If " + jid
                        + " is to be a new account there, type the password once more; if you mistyped it, the right one"
                        + " (Enter alone: neither): ");
        if (typed == null || typed.equals(password)) {
            settled.add(jid);
        }
        return typed;
    }

    /** Servers may take long. */
    private boolean waiting(Step step) throws InterruptedException {
        if (!session.isInteractive()) {
            return step.run();
        }
        session.terminal().progress("asking " + new Jid(jid).domain() + " …");
        try {
            return step.run();
        } finally {
            session.terminal().progress("");
        }
    }

    @FunctionalInterface
    private interface Step {
        boolean run() throws InterruptedException;
    }
}

package bitween.xmpp;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jivesoftware.smackx.iqregister.packet.Registration;
import org.jivesoftware.smackx.iqregister.provider.RegistrationProvider;
import org.jxmpp.jid.parts.Localpart;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * Tries an account before anything is kept of it, and makes one where the server lets whoever asks have one (XEP-0077). Nobody sees it: no presence is sent.
 * Thread: whoever calls; each call blocks, for at most about 30 s, and leaves no connection behind.
 */
public final class LoginTrial {
    private static final String MAKE_IT_ELSEWHERE =
            "make it at the server's web page or with a chat program, then init again";

    static {
        SmackSetup.ensure();
        // here and not there: a daemon registers nobody, so nobody is to feed it these
        ProviderManager.addIQProvider(Registration.ELEMENT, Registration.NAMESPACE, new RegistrationProvider());
        ProviderManager.addStreamFeatureProvider(
                Registration.Feature.ELEMENT, Registration.Feature.NAMESPACE, new ExtensionElementProvider<>() {
                    @Override
                    public ExtensionElement parse(XmlPullParser parser, int depth, XmlEnvironment environment) {
                        return Registration.Feature.INSTANCE;
                    }
                });
    }

    private final Config.Xmpp config;
    private final String password;
    private final Account account;

    public LoginTrial(Config.Xmpp config, String password) {
        this.config = config;
        this.password = password;
        account = new Account(config, () -> password, "setup-" + UUID.randomUUID(), new SetupRemedies());
    }

    /** @throws UserException XMPP_AUTH, XMPP_CERTIFICATE, XMPP_UNREACHABLE, or BAD_CONFIG: nobody can log in so */
    public void logIn() throws InterruptedException {
        SturdyConnection connection = account.prepare();
        account.logIn(connection);
        Account.leave(connection);
    }

    /** Whether the server says that it makes accounts for whoever asks. @throws UserException as {@link #logIn} */
    public boolean offersAccounts() throws InterruptedException {
        SturdyConnection connection = account.prepare();
        account.connect(connection);
        try {
            return offersAccounts(connection);
        } finally {
            Account.drop(connection);
        }
    }

    private static boolean offersAccounts(SturdyConnection connection) {
        return connection.hasFeature(Registration.Feature.ELEMENT, Registration.Feature.NAMESPACE);
    }

    /**
     * Makes the account, with this password.
     *
     * @throws UserException XMPP_REGISTRATION when the server makes none, XMPP_AUTH when there is one of that name, or as {@link #logIn}
     */
    public void register() throws InterruptedException {
        SturdyConnection connection = account.prepare();
        account.connect(connection);
        try {
            if (!offersAccounts(connection)) {
                throw new UserException(
                        ErrorCode.XMPP_REGISTRATION,
                        account.server() + " lets nobody make an account in this way",
                        MAKE_IT_ELSEWHERE);
            }
            register(AccountManager.getInstance(connection));
        } catch (SmackException e) {
            throw account.explain(e);
        } finally {
            Account.drop(connection);
        }
    }

    private void register(AccountManager accounts) throws InterruptedException, SmackException {
        Set<String> wanted = new TreeSet<>();
        try {
            wanted.addAll(accounts.getAccountAttributes());
            accounts.createAccount(Localpart.from(config.jid().local()), password);
        } catch (XMPPException.XMPPErrorException e) {
            throw refusal(e, wanted);
        } catch (XmppStringprepException e) {
            throw account.explain(new IOException("the name is none: " + e.getMessage(), e));
        }
    }

    private UserException refusal(XMPPException.XMPPErrorException failure, Set<String> wanted) {
        StanzaError error = failure.getStanzaError();
        if (error.getCondition() == StanzaError.Condition.conflict) {
            return new UserException(
                    ErrorCode.XMPP_AUTH,
                    config.jid() + " is there already, with another password",
                    "give its password, or choose another name",
                    failure);
        }
        wanted.removeAll(Set.of("username", "password", "registered"));
        String text = error.getDescriptiveText();
        String reason = text == null || text.isBlank() ? error.getCondition().toString() : text;
        return new UserException(
                ErrorCode.XMPP_REGISTRATION,
                account.server() + " makes no account: " + reason
                        + (wanted.isEmpty() ? "" : " (it asks for " + String.join(", ", wanted) + " too)"),
                MAKE_IT_ELSEWHERE,
                failure);
    }
}

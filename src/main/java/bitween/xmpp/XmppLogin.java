package bitween.xmpp;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.UUID;

/** Tries an account's login once, before there is a daemon. */
public final class XmppLogin {
    private XmppLogin() {}

    /**
     * Connects, logs in and leaves, unseen by anybody. Blocks, for at most about 30 s.
     *
     * @throws UserException XMPP_AUTH, XMPP_CERTIFICATE, XMPP_UNREACHABLE or BAD_CONFIG
     */
    public static void check(Config.Xmpp config, String password) {
        var account = new Account(config, () -> password, "check-" + UUID.randomUUID());
        SturdyConnection connection = account.prepare();
        try {
            account.logIn(connection);
            Account.leave(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException(ErrorCode.XMPP_UNREACHABLE, "the login was interrupted", "try again", e);
        }
    }
}

package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the password goes to the server. */
@Timeout(30)
class AccountTest extends ServerFixture {
    @Test
    void where_the_server_takes_both_the_password_is_proven_and_not_told() throws Exception {
        Jid alice = user("a.test");
        SturdyConnection connection = connected(alice);

        assertThat(connection.isSecureConnection()).isTrue();
        assertThat(connection.getUsedSaslMechansism()).isEqualTo("SCRAM-SHA-1");
    }

    private SturdyConnection connected(Jid jid) throws InterruptedException {
        Account account = new Account(account(jid, ca(), null), () -> PASSWORD, "laptop", new DaemonRemedies(null));
        SturdyConnection connection = account.prepare();
        started.add(() -> Account.drop(connection));
        account.logIn(connection);
        return connection;
    }
}

package bitween.testing.xmppserver;

import org.jspecify.annotations.Nullable;

/** Where a login looks for its user. */
@FunctionalInterface
interface Accounts {
    @Nullable
    Account find(String bareJid);
}

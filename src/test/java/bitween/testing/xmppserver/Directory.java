package bitween.testing.xmppserver;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The domains served and who lives there. Guarded by the router's lock. */
final class Directory {
    final Set<String> domains;
    final Map<String, Account> accounts = new HashMap<>();

    Directory(Set<String> domains) {
        this.domains = Set.copyOf(domains);
    }

    @Nullable
    Account account(Address address) {
        return accounts.get(address.bare());
    }

    @Nullable
    Session session(Address address) {
        Account account = account(address);
        return account == null ? null : account.sessions.get(address.resource());
    }

    boolean serves(Address address) {
        return domains.contains(address.domain());
    }
}

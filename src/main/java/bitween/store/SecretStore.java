package bitween.store;

import bitween.model.Bytes;
import java.security.SecureRandom;

/** Random values that never leave this device; each is made when it is first asked for. Thread: any but {@code bus}. */
public final class SecretStore {
    private static final int BYTES = 32;

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    public SecretStore(Database database) {
        this.database = database;
    }

    /** The key of the catalogue's revisions: 32 bytes, the same at every start of this home. */
    public Bytes revisionKey() {
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    "insert into secret (name, value) values ('revisions', ?) on conflict (name) do nothing",
                    Bytes.of(fresh));
            return Sql.first(connection, "select value from secret where name = 'revisions'", Sql::bytes)
                    .orElseThrow();
        });
    }
}

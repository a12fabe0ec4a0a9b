package bitween.app;

import bitween.model.Absence;
import bitween.model.Jid;
import bitween.store.FriendStore;
import bitween.xmpp.KeptAbsence;

/** Whether the user of an account wants to be away, in the store. Thread: any but bus. */
record StoredAbsence(FriendStore store, Jid self) implements KeptAbsence {
    @Override
    public Absence load() {
        return store.absence(self);
    }

    @Override
    public void save(Absence wanted) {
        store.saveAbsence(self, wanted);
    }
}

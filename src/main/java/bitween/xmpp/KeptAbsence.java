package bitween.xmpp;

import bitween.model.Absence;

/** Keeps whether the user wants to be away, over restarts. Thread: xmpp. */
public interface KeptAbsence {
    Absence load();

    void save(Absence wanted);
}

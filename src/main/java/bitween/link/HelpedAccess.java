package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;

/** What owners grant, and what their tickets permit beside it. Any thread. */
record HelpedAccess(Access granted, Helping helping) implements Access {
    @Override
    public boolean mayServe(Device device, InfoHash hash) {
        return granted.mayServe(device, hash) || helping.admits(device, hash);
    }

    @Override
    public boolean mayFetch(Device device, InfoHash hash) {
        return granted.mayFetch(device, hash) || helping.admits(device, hash);
    }

    @Override
    public boolean wants(InfoHash hash) {
        return granted.wants(hash);
    }
}

package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.RateLimit;
import java.util.Optional;

/** What owners grant, and what their tickets permit beside it. Any thread. */
record HelpedAccess(Access granted, Helping helping) implements Access {
    @Override
    public boolean mayServe(Device device, InfoHash hash) {
        return granted.mayServe(device, hash) || helping.admits(device, hash);
    }

    @Override
    public Optional<InfoHash> offered(Device device, InfoHash hash) {
        return granted.offered(device, hash)
                .or(() -> helping.admits(device, hash) ? Optional.of(hash) : Optional.empty());
    }

    @Override
    public boolean isPaused(Device device) {
        return granted.isPaused(device);
    }

    @Override
    public RateLimit limit(InfoHash hash) {
        return granted.limit(hash);
    }

    @Override
    public boolean wants(InfoHash hash) {
        return granted.wants(hash);
    }
}

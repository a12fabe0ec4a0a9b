package bitween.app;

import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.link.Access;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.RateLimit;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What the catalogue permits, as the links ask it. Any thread. */
final class Grants implements Access {
    /** Also what waits for its turn, as each job does for a moment: who helps asks just then. */
    private static final Set<TransferState> WANTING = EnumSet.of(
            TransferState.WAITING_FOR_FRIEND, TransferState.METADATA, TransferState.QUEUED, TransferState.DOWNLOADING);

    private final CatalogueKeeper keeper;

    Grants(CatalogueKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public boolean mayServe(Device device, InfoHash hash) {
        Catalogue now = keeper.current();
        return !now.isSilent() && now.mayServe(device.jid(), hash);
    }

    @Override
    public Optional<InfoHash> offered(Device device, InfoHash hash) {
        return keeper.current().offered(device, hash);
    }

    @Override
    public boolean isPaused(Device device) {
        return keeper.current().isPaused(device.jid());
    }

    @Override
    public RateLimit limit(InfoHash hash) {
        Catalogue now = keeper.current();
        return now.transfer(hash)
                .or(() -> now.keeping(hash))
                .map(Transfer::limit)
                .orElse(RateLimit.NONE);
    }

    @Override
    public boolean wants(InfoHash hash) {
        return keeper.current()
                .transfer(hash)
                .map(Transfer::state)
                .filter(WANTING::contains)
                .isPresent();
    }
}

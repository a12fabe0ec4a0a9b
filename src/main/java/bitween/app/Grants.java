package bitween.app;

import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.FriendDevice;
import bitween.link.Access;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.util.EnumSet;
import java.util.Set;

/** What the catalogue permits, as the links ask it. Any thread. */
final class Grants implements Access {
    private static final Set<TransferState> WANTING =
            EnumSet.of(TransferState.WAITING_FOR_FRIEND, TransferState.METADATA, TransferState.DOWNLOADING);

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
    public boolean mayFetch(Device device, InfoHash hash) {
        Catalogue now = keeper.current();
        return now.device(device)
                        .map(FriendDevice::shares)
                        .filter(shares -> shares.containsKey(hash))
                        .isPresent()
                && wants(now, hash);
    }

    @Override
    public boolean wants(InfoHash hash) {
        return wants(keeper.current(), hash);
    }

    private static boolean wants(Catalogue now, InfoHash hash) {
        return now.transfer(hash).map(Transfer::state).filter(WANTING::contains).isPresent();
    }
}

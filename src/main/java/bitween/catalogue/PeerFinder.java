package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.LimitsChanged;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells jobs where their peers are: when a job asks, and whenever a friend's device announces new addresses or a new list. Thread: the bus's own. It is
 * made after the {@link CatalogueKeeper}, so that each event is folded before it is looked at here.
 */
public final class PeerFinder {
    private static final Set<TransferState> WANTING =
            EnumSet.of(TransferState.WAITING_FOR_FRIEND, TransferState.METADATA, TransferState.DOWNLOADING);

    private final Bus bus;
    private final CatalogueKeeper keeper;

    public PeerFinder(Bus bus, Mailbox busThread, CatalogueKeeper keeper) {
        this.bus = bus;
        this.keeper = keeper;
        bus.subscribe(PeersWanted.class, busThread, this::onPeersWanted);
        bus.subscribe(DeviceAnnounced.class, busThread, this::onDeviceAnnounced);
        bus.subscribe(FriendListFetched.class, busThread, this::onFriendListFetched);
        bus.subscribe(LimitsChanged.class, busThread, this::onLimitsChanged);
    }

    private void onPeersWanted(PeersWanted event) {
        tell(event.hash());
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        keeper.current().device(event.device()).ifPresent(this::tellWhoWantsOf);
    }

    private void onFriendListFetched(FriendListFetched event) {
        keeper.current().device(event.list().device()).ifPresent(this::tellWhoWantsOf);
    }

    /** Who was paused may be so no longer. */
    private void onLimitsChanged(LimitsChanged event) {
        keeper.current().transfers().values().stream()
                .filter(transfer -> WANTING.contains(transfer.state()))
                .map(Transfer::hash)
                .filter(Objects::nonNull)
                .forEach(this::tell);
    }

    private void tellWhoWantsOf(FriendDevice device) {
        keeper.current().transfers().values().stream()
                .filter(transfer -> WANTING.contains(transfer.state()))
                .map(Transfer::hash)
                .filter(Objects::nonNull)
                .filter(hash -> keeper.current().offered(device.device(), hash).isPresent())
                .forEach(this::tell);
    }

    private void tell(InfoHash hash) {
        Catalogue now = keeper.current();
        List<Device> within = reachable(
                now.holders(hash).stream().filter(device -> device.gives(hash)).toList());
        List<Device> copies = reachable(now.copyHolders(hash));
        if (!within.isEmpty() || !copies.isEmpty()) {
            bus.publish(new HoldersFound(hash, within, copies));
        }
    }

    private List<Device> reachable(List<FriendDevice> devices) {
        return devices.stream()
                .filter(FriendDevice::isReachable)
                .map(FriendDevice::device)
                .filter(device -> !keeper.current().isPaused(device.jid()))
                .toList();
    }
}

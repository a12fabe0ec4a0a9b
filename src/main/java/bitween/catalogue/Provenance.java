package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Device;
import bitween.model.Progress;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.GotStore;
import bitween.store.GotStore.Arrival;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from whom what is complete came. Thread: {@code io}.
 *
 * <p>Who gives is looked at once a second; where nobody was seen giving, all are named who have it and are there. What was complete before anybody kept this is
 * kept at the next start, without a giver.
 */
public final class Provenance {
    private static final Logger log = LogManager.getLogger(Provenance.class);

    private final CatalogueKeeper keeper;
    private final GotStore store;
    private final Map<TransferId, Set<Device>> givers = new HashMap<>();

    public Provenance(Bus bus, Mailbox io, CatalogueKeeper keeper, GotStore store) {
        this.keeper = keeper;
        this.store = store;
        bus.subscribe(TransfersLoaded.class, io, this::onTransfersLoaded);
        bus.subscribe(TransfersProgressed.class, io, this::onTransfersProgressed);
        bus.subscribe(TransferChanged.class, io, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, io, this::onTransferRemoved);
    }

    private void onTransfersLoaded(TransfersLoaded event) {
        keep(event.transfers().stream()
                .flatMap(transfer -> arrival(transfer, Map.of()).stream())
                .toList());
    }

    private void onTransfersProgressed(TransfersProgressed event) {
        Catalogue now = keeper.current();
        event.progress().forEach((id, progress) -> {
            for (Progress.Peer peer : progress.peers()) {
                Device device = now.labels().get(peer.address().ip());
                if (device != null && peer.downloadBytesPerSecond() > 0) {
                    givers.computeIfAbsent(id, first -> new LinkedHashSet<>()).add(device);
                }
            }
        });
    }

    private void onTransferChanged(TransferChanged event) {
        Transfer transfer = event.transfer();
        if (transfer.state() == TransferState.COMPLETE && transfer.kind() == Transfer.Kind.JOB) {
            keep(arrival(transfer, named(givers.remove(transfer.id()), transfer)).stream()
                    .toList());
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        givers.remove(event.transfer().id());
    }

    private static Optional<Arrival> arrival(Transfer transfer, Map<Device, String> from) {
        Share share = transfer.share();
        Instant finished = transfer.finished();
        Selection selection = transfer.selection();
        return share == null || finished == null
                ? Optional.empty()
                : Optional.of(new Arrival(
                        share.hash(),
                        share.name(),
                        transfer.place(),
                        selection == null ? null : selection.here(),
                        finished,
                        from));
    }

    /** While nothing can be stored it is not known later where it came from. */
    private void keep(List<Arrival> arrivals) {
        try {
            store.record(arrivals);
        } catch (UserException e) {
            log.warn(
                    "where it came from is not kept: {}: {}",
                    arrivals.stream().map(Arrival::hash).toList(),
                    e.sentence());
        }
    }

    private Map<Device, String> named(@Nullable Set<Device> seen, Transfer transfer) {
        Catalogue now = keeper.current();
        Share share = transfer.share();
        Collection<Device> devices = seen != null
                ? seen
                : share == null
                        ? List.of()
                        : now.sources(share.hash()).stream()
                                .filter(FriendDevice::isReachable)
                                .map(FriendDevice::device)
                                .toList();
        Map<Device, String> named = new LinkedHashMap<>();
        for (Device device : devices) {
            Friend friend = now.friends().get(device.jid());
            FriendDevice known = friend == null ? null : friend.devices().get(device.id());
            named.put(device, known == null ? "" : known.name());
        }
        return named;
    }
}

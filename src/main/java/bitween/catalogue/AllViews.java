package bitween.catalogue;

import bitween.bus.Event;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Audience;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name of all contacts' views together, kept up to date: a share that comes or goes costs as much as one share, however many there are. Thread: the bus's own.
 *
 * <p>It is made of the sum (exclusive or) of what stands for each share. Nobody without the key can choose shares whose sum is another's.
 */
final class AllViews {
    private final Revisions revisions;
    private final Map<TransferId, byte[]> tags = new HashMap<>();
    /** By audience, who is admitted while the roster is as it is. */
    private final Map<Audience, byte[]> members = new HashMap<>();

    private byte[] sum = new byte[32];

    AllViews(Revisions revisions) {
        this.revisions = revisions;
    }

    /** Of all that is known now. */
    String of(Catalogue now) {
        tags.clear();
        members.clear();
        sum = new byte[32];
        now.transfers().values().forEach(transfer -> put(now, transfer));
        return revisions.ofAllViews(sum);
    }

    /**
     * After one more event that may change who may have what.
     *
     * @param now with {@code event}; the last call was for what was known before
     */
    String of(Catalogue now, Event event) {
        if (event instanceof TransferChanged changed) {
            put(now, changed.transfer());
        } else if (event instanceof TransferRemoved removed) {
            add(tags.remove(removed.transfer().id()));
        } else {
            return of(now);
        }
        return revisions.ofAllViews(sum);
    }

    private void put(Catalogue now, Transfer transfer) {
        Share share = Catalogue.listed(transfer);
        if (share == null) {
            add(tags.remove(transfer.id()));
            return;
        }
        byte[] admitted = members.computeIfAbsent(transfer.audience(), audience -> revisions.members(now, audience));
        byte[] tag = revisions.tag(share, admitted);
        add(tag);
        add(tags.put(transfer.id(), tag));
    }

    /** Adding twice is adding nothing. */
    private void add(byte @Nullable [] tag) {
        for (int i = 0; tag != null && i < sum.length; i++) {
            sum[i] ^= tag[i];
        }
    }
}

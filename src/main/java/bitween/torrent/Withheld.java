package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Shares that their user does not offer for now: nobody sees or gets them, and nobody looks at their files. Thread: {@code torrent}. Whom they are for is
 * kept for when they go on.
 */
final class Withheld {
    private static final Logger log = LogManager.getLogger(Withheld.class);
    private static final Set<TransferState> PAUSABLE =
            EnumSet.of(TransferState.SEEDING, TransferState.MISSING, TransferState.STALE);

    private final Transfers transfers;
    private final Sharing sharing;
    private final Upkeep upkeep;
    private final Clock clock;

    Withheld(Transfers transfers, Sharing sharing, Upkeep upkeep, Clock clock) {
        this.transfers = transfers;
        this.sharing = sharing;
        this.upkeep = upkeep;
        this.clock = clock;
    }

    /** @throws UserException BUSY while its files are read or moved; BAD_ARGUMENT when it is not offered anyhow */
    Transfer pause(Transfer share) {
        if (share.isPausedByUser()) {
            return share;
        }
        InfoHash hash = share.hash();
        if (hash == null || !PAUSABLE.contains(share.state())) {
            String state = share.state().name().toLowerCase(Locale.ROOT);
            boolean underWay = share.state() != TransferState.FAILED && share.state() != TransferState.PAUSED;
            throw new UserException(
                    underWay ? ErrorCode.BUSY : ErrorCode.BAD_ARGUMENT,
                    "'" + share.name() + "' is " + state,
                    underWay ? "try again when it is over; or: bitween unshare NAME" : "there is nothing to pause");
        }
        Transfer paused = transfers.put(share.paused(Resting.byUser(clock)));
        sharing.takeBack(hash);
        log.info("{} is paused, and not offered", share.id());
        return paused;
    }

    /** One that failed is tried again. */
    Transfer resume(Transfer share) {
        if (share.isPausedByUser()) {
            log.info("{} goes on", share.id());
            upkeep.offerAgain(share);
        } else if (share.state() == TransferState.PAUSED || share.state() == TransferState.FAILED) {
            return upkeep.recheck(share);
        }
        return transfers.get(share.id());
    }
}

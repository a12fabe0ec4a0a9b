package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.RateRequest.LimitTransfer;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.model.Transfer;

/** What the user says of one share or job while it is under way. Thread: {@code torrent}. */
final class Steering {
    private final Transfers transfers;
    private final Resting resting;
    private final Withheld withheld;
    private final Runnable takeNewWork;

    /** @param takeNewWork refuses it while the daemon stops */
    Steering(Bus bus, Mailbox mailbox, Transfers transfers, Resting resting, Withheld withheld, Runnable takeNewWork) {
        this.transfers = transfers;
        this.resting = resting;
        this.withheld = withheld;
        this.takeNewWork = takeNewWork;
        bus.answer(PauseTransfer.class, mailbox, this::onPauseTransfer);
        bus.answer(ResumeTransfer.class, mailbox, this::onResumeTransfer);
        bus.answer(LimitTransfer.class, mailbox, this::onLimitTransfer);
    }

    private Transfer onPauseTransfer(PauseTransfer request) {
        takeNewWork.run();
        Transfer transfer = transfers.get(request.id());
        return transfer.kind() == Transfer.Kind.SHARE ? withheld.pause(transfer) : resting.pause(transfer);
    }

    private Transfer onLimitTransfer(LimitTransfer request) {
        takeNewWork.run();
        return transfers.put(transfers.get(request.id()).with(request.limit()));
    }

    private Transfer onResumeTransfer(ResumeTransfer request) {
        takeNewWork.run();
        Transfer transfer = transfers.get(request.id());
        return transfer.kind() == Transfer.Kind.SHARE ? withheld.resume(transfer) : resting.resume(transfer);
    }
}

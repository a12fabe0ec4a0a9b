package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.model.InfoHash;
import bitween.model.Transfer;

/** Tells what the engine says to those whom it concerns: whose torrent it is, a share's, a job's, or that of a revision that is kept. Thread: {@code torrent}. */
final class EngineListener {
    private final Bus bus;
    private final Mailbox mailbox;
    private final Transfers transfers;
    private final Figures figures;
    private final Upkeep upkeep;
    private final Keeping keeping;
    private final Downloading downloading;
    private final Streaming streaming;
    private final ResumeSaver resumeSaver;

    EngineListener(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            Figures figures,
            Upkeep upkeep,
            Keeping keeping,
            Downloading downloading,
            Streaming streaming,
            ResumeSaver resumeSaver) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.figures = figures;
        this.upkeep = upkeep;
        this.keeping = keeping;
        this.downloading = downloading;
        this.streaming = streaming;
        this.resumeSaver = resumeSaver;
    }

    void onEvent(EngineEvent event) {
        assert mailbox.isOwner() : Thread.currentThread();
        if (event instanceof EngineEvent.Updated updated) {
            updated.states().forEach(this::onState);
        } else if (event instanceof EngineEvent.Checked checked) {
            onChecked(checked.hash(), checked.complete());
        } else if (event instanceof EngineEvent.Finished finished) {
            downloading.onFinished(finished.hash());
        } else if (event instanceof EngineEvent.Failed failed) {
            onFailed(failed);
        } else if (event instanceof EngineEvent.ResumeData data) {
            resumeSaver.onResumeData(data);
        } else if (event instanceof EngineEvent.ResumeUnchanged unchanged) {
            resumeSaver.onResumeUnchanged(unchanged.hash());
            downloading.onResumeSaved(unchanged.hash());
        } else if (event instanceof EngineEvent.Removed removed) {
            downloading.onRemoved(removed.hash());
        } else if (event instanceof EngineEvent.Listening listening) {
            bus.publish(new EngineChanged(listening.status()));
        } else if (event instanceof EngineEvent.PieceCame piece) {
            downloading.onPieceCame(piece.hash(), piece.piece());
            streaming.onPieceCame(piece.hash(), piece.piece());
        } else if (event instanceof EngineEvent.PieceRefused refused) {
            int blocks = downloading.blocks(refused.hash(), refused.piece());
            bus.publish(new DamageFound(refused.hash(), refused.piece(), blocks));
        }
    }

    private void onState(EngineEvent.State state) {
        transfers.find(state.hash()).ifPresent(transfer -> {
            figures.put(transfer, downloading.inFiles(state));
            downloading.onUpdated(state);
            if (!state.checking() && transfer.kind() == Transfer.Kind.JOB) {
                resumeSaver.onProgress(state.hash(), state.doneBytes());
            }
        });
    }

    private void onChecked(InfoHash hash, boolean complete) {
        Transfer transfer = transfers.find(hash).orElse(null);
        if (transfer == null) {
            keeping.onChecked(hash, complete);
        } else if (transfer.kind() == Transfer.Kind.SHARE) {
            figures.entered(transfer.id());
            upkeep.onChecked(transfer, hash, complete);
        } else {
            downloading.onChecked(hash, complete);
        }
    }

    private void onFailed(EngineEvent.Failed failed) {
        Transfer transfer = transfers.find(failed.hash()).orElse(null);
        if (transfer == null) {
            keeping.onFailed(failed.hash(), failed.reason());
        } else if (transfer.kind() == Transfer.Kind.SHARE) {
            upkeep.onFailed(transfer, failed.hash(), failed.code(), failed.reason());
        } else {
            downloading.onFailed(failed.hash(), failed.code(), failed.reason());
        }
    }
}

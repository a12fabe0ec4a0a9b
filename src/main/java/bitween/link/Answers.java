package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.ServeHelp;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.DeviceRequest.ServeTicket;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Ticket;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Hands what a friend's device asks to those who know the answer. Thread: any.
 *
 * @param mailbox that of {@code observed}
 */
record Answers(Bus bus, Mailbox mailbox, Observed observed, Calls calls, Offenders offenders, Link link)
        implements RequestLink.Server {
    private static final Logger log = LogManager.getLogger(Answers.class);

    private Device asker() {
        return link.device();
    }

    @Override
    public CompletableFuture<Page> page(PageQuery query) {
        return bus.ask(new ServePage(asker(), query));
    }

    @Override
    public CompletableFuture<Ticket> ticket(InfoHash hash) {
        return bus.ask(new ServeTicket(asker(), hash));
    }

    @Override
    public CompletableFuture<Ticket> help(Ticket shown) {
        return bus.ask(new ServeHelp(asker(), shown));
    }

    @Override
    public void offended(OffenceException how) {
        offenders.seen(asker(), how.offence(), null, how.what());
    }

    @Override
    public void called() {
        calls.asked(asker());
    }

    @Override
    public void seen(InetAddress ours) {
        InetAddress local = link.local();
        if (local == null) {
            return; // in-band nobody sees us
        }
        try {
            mailbox.execute(() -> observed.saw(asker(), local, ours));
        } catch (RejectedExecutionException e) {
            log.debug("{} told where it sees us while we are closing", asker());
        }
    }
}

package bitween.link;

import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Ticket;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

/** Fails at whatever is asked; a test overrides what it expects. */
class NoAnswers implements RequestLink.Server {
    @Override
    public CompletableFuture<Page> page(PageQuery query) {
        throw new AssertionError("nobody asks for pages here");
    }

    @Override
    public CompletableFuture<Ticket> ticket(InfoHash hash) {
        throw new AssertionError("nobody asks for tickets here");
    }

    @Override
    public CompletableFuture<Ticket> help(Ticket shown) {
        throw new AssertionError("nobody asks for help here");
    }

    @Override
    public void called() {
        throw new AssertionError("nobody asks to be dialled here");
    }

    @Override
    public void offended(OffenceException how) {
        throw new AssertionError("everybody is honest here", how);
    }

    @Override
    public void seen(InetAddress ours) {
        // each ping may say it
    }
}

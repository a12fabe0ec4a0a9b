package bitween.send;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.message.DeviceRequest.ServeAnswer;
import bitween.message.SendEvent.SentChanged;
import bitween.message.SendRequest.AddSent;
import bitween.message.SendRequest.ListSent;
import bitween.message.SendRequest.RemoveSent;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Sent;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.SendStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What this device sends: from a path to an offer, until its friend has it, says no, or its sender takes it back. Thread: {@code send}. */
public final class Sender {
    private static final Logger log = LogManager.getLogger(Sender.class);
    /** More are not sent by hand. */
    private static final int MAX_OPEN = 1_000;
    /** What a command that was cut off leaves takes its disk so long. */
    private static final Duration TIDY = Duration.ofMinutes(1);

    private final Bus bus;
    private final Mailbox mailbox;
    private final CatalogueKeeper keeper;
    private final SendStore store;
    private final Pipes pipes;
    private final Clock clock;
    private final Map<Long, Sent> all = new LinkedHashMap<>();
    /** What is being shared just now: it has no share yet, and its share nobody yet whom it is for. */
    private int adding;

    private boolean begun;
    private boolean looking;

    public Sender(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            CatalogueKeeper keeper,
            SendStore store,
            Pipes pipes,
            Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.keeper = keeper;
        this.store = store;
        this.pipes = pipes;
        this.clock = clock;
        bus.answerLater(AddSent.class, mailbox, this::onAddSent);
        bus.answer(RemoveSent.class, mailbox, this::onRemoveSent);
        bus.answer(ListSent.class, mailbox, this::onListSent);
        bus.answer(ServeAnswer.class, mailbox, this::onServeAnswer);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        var unused = timers.every(TIDY, mailbox, () -> {
            if (begun) {
                tidy(keeper.current());
            }
        });
    }

    /** Once the catalogue shows what is here. Any thread. */
    public void begin() {
        mailbox.execute(() -> {
            store.all().forEach(sent -> all.put(sent.id(), sent));
            for (Sent sent : List.copyOf(all.values())) {
                if (sent.isOpen() && sent.share() == null) {
                    store.shareAt(sent.path()).ifPresentOrElse(share -> shared(sent, share), () -> forget(sent));
                }
            }
            begun = true;
            look();
        });
    }

    private void shared(Sent sent, TransferId share) {
        Transfer transfer = keeper.current().transfers().get(share);
        String name = transfer == null ? sent.name() : transfer.name();
        all.put(sent.id(), store.shared(sent.id(), share, name, sent.path()));
    }

    private void forget(Sent sent) {
        store.remove(sent.id());
        all.remove(sent.id());
    }

    private CompletableFuture<Sent> onAddSent(AddSent request) {
        Path path = real(request.path());
        List<Sent> open = all.values().stream().filter(Sent::isOpen).toList();
        if (open.size() >= MAX_OPEN) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    MAX_OPEN + " things are sent already",
                    "bitween send lists them; bitween send --rm NUMBER takes one back");
        }
        if (request.piped() && !pipes.holds(path)) {
            throw new UserException(ErrorCode.PATH_REFUSED, path + " did not come through a pipe", "");
        }
        List<Sent> same = open.stream().filter(sent -> sent.path().equals(path)).toList();
        for (Sent sent : same) {
            if (sent.friend().equals(request.friend())) {
                throw new UserException(
                        ErrorCode.ALREADY_SHARED,
                        path + " is sent to " + sent.friend() + " already, as '" + sent.name() + "'",
                        "bitween send --rm " + sent.id() + " takes it back");
            }
        }
        Optional<Sent> shared =
                same.stream().filter(sent -> sent.share() != null).findFirst();
        shared.filter(sent -> request.name() != null && !request.name().equals(sent.name()))
                .ifPresent(sent -> {
                    throw new UserException(
                            ErrorCode.BAD_ARGUMENT,
                            path + " is sent to " + sent.friend() + ", too, and has one name for all: '" + sent.name()
                                    + "'",
                            "leave --name out");
                });
        String name = request.name() != null ? request.name() : String.valueOf(path.getFileName());
        Sent added = store.add(
                request.friend(),
                shared.map(Sent::name).orElse(name),
                path,
                request.piped(),
                shared.map(Sent::share).orElse(null),
                clock.instant());
        all.put(added.id(), added);
        adding++;
        return share(added, shared.map(Sent::share).orElse(null), request)
                .handleAsync((transfer, failure) -> onShared(added, transfer, failure), mailbox);
    }

    /** @param share that it is already; null: it is none yet */
    private CompletableFuture<Transfer> share(Sent added, @Nullable TransferId share, AddSent request) {
        Set<Grantee> friend = Set.of(new Grantee.Person(added.friend()));
        return share != null
                ? bus.ask(new GrantShare(share, friend))
                : bus.ask(new SharePath(
                                added.path(),
                                request.name(),
                                new Audience(friend),
                                false,
                                ShareMode.USUAL,
                                null,
                                null,
                                true))
                        .thenApply(answer -> answer.transfer());
    }

    private Sent onShared(Sent added, @Nullable Transfer transfer, @Nullable Throwable failure) {
        adding--;
        if (transfer == null) {
            forget(added);
            lookSoon();
            throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
        }
        Sent sent = store.shared(added.id(), transfer.id(), transfer.name(), transfer.place());
        all.put(sent.id(), sent);
        log.info("{} is sent, as offer {}", transfer.id(), sent.id());
        lookSoon(); // it may have been removed meanwhile
        return sent;
    }

    /** As shares are known by it; what cannot be found is for who shares it to say. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private Sent onRemoveSent(RemoveSent request) {
        Sent sent = all.get(request.id());
        if (sent == null) {
            throw new UserException(
                    ErrorCode.UNKNOWN_SHARE,
                    "nothing of number " + request.id() + " was sent",
                    "bitween send lists what was");
        }
        if (!sent.isOpen()) {
            forget(sent);
            return sent;
        }
        Sent ended = end(sent, Sent.Outcome.WITHDRAWN);
        lookSoon();
        return ended;
    }

    private List<Sent> onListSent(ListSent request) {
        return List.copyOf(all.values());
    }

    private Boolean onServeAnswer(ServeAnswer answer) {
        Jid friend = answer.asker().jid();
        List<Sent> theirs = all.values().stream()
                .filter(sent -> sent.friend().equals(friend))
                .toList();
        for (Sent sent : theirs) { // the open one first: the same can have been sent before
            if (sent.isOpen() && answer.hash().equals(hashOf(sent))) {
                log.info("offer {} is {}", sent.id(), answer.taken() ? "taken" : "declined");
                end(sent, answer.taken() ? Sent.Outcome.TAKEN : Sent.Outcome.DECLINED);
                lookSoon();
                return true;
            }
        }
        if (theirs.stream().anyMatch(sent -> answer.hash().equals(sent.hash()))) {
            return true; // said again, as the reply was lost
        }
        throw new UserException(
                ErrorCode.UNKNOWN_SHARE, "nothing with the info-hash " + answer.hash() + " is shared here", "");
    }

    private @Nullable InfoHash hashOf(Sent sent) {
        Transfer transfer = transfer(keeper.current(), sent);
        return transfer == null ? null : transfer.hash();
    }

    private static @Nullable Transfer transfer(Catalogue now, Sent sent) {
        return sent.share() == null ? null : now.transfers().get(sent.share());
    }

    /** What became of it is stored and told; then its share goes. */
    private Sent end(Sent sent, Sent.Outcome outcome) {
        Transfer transfer = transfer(keeper.current(), sent);
        Share share = transfer == null ? null : transfer.share();
        Sent ended = store.end(
                sent,
                outcome,
                share == null ? null : (Long) share.sizeBytes(),
                share == null ? null : share.hash(),
                clock.instant());
        all.clear();
        store.all().forEach(each -> all.put(each.id(), each)); // the oldest are forgotten
        bus.publish(new SentChanged(ended));
        return ended;
    }

    private void onTransferChanged(TransferChanged event) {
        if (event.transfer().kind() == Transfer.Kind.SHARE) {
            lookSoon();
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        if (event.transfer().kind() == Transfer.Kind.SHARE) {
            lookSoon();
        }
    }

    /** When the catalogue shows what has happened. */
    private void lookSoon() {
        if (begun && !looking && !all.isEmpty()) {
            looking = true;
            var unused = keeper.caughtUp().thenRunAsync(this::look, mailbox);
        }
    }

    private void look() {
        looking = false;
        if (adding > 0) {
            return; // whoever adds looks again
        }
        Catalogue now = keeper.current();
        for (Sent sent : List.copyOf(all.values())) {
            if (sent.isOpen() && !isOffered(now, sent)) {
                end(sent, Sent.Outcome.WITHDRAWN);
            }
        }
        store.orphans().forEach(this::takeBack);
        for (Sent sent : List.copyOf(all.values())) {
            Transfer transfer = transfer(now, sent);
            if (!sent.isOpen() && transfer != null && isFor(transfer, sent.friend()) && isOpen(transfer.id())) {
                revoke(transfer, sent.friend());
            }
        }
        tidy(now);
    }

    private void tidy(Catalogue now) {
        pipes.keepOnly(all.values().stream()
                .filter(sent -> sent.isOpen() || transfer(now, sent) != null)
                .map(Sent::path)
                .toList());
    }

    private static boolean isOffered(Catalogue now, Sent sent) {
        Transfer transfer = transfer(now, sent);
        return transfer != null && transfer.kind() == Transfer.Kind.SHARE && isFor(transfer, sent.friend());
    }

    private static boolean isFor(Transfer transfer, Jid friend) {
        return transfer.audience().grantees().contains(new Grantee.Person(friend));
    }

    private boolean isOpen(TransferId share) {
        return all.values().stream().anyMatch(sent -> sent.isOpen() && share.equals(sent.share()));
    }

    private void takeBack(TransferId share) {
        var unused = bus.ask(new UnsharePath(share)).whenComplete((removed, failure) -> {
            if (failure != null) {
                log.debug("{}, which nobody is to have, is not there, or stays: {}", share, failure.getMessage());
            }
        });
    }

    private void revoke(Transfer transfer, Jid friend) {
        // who is sent it anew meanwhile has an open offer of it again
        boolean again = all.values().stream()
                .anyMatch(sent ->
                        sent.isOpen() && sent.friend().equals(friend) && Objects.equals(transfer.id(), sent.share()));
        if (!again) {
            var unused = bus.ask(new RevokeShare(transfer.id(), Set.of(new Grantee.Person(friend))))
                    .exceptionally(failure -> {
                        log.warn("{} stays with somebody: {}", transfer.id(), failure.getMessage());
                        return transfer;
                    });
        }
    }
}

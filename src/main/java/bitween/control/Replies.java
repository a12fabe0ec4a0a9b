package bitween.control;

import bitween.bus.Bus;
import bitween.bus.BusyException;
import bitween.bus.Request;
import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for answers, and for the catalogue to show what they did. Thread: {@code control-n} only. */
final class Replies {
    /** A worker that is busy for longer hangs: all it does for a reply is a look at the disk and a commit. */
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** An answer overtakes its fact by one hop over the bus, which takes microseconds. */
    private static final Duration FACT_LIMIT = Duration.ofSeconds(5);

    private final Bus bus;
    private final CatalogueKeeper keeper;

    Replies(Bus bus, CatalogueKeeper keeper) {
        this.bus = bus;
        this.keeper = keeper;
    }

    Catalogue catalogue() {
        return keeper.current();
    }

    CatalogueKeeper keeper() {
        return keeper;
    }

    /** @throws UserException the answerer's; BUSY, TIMED_OUT */
    <R> R ask(Request<R> request) throws InterruptedException {
        return await(bus.ask(request), LIMIT);
    }

    /**
     * Asks for a change of one transfer, and returns once the catalogue shows it.
     *
     * @param changed which transfer the answer is about, as the answerer left it
     */
    <R> R ask(Request<R> request, Function<R, Transfer> changed) throws InterruptedException {
        Catalogue before = keeper.current();
        R answer = ask(request);
        Transfer after = changed.apply(answer);
        TransferId id = after.id();
        @Nullable Transfer known = before.transfers().get(id);
        keeper.await(
                now -> after.equals(now.transfers().get(id))
                        || !Objects.equals(known, now.transfers().get(id)),
                FACT_LIMIT);
        return answer;
    }

    /** @throws UserException that the future failed with; TIMED_OUT */
    static <R> R await(CompletableFuture<R> future, Duration limit) throws InterruptedException {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UserException(
                    ErrorCode.TIMED_OUT,
                    "no answer came within " + limit.toSeconds() + " s",
                    "it may still happen: look again with bitween status",
                    e);
        } catch (ExecutionException e) {
            throw translated(Bus.causeOf(Objects.requireNonNull(e.getCause())));
        }
    }

    private static RuntimeException translated(Throwable failure) {
        if (failure instanceof UserException forPeople) {
            return forPeople;
        }
        if (failure instanceof BusyException) {
            return new UserException(
                    ErrorCode.BUSY,
                    String.valueOf(failure.getMessage()),
                    "nothing was done; try again in a moment",
                    failure);
        }
        return new IllegalStateException("the answer is a failure: " + failure, failure);
    }
}

package bitween.bus;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publish/subscribe between components. The topic is the message's class; who subscribes to an interface hears every message that implements it.
 *
 * <p>Thread: everything may be called from any thread and nothing blocks. Messages are routed one after the other on the bus's own mailbox and handled
 * on the mailbox of who subscribed, so each listener sees them in one order. Components subscribe in their constructors, before the first message.
 */
public final class Bus {
    private static final Logger log = LogManager.getLogger(Bus.class);

    private final Mailbox router;
    private final Trace trace = new Trace();
    private final List<Subscription<?>> subscriptions = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, List<Subscription<?>>> routes = new ConcurrentHashMap<>();
    private final Map<Class<?>, Answerer<?, ?>> answerers = new ConcurrentHashMap<>();

    /** @param router the mailbox on which messages are routed; the {@code bus} thread */
    public Bus(Mailbox router) {
        this.router = router;
    }

    /** Hears each {@code topic} from now on, on {@code mailbox}. */
    public <E extends Event> void subscribe(Class<E> topic, Mailbox mailbox, Consumer<? super E> handler) {
        subscriptions.add(new Subscription<>(topic, mailbox, handler));
        routes.clear();
    }

    /**
     * Answers each {@code topic} at once, on {@code mailbox}. A handler that throws fails the reply.
     *
     * @throws IllegalStateException when somebody else answers it already
     */
    public <R, Q extends Request<R>> void answer(
            Class<Q> topic, Mailbox mailbox, Function<? super Q, ? extends R> handler) {
        answerLater(topic, mailbox, request -> CompletableFuture.completedFuture(handler.apply(request)));
    }

    /**
     * Answers each {@code topic} with a future, so that the handler need not wait.
     *
     * @throws IllegalStateException when somebody else answers it already
     */
    public <R, Q extends Request<R>> void answerLater(
            Class<Q> topic, Mailbox mailbox, Function<? super Q, ? extends CompletableFuture<? extends R>> handler) {
        if (answerers.putIfAbsent(topic, new Answerer<Q, R>(mailbox, handler)) != null) {
            throw new IllegalStateException(topic.getSimpleName() + " has two answerers");
        }
    }

    /** Whether {@code topic} has an answerer; for the check at start. */
    public boolean isAnswered(Class<? extends Request<?>> topic) {
        return answerers.containsKey(topic);
    }

    /** Tells everybody who listens. Never blocks; callable from any thread. */
    public void publish(Event event) {
        trace.published(event);
        try {
            router.execute(() -> route(event));
        } catch (RejectedExecutionException e) {
            trace.lost(event, router);
        }
    }

    /**
     * Asks the one component that answers {@code request}. Never blocks; callable from any thread.
     *
     * @return fails with the handler's exception; with {@link BusyException} when the answerer's mailbox is full; with IllegalStateException at once
     *     when nobody answers. Continuations without an executor run on the answerer's thread.
     */
    public <R> CompletableFuture<R> ask(Request<R> request) {
        trace.asked(request);
        CompletableFuture<R> reply = new CompletableFuture<>();
        Answerer<Request<R>, R> answerer = answererOf(request);
        if (answerer == null) {
            reply.completeExceptionally(new IllegalStateException(
                    "nobody answers " + request.getClass().getSimpleName()));
            return reply;
        }
        try {
            router.execute(() -> deliver(request, answerer, reply));
        } catch (RejectedExecutionException e) {
            reply.completeExceptionally(new BusyException(router.name(), e));
        }
        return reply;
    }

    /** What a reply, or a stage that hangs on one, really failed with. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    public Trace trace() {
        return trace;
    }

    @SuppressWarnings("unchecked") // answerLater put it there under the request's own class
    private <R> @Nullable Answerer<Request<R>, R> answererOf(Request<R> request) {
        return (Answerer<Request<R>, R>) answerers.get(request.getClass());
    }

    private void route(Event event) {
        for (Subscription<?> subscription : routes.computeIfAbsent(event.getClass(), this::listenersOf)) {
            subscription.deliver(event);
        }
    }

    private List<Subscription<?>> listenersOf(Class<?> topic) {
        return subscriptions.stream()
                .filter(s -> s.topic.isAssignableFrom(topic))
                .toList();
    }

    private <R> void deliver(Request<R> request, Answerer<Request<R>, R> answerer, CompletableFuture<R> reply) {
        try {
            answerer.mailbox.execute(() -> answer(request, answerer, reply));
        } catch (RejectedExecutionException e) {
            reply.completeExceptionally(new BusyException(answerer.mailbox.name(), e));
        }
    }

    private <R> void answer(Request<R> request, Answerer<Request<R>, R> answerer, CompletableFuture<R> reply) {
        try {
            var unused = answerer.handler.apply(request).whenComplete((answer, failure) -> {
                if (failure == null) {
                    reply.complete(answer);
                } else {
                    reply.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException | Error e) {
            reply.completeExceptionally(e);
        }
    }

    private record Answerer<Q, R>(
            Mailbox mailbox, Function<? super Q, ? extends CompletableFuture<? extends R>> handler) {}

    private final class Subscription<E extends Event> {
        private final Class<E> topic;
        private final Mailbox mailbox;
        private final Consumer<? super E> handler;
        /** By class, the newest snapshot that was not handled yet: at most one of each waits in the mailbox. */
        private final Map<Class<?>, E> newest = new ConcurrentHashMap<>();

        private Subscription(Class<E> topic, Mailbox mailbox, Consumer<? super E> handler) {
            this.topic = topic;
            this.mailbox = mailbox;
            this.handler = handler;
        }

        private void deliver(Event event) {
            E typed = topic.cast(event);
            boolean snapshot = event instanceof Snapshot;
            if (snapshot && newest.put(event.getClass(), typed) != null) {
                return; // the one that waits in the mailbox will find this one in its place
            }
            try {
                mailbox.execute(() -> handle(snapshot ? newest.remove(event.getClass()) : typed));
            } catch (RejectedExecutionException e) {
                newest.remove(event.getClass());
                trace.lost(event, mailbox);
            }
        }

        private void handle(@Nullable E event) {
            if (event == null) {
                return;
            }
            try {
                handler.accept(event);
            } catch (RuntimeException | Error e) {
                trace.failed(event);
                log.error("{} failed on {}", mailbox.name(), event, e);
            }
        }
    }
}

package bitween.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * SIGTERM, SIGINT and SIGHUP stop the daemon cleanly; a second one ends it at once. The store is as safe then as after a crash.
 *
 * <p>Why through method handles: {@code sun.misc.Signal} is what the JDK has for this (module jdk.unsupported, kept by JEP 260), and the compiler's warning
 * about it cannot be switched off; a shutdown hook would not hear the second signal.
 */
final class Signals {
    private static final Logger log = LogManager.getLogger(Signals.class);
    private static final int HALTED = 130;

    private final Lifecycle lifecycle;
    private final AtomicInteger count = new AtomicInteger();

    private Signals(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    static void handle(Lifecycle lifecycle) {
        Signals signals = new Signals(lifecycle);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> signal = lookup.findClass("sun.misc.Signal");
            Class<?> handler = lookup.findClass("sun.misc.SignalHandler");
            MethodHandle onSignal = lookup.bind(signals, "onSignal", MethodType.methodType(void.class, Object.class))
                    .asType(MethodType.methodType(void.class, signal));
            Object hears = MethodHandleProxies.asInterfaceInstance(handler, onSignal);
            MethodHandle named = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
            MethodHandle register =
                    lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
            for (String name : List.of("TERM", "INT", "HUP")) {
                register.invoke(named.invoke(name), hears);
            }
        } catch (Throwable e) {
            log.warn("signals end this daemon without a clean stop; use: bitween stop", e);
        }
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private void onSignal(Object signal) {
        if (count.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(HALTED);
        }
        lifecycle.requestShutdown(signal.toString());
    }
}

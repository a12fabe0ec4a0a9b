package bitween.testing;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test during which something went wrong where it does not look: an exception that nobody caught, an error or a stack trace in the log, its own or that
 * of a daemon that it started as a process. A test says by {@link ExpectedErrors} what it wants to go wrong.
 *
 * <p>Of every test of JUnit and every property of jqwik, which both find it in META-INF/services.
 */
public final class StrayExceptions
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, AroundPropertyHook {
    static {
        try {
            // Smack makes its parsers' factory once in a process, for all tests in it: some make it before anything of
            // ours runs
            Class<?> unused = Class.forName("bitween.xmpp.XmlLimits");
        } catch (ClassNotFoundException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Strays.watch();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Strays.watch();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        verify(Strays.taken(), expected(context.getTestMethod()), expected(context.getTestClass()));
    }

    /** What came between two tests, or while their common things were closed. */
    @Override
    public void afterAll(ExtensionContext context) {
        verify(Strays.taken(), List.of(), expected(context.getTestClass()));
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        Strays.watch();
        return property.executeAndFinally(() -> verify(
                Strays.taken(),
                expected(Optional.of(context.targetMethod())),
                expected(Optional.of(context.containerClass()))));
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    /**
     * @param strays what went wrong
     * @param expected has to come
     * @param allowed may come
     */
    static void verify(List<String> strays, List<String> expected, List<String> allowed) {
        List<String> complaints = new ArrayList<>();
        for (String stray : strays) {
            if (Stream.concat(expected.stream(), allowed.stream())
                    .noneMatch(
                            pattern -> Pattern.compile(pattern).matcher(stray).find())) {
                complaints.add("nobody expected: " + stray);
            }
        }
        for (String pattern : expected) {
            if (strays.stream()
                    .noneMatch(stray -> Pattern.compile(pattern).matcher(stray).find())) {
                complaints.add("expected, and did not come: " + pattern);
            }
        }
        if (!complaints.isEmpty()) {
            throw new AssertionError(String.join("\n", complaints));
        }
    }

    private static List<String> expected(Optional<? extends AnnotatedElement> element) {
        return element.map(one -> one.getAnnotation(ExpectedErrors.class))
                .map(errors -> List.of(errors.value()))
                .orElse(List.of());
    }
}

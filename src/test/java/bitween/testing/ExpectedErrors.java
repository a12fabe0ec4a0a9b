package bitween.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test wants to go wrong: each error that the program logs, each stack trace and each exception that nobody caught has to match one of these, and for
 * each of these something has to come, or {@link StrayExceptions} fails the test. On a class: it may come in each of its tests.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ExpectedErrors {
    /** Regular expressions, to be found in a line such as {@code ERROR [bus] Bus: torrent failed on Tick[]: java.lang.AssertionError: late}. */
    String[] value();
}

package bitween.bus;

/**
 * An imperative with exactly one answerer.
 *
 * @param <R> what the answer is; never null
 */
public interface Request<R> {}

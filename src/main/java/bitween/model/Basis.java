package bitween.model;

/**
 * What a job succeeds: an earlier revision, in whose place it comes.
 *
 * @param earlier the job that got it
 * @param mirror whether files that their owner removed since go here, too; else they stay
 */
public record Basis(TransferId earlier, boolean mirror) {}

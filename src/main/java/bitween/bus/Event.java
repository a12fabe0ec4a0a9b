package bitween.bus;

/** A fact, in the past tense. It has any number of listeners, none of which answers or vetoes it. */
public interface Event {}

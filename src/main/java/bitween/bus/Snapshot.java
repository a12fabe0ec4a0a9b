package bitween.bus;

/** An event of which only the newest counts, such as progress: a listener that lags behind sees the newest one only. */
public interface Snapshot extends Event {}

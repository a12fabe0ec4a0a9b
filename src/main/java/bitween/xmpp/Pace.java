package bitween.xmpp;

import java.time.Duration;

/**
 * How fast and how patient the client is; tests are in a greater hurry.
 *
 * @param quiet how long the server may say nothing before it is asked whether it is still there
 * @param ping how often it is asked even if it speaks
 * @param pingTimeout how long it may then say nothing at all, and longer when much was said to it; with {@code quiet} and a login less than 15 s
 * @param deaf for how long it may speak without an answer, and longer likewise
 * @param pulse how often devices are looked at that were silent for a while, see {@link Pulse}
 * @param pulseTimeout how long they may take to say that they are there
 * @param firstRetry the wait after the first failed attempt; it doubles with each more
 * @param lastRetry the longest such wait, from one attempt to the next: with what a login takes, who was away is back within 15 s after the server is, however long that took
 * @param slowRetry the wait when trying again will hardly help: wrong password, account removed, replaced by another login
 * @param announcements the least time between two presences
 * @param addresses how often our own addresses are looked at
 * @param reply how long friends' devices may take to answer: a small server lets 3 kB a second through
 */
public record Pace(
        Duration quiet,
        Duration ping,
        Duration pingTimeout,
        Duration deaf,
        Duration pulse,
        Duration pulseTimeout,
        Duration firstRetry,
        Duration lastRetry,
        Duration slowRetry,
        Duration announcements,
        Duration addresses,
        Duration reply) {
    public static final Pace USUAL = new Pace(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(7),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(500),
            Duration.ofSeconds(12),
            Duration.ofMinutes(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30));
}

package bitween.link;

import javax.net.ssl.SSLEngine;

/**
 * The arithmetic of one connection.
 *
 * @param failsWhenWrapping whether a failure to decrypt is told only by the second wrap that follows, after an alert for the other end
 * @param release gives back what lies outside of the heap; once, from any thread. The engine answers everything with CLOSED from then on.
 */
record TlsEngine(SSLEngine engine, boolean failsWhenWrapping, Runnable release) {}

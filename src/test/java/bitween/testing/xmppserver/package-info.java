/**
 * A small XMPP server for the tests and the demo: several domains in one process, on loopback, gone without a trace.
 * Start reading at {@link bitween.testing.xmppserver.EmbeddedXmppServer}.
 *
 * <p><b>Thread:</b> {@code xmpp-server-accept-PORT}, and two for each client: {@code xmpp-server-in-N} reads and routes,
 * {@code xmpp-server-out-N} writes what others queued. All accounts, rosters and sessions belong to {@code Router} and
 * are touched under its lock only; nothing blocks there, so a client that does not read holds nobody up.
 *
 * <p><b>Why it is so:</b> no server on Maven Central starts, speaks TLS and answers presence probes from full JIDs. It
 * follows RFC 6120 and RFC 6121 as far as a client can see from one server: no server-to-server links, no stream management
 * (XEP-0198), no stored data. What depends on a real server's ways (shapers, resumption, s2s) is tested against one.
 */
@NullMarked
package bitween.testing.xmppserver;

import org.jspecify.annotations.NullMarked;

/**
 * Whom to trust, and how bytes reach them. {@link bitween.link.FriendLinks} puts the room together.
 *
 * <ul>
 *   <li>who: {@link bitween.link.DeviceKey} is what this device is; Announcements are what it signs; Pins decide whose devices are who they say
 *   <li>how: {@link bitween.link.SecureChannel} is TLS over any pipe: {@link bitween.link.TcpPipe} is the direct one, {@link
 *       bitween.model.PipeDoor} opens those through the XMPP servers; Dialer, held to DialLimits, and LinkListener open Links; Links keeps
 *       one for questions to each friend's device, in Frames over a RequestLink, and Questions asks them; Stranded ends what leads nowhere any more
 *   <li>for BitTorrent: Ways chooses among the ways to a device; where only it can dial us, Calls asks it to, over the link for questions
 *   <li>from where: Observed is what friends' devices see of us, which is announced when a router hides it from ourselves; Hearsay says when one
 *       friend's word for it is enough
 *   <li>help: Helping lets those who get the same thing from the same owner exchange it, against Tickets that the owner signs
 *   <li>BitTorrent: Bridge stands between libtorrent, which knows addresses of this machine, and friends' devices, which have keys; each is one label;
 *       where a device has a copy of its own, HashSwap lets each side hear the info-hash that it knows;
 *       FriendRates says how fast their bytes may go, SharedBucket whose turn it is, Culprits finds whose are wrong;
 *       PeerWatch stops what no honest bitween says, and Offenders names who does such things
 * </ul>
 *
 * <p><b>Thread:</b> Pins, Links, Helping and Bridge run on the mailbox {@code link}. Bytes are moved by threads that block, two for each connection; {@code link-accept} and
 * {@code link-local} accept. Any thread may close, which ends both directions at once.
 *
 * <p><b>Says:</b> every {@link bitween.message.LinkEvent}; asks ServePage, and of itself FetchTicket and ShowTicket.
 *
 * <p><b>Hears:</b> AnnouncementSeen, EndpointGone, ConnectionChanged, ContactConfirmed, ContactRemoved, RosterChanged, NetworksChanged, HoldersFound, AccessChanged, EngineChanged, DamageFound, TransferChanged, TransferRemoved; answers FetchPage,
 * TrustDevice, RevokeTrust, LimitFriend, LimitAll, and the four requests about tickets.
 *
 * <p><b>Why it is so:</b> blocking channels and two threads a connection beat a Netty pipeline by a third at less CPU, and backpressure is the blocking
 * write itself. The arithmetic is BoringSSL's behind an SSLEngine ({@code netty-tcnative}), half the CPU of the JDK's, which does the same where that
 * native does not load; of netty nothing else runs, no thread, no socket. What is trusted is the SHA-256 of a key, so certificates carry nothing and are
 * written here in forty lines: BouncyCastle would be 11 MB, the JDK's keytool has no API and costs a JVM of 0.9 s. Each connection has a TLS context
 * of its own, at a tenth of a millisecond, so none can be resumed past the pins. Left out: half-closing, which BoringSSL does not do, and time, which is the
 * caller's. What all friends together may get is limited here and not by libtorrent, which would share it among connections: who opens ten would get ten parts. The time in an announcement is judged at first sight alone, by a day and a half: of a device that is known its counter tells old from new, and a clock
 * that is wrong, as one may be after each start, must not cut friends off; before anything is known only the clocks can tell.
 */
@NullMarked
package bitween.link;

import org.jspecify.annotations.NullMarked;

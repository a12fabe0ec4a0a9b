/**
 * Our account on an XMPP server: announces this device in presence, and turns friends' presence and roster into messages. The only home of Smack.
 *
 * <p><b>Thread:</b> {@code xmpp}. Only connecting and logging in block it, and {@link bitween.xmpp.XmppClient#close} ends that. Smack's threads turn a
 * stanza into a record and hand it to that mailbox, by way of {@link bitween.xmpp.Inbound}; the blocks of a stream go straight into its pipe, whose reader and writer are threads of whoever opened it.
 * {@link bitween.xmpp.LoginTrial}, for who sets up an account, runs on its caller's thread and knows no bus.
 *
 * <p><b>Says:</b> every {@link bitween.message.PresenceEvent}.
 *
 * <p><b>Hears:</b> OwnSharesChanged, ListenPortChanged, EndorsementsChanged, OutsideSeen, OutsideMapped; answers AddFriend, AcceptFriend, RemoveFriend, BlockFriend, UnblockFriend, LeaveFriends, ReturnToFriends, ReadServerClock, TellOwner.
 *
 * <p><b>Why it is so:</b> Smack 4.4.8's ReconnectionManager gives up for good when a server accepts and closes at once, so the client has a loop of its own,
 * and a new connection each time: a resumed stream (XEP-0198) would save one roster but accept stanzas for minutes that nobody gets. What a dead stream took and must not be lost, {@link bitween.xmpp.Unheard} and
 * {@link bitween.xmpp.OwnMessages} say again over the next. Without a resumed one, no server keeps a
 * ghost of us that can be resumed, and the same resource, kept for good, replaces one that it has not noticed to be dead. No more than 12 s pass between two attempts, for whoever was away is
 * to be back 15 s after its server is; only where trying harms or is in vain, at a password, a removed account and a second daemon of the same home, it is 5 minutes. Smack's Roster keeps
 * every presence of everybody and answers requests by itself, so {@link bitween.xmpp.Contacts} speaks the roster protocol (RFC 6121) with Smack's stanzas.
 * What devices say of themselves stands in presence, not in PEP (XEP-0163), which keeps what is no longer true and which no server of the tests has, so that nothing can come to depend on it.
 * A connection may die without a sign, so {@link bitween.xmpp.Vigil} asks a server that said nothing for 5 s (XEP-0199) and gives it up after 7 s more, when nothing at all came; that and a login
 * take less than 15 s. On an idle connection it is 100 bytes a second, 9 MB a day, counted with all headers, and one stanza of the server's each 5 s; where friends' devices talk it is less, for
 * whatever comes is a sign. TCP's own probes would be half of that, but rest while anything is unacknowledged, and the JDK has no TCP_USER_TIMEOUT to end that; acknowledgements of XEP-0198
 * are shorter by a third, and bring the rest of it. Who was told much, which a small server reads slowly, is given more time.
 * Presence alone does not tell who is there: a server that heard no good-bye vouches for the dead until TCP gives up, so {@link bitween.xmpp.Pulse} asks.
 * What nobody honest sends is dropped where it is met, and counted and named in the log by {@link bitween.xmpp.Oddities}, once for each kind and sender.
 * Of XML that is nested deep, {@link bitween.xmpp.ShallowParser} sees the upper part alone, since Smack reads by recursion.
 * Of Smack's extensions only the three parsers that are needed are registered: each more is one that strangers can feed. Streams within stanzas (XEP-0047) are our
 * own, {@link bitween.xmpp.InBandStreams}: Smack's keeps all that comes, read or not, and has one block on its way.
 */
@NullMarked
package bitween.xmpp;

import org.jspecify.annotations.NullMarked;

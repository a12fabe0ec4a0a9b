/**
 * bitween: one daemon that shares folders with the people in an XMPP roster, and a command line that talks to it. This page is the map.
 *
 * <p><b>Layers</b>, from the ground. A package knows only what stands below it; {@code HouseTest} keeps the table.
 *
 * <ul>
 *   <li>{@code model} the values that everybody knows; {@code bencode} the only reader and writer of bencode that we trust; {@code bus} publish, subscribe
 *       and ask, without a message of ours; {@code files} files that nobody else may see, and what their modes are
 *   <li>{@code message} the vocabulary; {@code config} bitween.toml and where things are kept; {@code store} what outlives the process
 *   <li>{@code torrent}, with {@code torrent.format} (what a share is) and {@code torrent.libtorrent} (the engine); beside it {@code xmpp}, with {@code
 *       xmpp.stanza}; and {@code link}, whom to trust and how bytes reach them, with {@code link.mapping}, which asks the router. The three never import each other: they meet in messages
 *   <li>{@code catalogue} what is known of shares and friends, and how devices tell each other; {@code watch}, which sees when shared files change;
 *       {@code events}, which tells what happens and starts the user's commands; above them {@code follow}, what the user follows, and {@code send}, what friends send each other
 *   <li>{@code control} the API; {@code control.client} how programs reach it, for which {@code model} and {@code config} are enough
 *   <li>{@code cli} the commands, clients of the API like any other, and {@code cli.remote}, which runs them in the daemon for the launcher; {@code app} which wires the daemon and sees all; Main, which chooses between the two
 * </ul>
 *
 * <p><b>Threads</b>; the names are those that {@code jstack} shows.
 *
 * <table>
 *   <caption>Who runs where, and what may hold it up</caption>
 *   <tr><th>thread</th><th>runs</th><th>may block on</th></tr>
 *   <tr><td>bus</td><td>routing; CatalogueKeeper and PeerFinder, which only fold</td><td>nothing</td></tr>
 *   <tr><td>torrent</td><td>TorrentWorker: requests, and copies of what the engine said</td><td>libtorrent, short commits</td></tr>
 *   <tr><td>alerts</td><td>libtorrent's alert to record to the worker's mailbox</td><td>nothing</td></tr>
 *   <tr><td>looks</td><td>looking whether jobs' disks are there, and have room</td><td>disk</td></tr>
 *   <tr><td>hash-1 to hash-4</td><td>reading and hashing files</td><td>disk</td></tr>
 *   <tr><td>disk, flush-1 to flush-8</td><td>writing out what came, and moving it to its place; deleting; reading file lists</td><td>disk</td></tr>
 *   <tr><td>backup</td><td>copying the database once a day; looking whether one that could not be written can be again</td><td>SQLite, disk</td></tr>
 *   <tr><td>io</td><td>fetching, serving and keeping lists, documents and trees</td><td>SQLite</td></tr>
 *   <tr><td>xmpp</td><td>XmppClient: connect, roster, announce</td><td>connecting</td></tr>
 *   <tr><td>Smack's own</td><td>stanza to record to the mailbox of xmpp</td><td>nothing</td></tr>
 *   <tr><td>link</td><td>Pins, Links, Helping, Bridge: who is trusted, linked, helped</td><td>short commits</td></tr>
 *   <tr><td>link-accept, link-local</td><td>accepting friends' devices, and libtorrent</td><td>nothing</td></tr>
 *   <tr><td>link-n, link-read-x, link-write-x</td><td>dialling; two for each connection, one each way</td><td>sockets</td></tr>
 *   <tr><td>mapping</td><td>PortMapper: asking the router to let friends in</td><td>the router, for seconds</td></tr>
 *   <tr><td>control, control-n</td><td>accepting clients; serving one each</td><td>replies with a deadline, sockets</td></tr>
 *   <tr><td>command-n</td><td>a command that the launcher left to the daemon</td><td>replies, its client</td></tr>
 *   <tr><td>follow</td><td>Follower: what is new under the names that the user follows</td><td>short commits</td></tr>
 *   <tr><td>send</td><td>Sender and Receiver: what is offered to one friend, and what friends offer</td><td>short commits, disk</td></tr>
 *   <tr><td>watch</td><td>FolderWatch: looking at the files of shares, how they are</td><td>disk</td></tr>
 *   <tr><td>events, hooks</td><td>making events of messages; waiting for a command of the user's</td><td>nothing; the command</td></tr>
 *   <tr><td>timer</td><td>handing over what is due</td><td>nothing</td></tr>
 *   <tr><td>identity</td><td>at the start: the device's key, and TLS, beside the database</td><td>disk</td></tr>
 *   <tr><td>lifecycle, close-x, watchdog</td><td>the stop, in the reverse order of the start; the end of a stop that hangs</td><td>each part's deadline</td></tr>
 * </table>
 *
 * <p><b>Three flows</b> to read first.
 *
 * <ol>
 *   <li>A command: {@code bitween get} → control → {@code bus.ask(FetchShare)} → TorrentWorker → Fetching → TorrentEngine → libtorrent.
 *   <li>A friend comes: presence stanza → PresenceListener → {@code AnnouncementSeen} → Pins → {@code DeviceAnnounced} → CatalogueKeeper; Links, which dials; and
 *       ListFetcher, which asks over the link for the list that is new → {@code FriendListFetched} → PeerFinder → {@code HoldersFound} → Bridge → {@code
 *       PeersFound} → TorrentWorker.
 *   <li>Bytes arrive: libtorrent's alert → Alerts → EngineEvent → TorrentWorker → {@code TransferChanged} → CatalogueKeeper → {@code OwnSharesChanged} →
 *       Announcer → presence.
 * </ol>
 *
 * <p><b>Why it is so:</b> components share no state and speak by messages, so none has locks and each can be tested alone; reads look at one immutable
 * {@link bitween.catalogue.Catalogue} instead, so that status answers also while the worker is busy.
 */
@NullMarked
package bitween;

import org.jspecify.annotations.NullMarked;

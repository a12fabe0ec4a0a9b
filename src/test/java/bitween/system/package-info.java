/**
 * Whole daemons on loopback with real libtorrent, real SQLite and a real XMPP server.
 *
 * <p><b>What runs where.</b> {@code scripts/test} runs all with the embedded server, which starts in milliseconds and can be told to lie. {@code scripts/test
 * --servers} runs again, with Debian's Prosody, what carries the tag {@code xmpp-server}: each test in which what people see passes the server, such as who is
 * whose friend, who is there, what is in reach while it is away. CI, where time is short, runs each test once: what carries the tag with Prosody, the others with
 * the embedded server. Without the tag, and so with the embedded server alone, are
 *
 * <ul>
 *   <li>ServerSeesIT, StopMatrixIT, {@code link.MaliciousServerIT} and what of CutOffIT has no tag of its own, which look into the server or put words into its mouth: Prosody
 *       lets nobody do either
 *   <li>ProcessIT, RemoteCommandsIT, JsonIT, HungDaemonIT, HeadlessIT, OtherJdksIT, OtherUsersIT, SecretsIT, StoreIT and MoveIT, which are about processes, commands, ports of the machine and what lies on the disk
 *   <li>SilentServerIT, whose server is a listener that says nothing for most of the time
 *   <li>RatesIT, FairnessIT, PriorityIT, StreamIT, ReuseIT and {@code link.ThousandStrangersIT}, about bytes between devices: another server would only make them slower
 *   <li>those with the tag {@code namespaces}, which need root and have their server on a network of their own
 *   <li>those with the tag {@code faults}, which kill daemons, cut the power, break disks or turn clocks: {@code scripts/test --faults} runs them alone
 * </ul>
 *
 * <p>Two processes share them, a class at a time, since most of the time a test waits; after the others come, one by one, those with the tag {@code alone}, which measure how
 * fast bytes move or how soon something is done, {@code faults} and {@code namespaces}. Ports and folders are each test's own, and what the machine has once (network namespaces, loopback addresses with the
 * port of servers) is named by the process.
 *
 * <p>What breaks between a daemon and its server is in ResilienceIT (servers killed, connections reset, refused, held back, lost), what words a dead stream takes in UnheardIT, what does not end by itself in LockedOutIT (password,
 * certificate, account, a second daemon), a device that dies in SilenceIT, an outage during a transfer in OutageIT, and a roster of 1,000 in RosterIT, whose people have accounts and connections at whatever server it is.
 *
 * <p>FederationIT has two servers, certificates that both know or that nobody does, and an ejabberd for the second; {@code scripts/test --servers KIND} puts each two people
 * of all these tests at such two, or ({@code ejabberd}) all at one as slow as Debian sets it. SlowServerIT needs ejabberd as slow as Debian sets it. Both run with {@code --servers} only. {@code scripts/test --complete} is what CI calls: it
 * installs whatever one of them might miss, and fails when one is skipped all the same and {@code .ci/skipped} does not name it.
 */
@NullMarked
package bitween.system;

import org.jspecify.annotations.NullMarked;

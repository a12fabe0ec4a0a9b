package bitween.link;

import static bitween.link.EvilServer.ALICE;
import static bitween.link.EvilServer.BOB;
import static bitween.link.EvilServer.CAROL;
import static bitween.link.EvilServer.DAVE;
import static bitween.link.EvilServer.EVE;
import static bitween.link.Forged.endorsed;
import static bitween.link.Forged.forwarded;
import static bitween.link.Forged.open;
import static bitween.link.Forged.presence;
import static bitween.link.Forged.push;
import static bitween.link.Forged.signed;

import bitween.message.FriendRequest.AddFriend;
import bitween.model.Bytes;
import bitween.model.Jid;
import bitween.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** What an evil server does, a kind each, and what a user can see of it. */
record Malice(String name, Deed deed, Trace trace, Deed undo) {
    private static final String NO_SIGNATURE = "announces itself with a signature that is not its key's";
    private static final String NEW = "is a device that was not there before";
    private static final String OLD = "repeats an old announcement of";
    private static final String NO_SENSE = "announces what makes no sense";
    private static final String STRANGER = "sends presence, but is no contact";
    private static final String NO_ROSTER = "changes our roster, which only our server may";
    private static final String WRAPPED = "sends what somebody else is said to have said";
    private static final String ODD_STREAM = "opens a stream as no bitween does";
    /** Characters of a stanza that carries seven bytes, and no more than some. */
    private static final int ALERT = 300;

    private static final Deed NOTHING = server -> {};

    @FunctionalInterface
    interface Deed {
        void by(EvilServer server) throws Exception;
    }

    @FunctionalInterface
    interface Trace {
        /** @param dropped how many stanzas Alice had dropped before */
        boolean isThere(EvilServer server, long dropped) throws Exception;

        default Trace and(Trace other) {
            return (server, dropped) -> isThere(server, dropped) && other.isThere(server, dropped);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    static List<Malice> all() {
        return List.of(
                // keys and devices
                kind(
                        "another key where the friend's device was",
                        says(evil -> presence(evil.bobAt, evil.announced(evil.key("swapped"), BOB))),
                        held("swapped", "its key is not the one that was there before")
                                .and(logged(BOB, "has another key than before: blocked"))),
                kind(
                        "a second device of the friend",
                        says(evil -> presence(BOB + "/ghost", evil.announced(evil.key("ghost"), BOB))),
                        held("ghost", "no trusted device of theirs has vouched for it")
                                .and(logged(BOB, NEW))),
                kind(
                        "a second device of our own",
                        says(evil -> presence(ALICE + "/ghost", evil.announced(evil.key("own"), ALICE))),
                        held("own", "no trusted device of yours has vouched for it")
                                .and(logged(ALICE, NEW))),
                kind(
                        "a friend's words in another friend's mouth",
                        says(evil -> presence(CAROL + "/phone", evil.genuine())),
                        dropped(CAROL, NO_SIGNATURE)),
                kind(
                        "a friend's words in our own mouth",
                        says(evil -> presence(ALICE + "/phone", evil.genuine())),
                        dropped(ALICE, NO_SIGNATURE)),
                kind(
                        "a device that is vouched for by one that is held",
                        evil -> {
                            DeviceKey ghost = evil.key("ghost");
                            var word = Announcements.endorse(
                                    ghost, BOB, evil.key("friend of ghost").fingerprint());
                            evil.says(presence(BOB + "/ghost", evil.announced(ghost, BOB, word)));
                            evil.says(presence(BOB + "/ghost2", evil.announced(evil.key("friend of ghost"), BOB)));
                        },
                        held("friend of ghost", "no trusted device of theirs has vouched for it")
                                .and(logged(BOB, NEW))),
                kind(
                        "a device that shows a word for it, given for another account",
                        says(evil -> presence(
                                BOB + "/ghost3",
                                evil.announced(evil.key("word"), BOB, evil.wordOfBob(CAROL, evil.key("word"))))),
                        held("word", "no trusted device of theirs has vouched for it")
                                .and(logged(BOB, NEW))),
                kind(
                        "a word of the server's among the friend's own",
                        says(evil -> presence(evil.bobAt, endorsed(evil.genuine(), evil.key("ghost")))),
                        dropped(BOB, NO_SIGNATURE)),
                // announcements
                kind(
                        "an announcement of yesterday",
                        says(evil -> presence(evil.bobAt, evil.oldest())),
                        dropped(BOB, OLD)),
                kind(
                        "two announcements in the wrong order",
                        evil -> {
                            long number = evil.counter();
                            evil.bobIsHeard();
                            evil.says(presence(evil.bobAt, evil.genuine(number, evil.victim.port())));
                        },
                        dropped(BOB, OLD)),
                kind(
                        "the newest announcement from where the device is not",
                        says(evil -> presence(BOB + "/elsewhere", evil.newestHeard())),
                        dropped(BOB, OLD)),
                kind(
                        "an announcement without its signature",
                        says(evil -> presence(evil.bobAt, evil.genuine().replaceFirst(" sig='[^']*'", ""))),
                        dropped(BOB, NO_SENSE)),
                kind(
                        "an announcement with half a signature",
                        says(evil ->
                                presence(evil.bobAt, evil.genuine().replaceFirst("( sig='[^']{40})[^']*'", "$1'"))),
                        dropped(BOB, NO_SIGNATURE)),
                kind(
                        "an announcement signed with what was signed for something else",
                        says(evil -> presence(
                                evil.bobAt,
                                signed(
                                        evil.genuine(),
                                        evil.wordOfBob(BOB, evil.key("ghost")).signature()))),
                        dropped(BOB, NO_SIGNATURE)),
                kind(
                        "an announcement with the victim's address",
                        says(evil -> presence(
                                evil.bobAt,
                                evil.genuine().replaceFirst(" port='\\d+'", " port='" + evil.victim.port() + "'"))),
                        dropped(BOB, NO_SIGNATURE)),
                kind(
                        "an announcement with a larger counter",
                        says(evil -> presence(evil.bobAt, evil.genuine().replaceFirst(" n='\\d", " n='9"))),
                        dropped(BOB, NO_SIGNATURE)),
                kind(
                        "an announcement of three kilobytes",
                        says(evil -> presence(
                                evil.bobAt,
                                evil.genuine().replaceFirst("<bitween ", "<bitween x='" + "x".repeat(3_000) + "' "))),
                        dropped(BOB, NO_SENSE)),
                kind(
                        "an announcement with nine addresses",
                        says(evil -> presence(
                                evil.bobAt,
                                evil.genuine()
                                        .replaceFirst(
                                                "(<peer [^>]*>)",
                                                ("<peer ip='127.0.0.1' port='" + evil.victim.port() + "'/>")
                                                        .repeat(9)))),
                        dropped(BOB, NO_SENSE)),
                // senders
                kind(
                        "a device under a friend's bare address",
                        says(evil -> presence(BOB.value(), evil.announced(evil.key("bare"), BOB))),
                        dropped(BOB, "announces a device, but not under its own address")),
                kind(
                        "a stranger's presence",
                        says(evil -> presence(EVE + "/x", evil.announced(evil.key("eve"), EVE))),
                        dropped(EVE, STRANGER)),
                kind(
                        "the presence of who was removed",
                        says(evil -> presence(DAVE + "/x", evil.announced(evil.key("dave"), DAVE))),
                        dropped(DAVE, STRANGER)),
                kind(
                        "a carbon copy from a stranger",
                        says(evil -> "<message from='" + EVE + "/x'><received xmlns='urn:xmpp:carbons:2'>"
                                + forwarded(presence(evil.bobAt, evil.announced(evil.key("carbon"), BOB)))
                                + "</received></message>"),
                        dropped(EVE, WRAPPED)),
                kind(
                        "a carbon copy from our own account",
                        says(evil -> "<message from='" + ALICE + "'><sent xmlns='urn:xmpp:carbons:2'>"
                                + forwarded(push(null, EVE, "both")) + "</sent></message>"),
                        dropped(ALICE, WRAPPED)),
                kind(
                        "a presence of yesterday, forwarded by a friend",
                        says(evil -> "<message from='" + evil.bobAt + "'>"
                                + forwarded(presence(BOB + "/y", evil.announced(evil.key("forwarded"), BOB)))
                                + "</message>"),
                        dropped(BOB, WRAPPED)),
                kind(
                        "an answer from who was not asked",
                        Malice::answerInAnothersName,
                        dropped(EVE, "answers what was asked of somebody else"),
                        Malice::theTrueAnswer),
                // the roster
                kind(
                        "a stranger's change of the roster",
                        says(evil -> push(EVE + "/x", EVE, "both")),
                        dropped(EVE, NO_ROSTER)),
                kind(
                        "a friend's change of the roster",
                        says(evil -> push(evil.bobAt, EVE, "both")),
                        dropped(BOB, NO_ROSTER)),
                kind(
                        "a friend whom the user never confirmed",
                        evil -> {
                            evil.says(push(null, EVE, "both"));
                            evil.says(presence(EVE + "/x", evil.announced(evil.key("unconfirmed"), EVE)));
                        },
                        held("unconfirmed", "you have not confirmed them here: bitween friend add " + EVE),
                        says(evil -> push(null, EVE, "remove"))),
                kind(
                        "consent for which nobody asked",
                        says(evil -> "<presence type='subscribed' from='" + EVE + "'/>"),
                        dropped(EVE, "lets us see their presence, for which nobody asked")),
                // streams
                kind(
                        "a stream from a stranger",
                        says(evil -> open(EVE + "/x", "s1", "4096")),
                        dropped(EVE, "opens a stream, but is no contact who sees us")),
                kind(
                        "a stream with blocks of 64 KiB",
                        says(evil -> open(evil.bobAt, "s2", "65535")),
                        dropped(BOB, ODD_STREAM)),
                kind("a stream without sense", says(evil -> open(evil.bobAt, "", "-1")), dropped(BOB, ODD_STREAM)),
                kind("a stream in a friend's name, without a key", Malice::streamWithoutKey, Malice::isSentAway),
                // who is there
                kind(
                        "a friend's good-bye",
                        says(evil -> "<presence type='unavailable' from='" + evil.bobAt + "'/>"),
                        Malice::isLinkedWithoutAddress),
                kind(
                        "a friend's presence without the announcement",
                        says(evil -> "<presence from='" + evil.bobAt + "'/>"),
                        Malice::isLinkedWithoutAddress));
    }

    private static Malice kind(String name, Deed deed, Trace trace) {
        return kind(name, deed, trace, NOTHING);
    }

    private static Malice kind(String name, Deed deed, Trace trace, Deed undo) {
        return new Malice(name, deed, trace, undo);
    }

    private static Deed says(Function<EvilServer, String> stanza) {
        return evil -> evil.says(stanza.apply(evil));
    }

    /** Counted, and told in the log once. */
    private static Trace dropped(Jid who, String what) {
        Trace logged = logged(who, what);
        return (evil, before) -> evil.dropped() > before && logged.isThere(evil, before);
    }

    private static Trace logged(Jid who, String what) {
        return (evil, before) ->
                evil.warnings.lines().stream().anyMatch(line -> line.startsWith(who.value()) && line.contains(what));
    }

    /** Shown as a device that waits for the user, who is told why. */
    private static Trace held(String key, String reason) {
        return (evil, before) -> evil.alice.call("friends").views("friends").stream()
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device ->
                        device.text("id").equals(evil.key(key).fingerprint().hex())
                                && device.text("held").equals(reason));
    }

    /** Bob's device is shown as one that says nothing of itself, and linked all the same. */
    private static boolean isLinkedWithoutAddress(EvilServer evil, long before) {
        return evil.alice.call("friends").views("friends").stream()
                .flatMap(friend -> friend.views("devices").stream())
                .filter(device -> device.text("id").equals(evil.bobsId()))
                .allMatch(device -> device.texts("addresses").isEmpty() && device.has("path"));
    }

    /** Alice asks her server to add somebody; before it answers, Eve does. */
    private static void answerInAnothersName(EvilServer evil) throws Exception {
        String frank = "frank@" + TestServer.DOMAIN;
        evil.keepsBack("jid='" + frank + "'");
        evil.asked = evil.alice.ask(new AddFriend(new Jid(frank)));
        evil.until("the question", () -> !question(evil).isEmpty());
        evil.says("<iq type='result' id='" + question(evil) + "' from='" + EVE + "/x'/>");
    }

    private static void theTrueAnswer(EvilServer evil) throws Exception {
        if (evil.asked.isDone()) {
            throw new AssertionError("what Eve said was taken for the server's answer");
        }
        evil.says("<iq type='error' id='" + question(evil) + "'><error type='cancel'>"
                + "<not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        evil.until("the end of the question", () -> evil.asked.isCompletedExceptionally());
        evil.keepsNothingBack();
    }

    private static String question(EvilServer evil) {
        return evil.saidByAlice.stream()
                .filter(stanza -> stanza.contains("jid='frank@"))
                .map(stanza -> stanza.replaceFirst("(?s).* id='([^']*)'.*", "$1"))
                .findFirst()
                .orElse("");
    }

    /** It may open one, as Bob may; inside of it a key is wanted, which it does not have. */
    private static void streamWithoutKey(EvilServer evil) throws Exception {
        evil.keepsBack(" to='" + evil.bobAt + "'"); // Bob would say that he knows no such stream
        evil.says(open(evil.bobAt, "plain", "4096").replace("id='evil'", "id='plain'"));
        evil.until(
                "a stream",
                () -> evil.saidByAlice.stream()
                        .anyMatch(stanza -> stanza.contains(" id='plain'") && stanza.contains("type='result'")));
        String handshake = "\u0013BitTorrent protocol" + "\0".repeat(8) + "h".repeat(20) + "-XX0000-stranger1234";
        evil.says("<iq type='set' id='plain2' from='" + evil.bobAt + "'><data xmlns='http://jabber.org/protocol/ibb'"
                + " sid='plain' seq='0'>"
                + Forged.base64(Bytes.of(handshake.getBytes(StandardCharsets.ISO_8859_1))) + "</data></iq>");
    }

    /** The stream is closed, and counted; what was said in it is at most an alert of TLS. */
    private static boolean isSentAway(EvilServer evil, long dropped) {
        boolean silent = evil.saidByAlice.stream()
                .filter(stanza -> stanza.contains("<data ") && stanza.contains("'plain'"))
                .allMatch(stanza -> stanza.length() < ALERT);
        return silent
                && evil.alice.call("status").view("dropped").number("connections") > 0
                && evil.saidByAlice.stream()
                        .anyMatch(stanza -> stanza.contains("<close ") && stanza.contains("'plain'"));
    }
}

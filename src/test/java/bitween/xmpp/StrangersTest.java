package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Event;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.model.Jid;
import bitween.testing.Signed;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nobody can do to us who only knows our address, and what a contact cannot either. */
@Timeout(30)
class StrangersTest extends ServerFixture {

    @Test
    void strangers_learn_nothing_not_even_that_somebody_is_there() throws Exception {
        TestDevice laptop = device(user("a.test")).online();
        RawClient stranger = raw(user("b.test"));
        String to = laptop.device.toString();

        for (String question : List.of(
                CATALOGUE,
                "<ping xmlns='urn:xmpp:ping'/>",
                "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                "<query xmlns='jabber:iq:version'/>",
                "<query xmlns='jabber:iq:last'/>",
                "<unheard xmlns='urn:of'/>")) {
            assertThat(RawClient.condition(stranger.ask(to, "q", "get", question)))
                    .as(question)
                    .isEqualTo("service-unavailable");
        }
        assertThat(RawClient.condition(stranger.ask(
                        to,
                        "push",
                        "set",
                        "<query xmlns='jabber:iq:roster'><item jid='"
                                + stranger.jid().split("/")[0] + "' subscription='both'/></query>")))
                .isEqualTo("service-unavailable");
        assertThat(RawClient.condition(stranger.ask(to, "q2", "get", CATALOGUE)))
                .isEqualTo("service-unavailable");
    }

    @Test
    void a_friends_client_is_told_that_this_is_a_bot() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();

        IQ answer = raw(bob).ask(
                        laptop.device.toString(), "d", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");

        assertThat(answer.toXML().toString()).contains("category='client'", "name='bitween'", "type='bot'");
    }

    @Test
    void a_strangers_presence_is_dropped_and_a_friends_after_it_is_heard() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        RawClient stranger = raw(user("b.test"));
        RawClient friend = raw(bob);

        stranger.send("<presence to='" + laptop.device + "'>" + announcement("evil") + "</presence>");
        // the server routes in order, and the message is what presence wrapped in something else would look like
        stranger.send("<message to='" + laptop.device + "'><forwarded xmlns='urn:xmpp:forward:0'><presence from='" + bob
                + "/x' xmlns='jabber:client'>" + announcement("forged") + "</presence></forwarded></message>");
        friend.send("<presence>" + announcement("good") + "</presence>");

        AnnouncementSeen first = laptop.heard.await(AnnouncementSeen.class, event -> true);
        assertThat(first.from().jid()).isEqualTo(bob);
        assertThat(first.usable().revision()).isEqualTo("good");
    }

    @Test
    void stanzas_without_sense_cost_nobody_the_connection() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        RawClient friend = raw(bob);
        friend.send("<presence>" + announcement("before") + "</presence>");
        laptop.heard.await(AnnouncementSeen.class, event -> true);

        for (String payload : List.of(
                "<open xmlns='http://jabber.org/protocol/ibb' block-size='abc'/>",
                "<data xmlns='http://jabber.org/protocol/ibb' seq='zzz'/>",
                "<query xmlns='jabber:iq:last' seconds='abc'/>",
                "<query xmlns='jabber:iq:roster'><item jid='@@@' subscription='sideways'/></query>",
                "<query xmlns='jabber:iq:roster'><item/></query>",
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity/><feature/></query>")) {
            for (String type : List.of("get", "set", "result", "error")) {
                friend.send("<iq to='" + laptop.device + "' id='m' type='" + type + "'>" + payload + "</iq>");
            }
        }
        friend.send(
                "<presence><bitween xmlns='urn:bitween:1' name='x'><peer ip='localhost' port='1'/></bitween></presence>");
        friend.send("<presence>" + announcement("after") + "</presence>");

        laptop.heard.await(
                AnnouncementSeen.class, event -> event.usable().revision().equals("after"));
        assertThat(laptop.dropped()).isEqualTo(1);
        assertThat(laptop.heard.all()).noneMatch(StrangersTest::isLoss);
    }

    @Test
    @Tag("slow")
    void xml_of_a_strange_shape_costs_nobody_the_connection_whatever_a_jdk_thinks_of_it() throws Exception {
        Jid bob = user("b.test");
        TestDevice laptop = device(user("a.test"));
        befriend(laptop.device.jid(), bob);
        laptop.online();
        String attributes =
                IntStream.range(0, 10_500).mapToObj(i -> " a" + i + "=''").collect(Collectors.joining());
        String name = "n".repeat(5_000);

        for (String child : List.of(
                "<deep>".repeat(15_000) + "</deep>".repeat(15_000),
                "<x xmlns='urn:of'" + attributes + "/>",
                "<" + name + " xmlns='urn:of'/>",
                "<body>" + "&amp;".repeat(45_000) + "</body>",
                "<body>" + "&lt;".repeat(45_000) + "</body>",
                "<body x='" + "&apos;".repeat(40_000) + "'/>")) {
            server().inject(laptop.device.toString(), "<message from='eve@b.test/x'>" + child + "</message>");
            server().inject(laptop.device.toString(), "<presence from='eve@b.test/x'>" + child + "</presence>");
            server().inject(laptop.device.toString(), "<iq from='eve@b.test/x' type='get' id='1'>" + child + "</iq>");
        }
        raw(bob).send("<presence>" + announcement("after") + "</presence>");

        laptop.heard.await(AnnouncementSeen.class, event -> true);
        assertThat(laptop.heard.all()).noneMatch(StrangersTest::isLoss);
    }

    private static boolean isLoss(Event event) {
        return event instanceof EndpointGone || event.toString().contains("OFFLINE");
    }

    private static String announcement(String revision) {
        return "<bitween xmlns='urn:bitween:1' name='raw'" + Signed.attributes() + " rev='" + revision
                + "'><peer ip='127.0.0.1' port='7009'/></bitween>";
    }
}

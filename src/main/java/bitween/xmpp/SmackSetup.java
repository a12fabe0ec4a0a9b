package bitween.xmpp;

import bitween.xmpp.stanza.AnnouncementElement;
import bitween.xmpp.stanza.InBandStanza;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.SASLAuthentication;
import org.jivesoftware.smack.SmackConfiguration;
import org.jivesoftware.smack.UnparseableStanza;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.roster.provider.RosterPacketProvider;
import org.jivesoftware.smack.xml.SmackXmlParser;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.provider.DiscoverInfoProvider;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jivesoftware.smackx.ping.provider.PingProvider;
import org.jivesoftware.smackx.time.packet.Time;
import org.jivesoftware.smackx.time.provider.TimeProvider;

/** What Smack keeps for the whole process. Done once, before its first connection: it loads what it finds on the class path as soon as it is touched. */
final class SmackSetup {
    private static final Logger log = LogManager.getLogger(SmackSetup.class);
    /** They answer strangers, open ports (SOCKS5 on 7777) and parse a hundred formats. */
    private static final List<String> UNWANTED = List.of(
            "org.jivesoftware.smack.extensions.ExtensionsInitializer",
            "org.jivesoftware.smack.im.SmackImInitializer",
            "org.jivesoftware.smack.ReconnectionManager");

    static {
        XmlLimits.set();
        SmackXmlParser.setXmlPullParserFactory(ShallowParser.over(SmackXmlParser.getXmlPullParserFactory()));
        SmackConfiguration.addDisabledSmackClasses(UNWANTED.toArray(String[]::new));
        // as a server answers for somebody who is not there, so that strangers learn nothing
        SmackConfiguration.setUnknownIqRequestReplyMode(
                SmackConfiguration.UnknownIqRequestReplyMode.replyServiceUnavailable);
        // Smack's own ends the connection for one malformed stanza, whoever sent it
        SmackConfiguration.setDefaultParsingExceptionCallback(SmackSetup::drop);
        SASLAuthentication.blacklistSASLMechanism("DIGEST-MD5");
        SASLAuthentication.blacklistSASLMechanism("CRAM-MD5");
        ProviderManager.addExtensionProvider(
                AnnouncementElement.ELEMENT, AnnouncementElement.NAMESPACE, new AnnouncementElement.Provider());
        ProviderManager.addIQProvider(RosterPacket.ELEMENT, RosterPacket.NAMESPACE, new RosterPacketProvider());
        ProviderManager.addIQProvider(Ping.ELEMENT, Ping.NAMESPACE, new PingProvider());
        ProviderManager.addIQProvider(Time.ELEMENT, Time.NAMESPACE, new TimeProvider());
        ProviderManager.addIQProvider(DiscoverInfo.ELEMENT, DiscoverInfo.NAMESPACE, new DiscoverInfoProvider());
        for (InBandStanza.Step step : InBandStanza.Step.values()) {
            ProviderManager.addIQProvider(step.element(), InBandStanza.NAMESPACE, new InBandStanza.Provider(step));
        }
    }

    private SmackSetup() {}

    /** Idempotent; the work is done when the class is loaded. */
    static void ensure() {}

    private static void drop(UnparseableStanza stanza) {
        log.debug(
                "dropped a stanza that makes no sense: {}",
                stanza.getParsingException().toString());
    }
}

package bitween.xmpp;

import bitween.model.ErrorCode;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.UserException;
import org.jivesoftware.smack.packet.Stanza;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/** Between our addresses and Smack's. */
final class Addresses {
    private Addresses() {}

    /** @return null when it is nobody's: a server, a service, or none at all */
    static @Nullable Jid person(org.jxmpp.jid.@Nullable Jid address) {
        EntityBareJid bare = address == null ? null : address.asEntityBareJidIfPossible();
        if (bare == null) {
            return null;
        }
        try {
            return new Jid(bare.toString());
        } catch (IllegalArgumentException e) {
            return null; // one that Smack takes and we do not is nobody we can know
        }
    }

    /** @return who sent it; null unless it comes from a person's device */
    static @Nullable FullJid sender(Stanza stanza) {
        org.jxmpp.jid.Jid from = stanza.getFrom();
        Jid person = person(from);
        Resourcepart resource = from == null ? null : from.getResourceOrNull();
        if (person == null || resource == null) {
            return null;
        }
        return new FullJid(person, resource.toString());
    }

    /** @throws UserException BAD_ARGUMENT when XMPP knows no such address */
    static EntityBareJid bare(Jid jid) {
        try {
            return JidCreate.entityBareFrom(jid.value());
        } catch (XmppStringprepException e) {
            throw malformed(jid.value(), e);
        }
    }

    /** @throws UserException BAD_ARGUMENT when XMPP knows no such address */
    static EntityFullJid full(FullJid device) {
        try {
            return JidCreate.entityFullFrom(device.toString());
        } catch (XmppStringprepException e) {
            throw malformed(device.toString(), e);
        }
    }

    private static UserException malformed(String address, Exception cause) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                "'" + address + "' is no XMPP address",
                "one looks like name@example.org",
                cause);
    }
}

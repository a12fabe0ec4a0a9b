package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.Device;
import bitween.model.PeerAddress;
import org.jspecify.annotations.Nullable;

/** Tells whose device a connected peer is, by the address that stands for it towards libtorrent. Pure: made for one look at the catalogue. */
final class PeerNames {
    private final Catalogue catalogue;

    /** A friend's device. */
    record Owner(Friend friend, FriendDevice device) {}

    PeerNames(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @return null when it has just been removed */
    @Nullable
    Owner ownerOf(PeerAddress peer) {
        Device device = catalogue.labels().get(peer.ip());
        Friend friend = device == null ? null : catalogue.friends().get(device.jid());
        FriendDevice known =
                friend == null || device == null ? null : friend.devices().get(device.id());
        return friend == null || known == null ? null : new Owner(friend, known);
    }
}

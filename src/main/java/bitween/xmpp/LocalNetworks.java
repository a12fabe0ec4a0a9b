package bitween.xmpp;

import bitween.model.AddressFilter.Network;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Our own addresses and the networks they are on. */
@FunctionalInterface
public interface LocalNetworks {
    /** @throws SocketException when the operating system does not tell */
    List<Network> now() throws SocketException;

    /** Of every network interface that is up, in the order of the operating system. */
    static List<Network> ofThisMachine() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(LocalNetworks::isUp)
                .flatMap(network -> network.getInterfaceAddresses().stream())
                .map(LocalNetworks::network)
                .distinct()
                .toList();
    }

    private static Network network(InterfaceAddress address) {
        int bits = 8 * address.getAddress().getAddress().length;
        int prefix = address.getNetworkPrefixLength();
        return new Network(address.getAddress(), prefix < 0 || prefix > bits ? bits : prefix);
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false; // it went away between two calls
        }
    }
}

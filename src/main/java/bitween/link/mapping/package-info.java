/**
 * Asks the router in front of us to let friends in: forwards our port by PCP (RFC 6887), NAT-PMP (RFC 6886) or UPnP IGD, whichever it speaks, and tells where that
 * leads. {@link bitween.link.mapping.PortMapper} is the way in.
 *
 * <p><b>Thread:</b> the mailbox {@code mapping}, which alone may wait for the router; each wait has an end.
 *
 * <p><b>Says:</b> OutsideMapped.
 *
 * <p><b>Hears:</b> NetworksChanged.
 *
 * <p><b>Why it is so:</b> a room of its own below {@code link}, because it speaks to no friend and knows no key: it needs values and messages alone. libtorrent's mapping is
 * off (its XML reader had holes), and a library for three small protocols would be larger than they are. Only the default gateway of an attached network is spoken
 * to: what a description or an answer names elsewhere is not followed. The XML is read by a few lines without document types, so there are no entities to
 * expand. Left out: IPv6 pinholes, and mappings of more than the one port.
 */
@NullMarked
package bitween.link.mapping;

import org.jspecify.annotations.NullMarked;

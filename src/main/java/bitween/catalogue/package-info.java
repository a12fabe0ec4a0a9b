/**
 * What is known of shares and friends, and how daemons tell each other.
 *
 * <p><b>Thread:</b> {@link bitween.catalogue.CatalogueKeeper} and {@link bitween.catalogue.PeerFinder} fold on the bus's own thread; documents are
 * served and fetched on {@code io}.
 *
 * <p><b>Says:</b> OwnSharesChanged, AccessChanged, FriendListFetched, PeersFound; asks FetchPage. <b>Hears:</b> TorrentEvent, PresenceEvent; answers ServePage, FetchDocument.
 *
 * <p><b>Why it is so:</b> reads do not go through the bus: status and lists look at one immutable value, also while the worker is busy. What devices ask of
 * each other are documents in pages; who carries the pages is not known here. Who may have what is decided by {@link bitween.catalogue.Catalogue#mayServe}
 * alone, each time anew: it depends on grants and on the roster, which both change, and a permission that was remembered would outlive them. What we announce
 * is one name for all views together, because presence is the same for all; what a friend reads has the name of that friend's view, so that a change which is
 * none for him costs one page. Both names are made with a secret of this device; {@code ViewsTest} draws rosters and grants and compares.
 */
@NullMarked
package bitween.catalogue;

import org.jspecify.annotations.NullMarked;

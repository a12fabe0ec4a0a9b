/**
 * What is known of shares and friends, and how daemons tell each other.
 *
 * <p><b>Thread:</b> {@link bitween.catalogue.CatalogueKeeper} and {@link bitween.catalogue.PeerFinder} fold on the bus's own thread; documents are
 * served and fetched on {@code io}.
 *
 * <p><b>Says:</b> OwnSharesChanged, FriendListFetched, PeersFound; asks FetchPage. <b>Hears:</b> TorrentEvent, PresenceEvent; answers ServePage, FetchDocument.
 *
 * <p><b>Why it is so:</b> reads do not go through the bus: status and lists look at one immutable value, also while the worker is busy. What devices ask of
 * each other are documents in pages; who carries the pages is not known here.
 */
@NullMarked
package bitween.catalogue;

import org.jspecify.annotations.NullMarked;

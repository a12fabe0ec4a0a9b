/**
 * What is known of shares and friends, and how daemons tell each other.
 *
 * <p><b>Thread:</b> {@link bitween.catalogue.CatalogueKeeper} and {@link bitween.catalogue.PeerFinder} fold on the bus's own thread; documents are
 * served and fetched on {@code io}, also those that nobody asked for yet: the trees of friends' shares.
 *
 * <p><b>Says:</b> OwnSharesChanged, AccessChanged, FriendListFetched, PeersFound, WantFound; asks FetchPage, FetchShare, ServeAnswer. <b>Hears:</b> TorrentEvent, PresenceEvent, LinkEvent, TakenBackChanged; answers ServePage, FetchDocument, FetchHistory, FetchFormer, WantRequest.
 *
 * <p><b>Why it is so:</b> reads do not go through the bus: status and lists look at one immutable value, also while the worker is busy. What devices ask of
 * each other are documents in pages; who carries the pages is not known here. Who may have what is decided by {@link bitween.catalogue.Catalogue#mayServe}
 * alone, each time anew: it depends on grants and on the roster, which both change, and a permission that was remembered would outlive them. What we announce
 * is one name for all views together, because presence is the same for all; what a friend reads has the name of that friend's view, so that a change which is
 * none for him costs one question. Both names are made with a secret of this device; {@code ViewsTest} draws rosters and grants and compares.
 *
 * <p>Whoever asks for a list names the one that he holds, and is sent the difference to it. A difference is made to what that very device was sent, as far as
 * it is remembered, so nothing that was never for it can be in one; the price is a whole list for each friend after a restart, and the way left was to keep
 * on disk what everybody has. It says a digest of the list that should come of it: who finds another asks for the whole, so no mistake stays, whoever made it. A whole list is
 * the difference to nothing: one form, one parser. {@code ListDifferenceTest} draws lists, {@code DifferencesTest} lies, {@code ListTrafficTest} counts bytes.
 *
 * <p>A share whose files changed, or are away, stays in the lists, with a word that it is unavailable; nothing of it is served, and nobody is asked for it. So friends see what became of it, and what waits for it
 * goes on with the list that says that it is back. The digest of a list does not know of it: it may be told to who does not understand it.
 * The same holds of the former revisions of a live share that are kept: their info-hashes stand with the share, and are served to whom it is for.
 *
 * <p>Copies of the same content have info-hashes of their own, and are known by their content ids. What a job's content is, its own validated metadata say; what a friend's list says of his is
 * believed until a piece of it is wrong. So PeerFinder names both to the links, apart from each other: who has a copy is told nothing of the hash that the job has.
 *
 * <p>A friend who is away can be browsed down to the single file, so what is in a share is fetched beside the list and not when somebody looks. It is the info dictionary,
 * not a list of names made for the purpose, because that alone is proved by the info-hash, and a job needs it anyway. A friend can fill no disk with it
 * ({@link bitween.store.TreeStore}) and learns only that we are here.
 *
 * <p>Who asks for the info dictionary or the digests of a live share's next revision names the one before, if he has it, and is sent what is other ({@link bitween.catalogue.ByteDifference}): bytes,
 * not lists, because that serves both, and because the info-hash proves what comes of it. He is told nothing by it: of what he may not have, whatever he says to hold, there is only the whole.
 *
 * <p>What is found by words is what can be browsed: {@link bitween.catalogue.SearchKeeper} follows the lists and trees that are here, on a thread of its own ({@code search}), and asks
 * nobody. Who has it now is looked up in the catalogue at each search, so an index that lags shows nothing that is not there any more.
 *
 * <p><b>Speed:</b> what our list is called is kept up share by share; made anew at each change, 10,000 shares took 12 minutes of CPU. So a change costs the server one presence for each friend
 * online, some 600 bytes, however large the catalogue, and the link the difference: 520 bytes where the whole list of 10,000 has 709 kB ({@code ListTrafficTest}, {@code scripts/bench announce}).
 * Of one change among the 100,000 files of a live folder, 9 of 10.7 kB are hashes of pieces behind it whose bytes moved ({@code scripts/bench revision}): they are new, and no hash can be compressed.
 */
@NullMarked
package bitween.catalogue;

import org.jspecify.annotations.NullMarked;

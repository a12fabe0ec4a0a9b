/**
 * The API: a table of methods behind JSON-RPC 2.0 on a Unix socket. {@code Api} lists what there is; {@code Api.methods} lists it to clients.
 *
 * <p><b>Thread:</b> {@code control} accepts, {@code control-n} serve one client each. They are the only threads that may wait: for replies from the bus,
 * for the catalogue to change, for sockets, each with a deadline.
 *
 * <p><b>Says:</b> TorrentRequest, FriendRequest, ConnectionRequest, RateRequest, WantRequest. <b>Hears:</b> nothing: it looks at the catalogue, and at the log of {@code events}.
 *
 * <p><b>Why it is so:</b> commands ask, reads look. After a command the catalogue is awaited until it shows the change, so that a client's next read sees
 * what its last command did, although facts and answers travel on different ways. A Unix socket in a 0700 folder needs no tokens; the same table can be
 * served elsewhere later, because methods take and give nothing but maps, lists, strings, numbers and booleans.
 * A client that says {@code command 1} instead of a request is handed to {@link bitween.control.CommandServer}: one socket, so that there is one place that decides who may speak.
 * Such a command calls the same table by {@link bitween.control.MethodsClient}, without JSON between: of a list of 1,000 jobs, writing and reading it took longer than making it.
 * An import is no method: {@code import.read} tells what there is, and clients call {@code share.add} and {@code job.get} for each, as a person would.
 */
@NullMarked
package bitween.control;

import org.jspecify.annotations.NullMarked;

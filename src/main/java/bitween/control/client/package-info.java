/**
 * How programs talk to the daemon: JSON-RPC 2.0, one object per line, over the Unix socket in the home.
 *
 * <p><b>Thread:</b> the caller's; a call waits for its reply. The first sign of a daemon has five seconds to come; what it then works on may take its time.
 *
 * <p><b>Why it is so:</b> the command line starts for each command, so nothing here loads Log4j, Smack or libtorrent, and JSON is jackson-jr's, which is
 * ready in a quarter of databind's time. {@link bitween.control.client.Json} is the only home of Jackson; the server uses it too.
 */
@NullMarked
package bitween.control.client;

import org.jspecify.annotations.NullMarked;

package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Offence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at what passes between libtorrent and a friend's device over one connection. What no honest bitween says does not reach libtorrent, and who said it is
 * named. libtorrent finds the same errors, but tells of them together with each odd request, of which a friend could send as many as fill the queue of its alerts.
 *
 * <table>
 *   <caption>What is an offence, and what is not</caption>
 *   <tr><th>habit</th><th>verdict</th></tr>
 *   <tr><td>never says a word; begins a handshake and says no more; never unchokes; says it has all, and sends nothing</td><td>none: so does a device
 *       whose disk hangs, whose line broke, or whose owner limits it</td></tr>
 *   <tr><td>leaves in the middle, with a reset too</td><td>none: so does every device that is switched off. CHURN is to come back at once, again and again</td></tr>
 *   <tr><td>does not read</td><td>none: a slow line. REQUEST_FLOOD is to ask for ever more meanwhile</td></tr>
 *   <tr><td>asks for a share that it may not have</td><td>none: it may have had it a moment ago, before it was revoked, or its ticket ended</td></tr>
 *   <tr><td>answers with something else than the handshake for that share</td><td>OTHER_PROTOCOL</td></tr>
 *   <tr><td>lengths, numbers of pieces and kinds of messages that no share has; a second bitfield</td><td>MALFORMED_MESSAGES. Whether a number is just beyond
 *       this share's pieces is not known here: libtorrent refuses it, and nobody is named</td></tr>
 *   <tr><td>blocks without a request: more of them than were asked for over the same connection</td><td>UNASKED_BLOCKS</td></tr>
 *   <tr><td>messages of extensions that our libtorrent does not offer for private torrents: addresses, metadata; or far too long ones</td><td>UNKNOWN_EXTENSIONS</td></tr>
 *   <tr><td>more requests at once than our libtorrent takes, which is more than it ever sends; or than it refuses when it chokes</td><td>REQUEST_FLOOD</td></tr>
 *   <tr><td>chokes again and again; libtorrent thinks for 15 s each time</td><td>CHOKE_FLAPPING</td></tr>
 *   <tr><td>pieces that are not what was hashed</td><td>DAMAGED_PIECES, see {@link Culprits}</td></tr>
 * </table>
 *
 * <p>Thread: two, one for what each side says.
 */
final class PeerWatch {
    /** That fit the longest metadata, 32 MiB: 20 bytes each. */
    static final int MAX_PIECES = (32 << 20) / 20;

    /** Of a piece, 16 MiB. */
    private static final int MAX_PIECE_BYTES = 16 << 20;
    /** libtorrent's handshake of extensions has some hundred. */
    private static final int MAX_EXTENDED_BYTES = 16_384;
    /** What libtorrent offers: the handshake itself, upload_only, lt_donthave and share_mode; the others are for torrents that are not private. */
    private static final Set<Byte> OFFERED = Set.of((byte) 0, (byte) 3, (byte) 7, (byte) 8);
    /** As many as our libtorrent takes; it sends at most 1,500. */
    static final int MAX_REQUESTS = 2_000;
    /** Besides one a second. */
    static final int MAX_CHOKES = 20;

    private final Subject subject;
    private final Device device;
    private final InfoHash hash;
    private final Access access;
    private final FirstSenders senders;
    private final Offenders offenders;
    private final Theirs theirs = new Theirs();
    private final Ours ours = new Ours();
    /** Requests of ours that may still bring a block. */
    private final AtomicLong asked = new AtomicLong();
    /** Requests of theirs that were not answered. */
    private final AtomicLong unanswered = new AtomicLong();
    /** How many more of them libtorrent may refuse; it refuses an honest one's when it chokes it. */
    private final AtomicLong refusable = new AtomicLong(MAX_REQUESTS);

    PeerWatch(Subject subject, Access access, FirstSenders senders, Offenders offenders) {
        this.subject = subject;
        device = subject.device();
        hash = subject.hash();
        this.access = access;
        this.senders = senders;
        this.offenders = offenders;
    }

    /** What the friend's device says. Who dialled has shaken hands already. */
    MessageReader theirs() {
        return new MessageReader(theirs, !subject.serving());
    }

    /** What our libtorrent says. */
    MessageReader ours() {
        return new MessageReader(ours, subject.serving());
    }

    /** The connection ended so. */
    void ended(IOException how) {
        if (how instanceof OffenceException e) {
            offenders.seen(device, e.offence(), hash, e.what());
        }
    }

    private final class Ours implements MessageReader.Messages {
        @Override
        public void handshake(byte[] raw, int seen) {
            // libtorrent's
        }

        @Override
        public void message(int id, long lengthBytes, ByteBuffer body) throws IOException {
            switch (id) {
                case MessageReader.CHOKE -> refusable.addAndGet(MAX_REQUESTS);
                case MessageReader.REQUEST -> asked.incrementAndGet();
                case MessageReader.PIECE -> answered();
                case MessageReader.REJECT -> refused();
                default -> {}
            }
        }

        private void refused() throws IOException {
            answered();
            if (refusable.decrementAndGet() < 0) {
                throw new OffenceException(Offence.REQUEST_FLOOD, "more than " + MAX_REQUESTS + " were refused");
            }
        }

        @Override
        public void block(int piece, int begin) {
            // theirs are of interest
        }
    }

    /** A request that was cancelled may be answered all the same. */
    private void answered() {
        unanswered.updateAndGet(count -> Math.max(0, count - 1));
    }

    private final class Theirs implements MessageReader.Messages {
        private final long beginNs = System.nanoTime();
        private boolean saidWhatItHas;
        private long chokes;

        @Override
        public void handshake(byte[] raw, int seen) throws IOException {
            PeerHandshake.check(raw, seen);
            if (seen == raw.length && !PeerHandshake.of(raw).hash().equals(subject.theirs())) {
                throw new OffenceException(Offence.OTHER_PROTOCOL, "was asked for one share, and answers for another");
            }
        }

        @Override
        public void message(int id, long lengthBytes, ByteBuffer body) throws IOException {
            boolean sensible = switch (id) {
                case MessageReader.CHOKE -> {
                    choked();
                    yield lengthBytes == 1;
                }
                case MessageReader.UNCHOKE, MessageReader.INTERESTED, MessageReader.NOT_INTERESTED -> lengthBytes == 1;
                case MessageReader.HAVE -> lengthBytes == 5 && isPiece(body.getInt(0));
                case MessageReader.HAVE_ALL, MessageReader.HAVE_NONE -> isFirst() && lengthBytes == 1;
                case MessageReader.BITFIELD ->
                    isFirst() && lengthBytes > 1 && lengthBytes <= 1 + MAX_PIECES / Byte.SIZE;
                case MessageReader.REQUEST -> lengthBytes == 13 && isBlock(body) && requested();
                case MessageReader.CANCEL -> {
                    answered();
                    refusable.incrementAndGet();
                    yield lengthBytes == 13;
                }
                case MessageReader.PIECE ->
                    lengthBytes > 9 && lengthBytes <= 9 + MessageReader.BLOCK_BYTES && isBlockAt(body) && wasAsked();
                case MessageReader.PORT -> lengthBytes == 3;
                case MessageReader.SUGGEST, MessageReader.ALLOWED_FAST -> lengthBytes == 5;
                case MessageReader.REJECT -> lengthBytes == 13;
                case MessageReader.EXTENDED -> lengthBytes > 1 && isOffered(body.get(0), lengthBytes);
                default -> false;
            };
            if (!sensible) {
                throw new OffenceException(
                        Offence.MALFORMED_MESSAGES, "message " + id + " of " + lengthBytes + " bytes" + numbers(body));
            }
        }

        private String numbers(ByteBuffer body) {
            return body.remaining() < 4 ? "" : ", about piece " + body.getInt(0);
        }

        private boolean isPiece(int piece) {
            return piece >= 0 && piece < MAX_PIECES;
        }

        private boolean isBlockAt(ByteBuffer body) {
            int begin = body.getInt(4);
            return isPiece(body.getInt(0)) && begin >= 0 && begin < MAX_PIECE_BYTES;
        }

        private boolean isBlock(ByteBuffer body) {
            int length = body.getInt(8);
            return isBlockAt(body) && length > 0 && length <= MessageReader.BLOCK_BYTES;
        }

        private boolean isFirst() {
            boolean first = !saidWhatItHas;
            saidWhatItHas = true;
            return first;
        }

        /** Who told us that it has it does not ask for it, unless it may have it from us. */
        private boolean requested() throws IOException {
            if (!subject.serving() && !access.mayServe(device, hash)) {
                throw new IOException("it asks for what it says it has, and may not have it from us");
            }
            if (unanswered.incrementAndGet() > MAX_REQUESTS) {
                throw new OffenceException(Offence.REQUEST_FLOOD, "more than " + MAX_REQUESTS + " at once");
            }
            return true;
        }

        private boolean wasAsked() throws IOException {
            if (asked.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
                throw new OffenceException(Offence.UNASKED_BLOCKS, "blocks");
            }
            return true;
        }

        private boolean isOffered(byte extension, long lengthBytes) throws IOException {
            if (!OFFERED.contains(extension) || lengthBytes > MAX_EXTENDED_BYTES) {
                throw new OffenceException(
                        Offence.UNKNOWN_EXTENSIONS, "number " + extension + ", " + lengthBytes + " bytes");
            }
            return true;
        }

        private void choked() throws IOException {
            long seconds = Duration.ofNanos(System.nanoTime() - beginNs).toSeconds();
            if (++chokes > MAX_CHOKES + seconds) {
                throw new OffenceException(Offence.CHOKE_FLAPPING, chokes + " times in " + seconds + " s");
            }
        }

        @Override
        public void block(int piece, int begin) {
            if (access.wants(hash)) {
                senders.came(device, hash, piece, begin);
            }
        }
    }
}

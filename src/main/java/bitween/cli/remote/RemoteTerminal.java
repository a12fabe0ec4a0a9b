package bitween.cli.remote;

import bitween.cli.StreamTerminal;
import bitween.cli.Term;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The terminal of a client. Thread: the command's, and for {@link #heard} and {@link #interrupt} the one that reads what the client says. */
final class RemoteTerminal extends StreamTerminal {
    private final Frames frames;
    private final Pipe out;
    private final boolean interactive;
    /** What the client answers to what it was asked; empty is the end of its input. One question, one answer. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private final Deque<String> whenInterrupted = new ConcurrentLinkedDeque<>();
    /** Whether the command only goes on for who reads it. */
    private boolean followed;
    /** The command's thread, while it waits for the daemon for who reads it. Guarded by this, like interrupted. */
    private @Nullable Thread waiting;

    private boolean interrupted;

    RemoteTerminal(Frames frames, Invocation invocation) {
        this(frames, invocation, new Pipe(frames, Frames.OUT));
    }

    private RemoteTerminal(Frames frames, Invocation invocation, Pipe out) {
        super(new BufferedOutputStream(out), new Pipe(frames, Frames.ERR), false, invocation.variables());
        this.frames = frames;
        this.out = out;
        interactive = invocation.isInteractive();
    }

    /** One of the two streams. */
    private static final class Pipe extends OutputStream {
        private final Frames frames;
        private final char kind;
        private volatile @Nullable String broken;

        private Pipe(Frames frames, char kind) {
            this.frames = frames;
            this.kind = kind;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            check();
            frames.write(kind, bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            check();
        }

        private void check() throws IOException {
            String why = broken;
            if (why != null) {
                throw new IOException(why);
            }
        }
    }

    /** An answer, or that nobody takes the result any more. */
    void heard(Frames.Frame frame) {
        switch (frame.kind()) {
            case Frames.LINE -> answers.add(Optional.of(frame.text()));
            case Frames.NO_LINE, Frames.DONE -> answers.add(Optional.empty());
            case Frames.LOST -> abandon(frame.text());
            default -> {} // of a later client, which does without an answer
        }
    }

    private synchronized void abandon(String why) {
        out.broken = why;
        interruptWaiting();
    }

    private void interruptWaiting() {
        if (waiting != null && out.broken != null) {
            interrupted = true;
            waiting.interrupt();
        }
    }

    @Override
    public boolean isAbandoned() {
        return out.broken != null || super.isAbandoned();
    }

    @Override
    public Watch interruptWhenAbandoned() {
        followed = true;
        return () -> followed = false;
    }

    /**
     * While the command waits for the daemon. An interrupt at any other time would close the client's channel, or the file that is read, if it came in the midst of
     * it; and what is written ends by itself, as the client goes on to read.
     */
    synchronized Watch interruptWhenFollowed() {
        waiting = followed ? Thread.currentThread() : null;
        interruptWaiting();
        return this::waitsNoMore;
    }

    private synchronized void waitsNoMore() {
        waiting = null;
        if (interrupted) {
            interrupted = false;
            boolean unused = Thread.interrupted();
        }
    }

    /** Ends the command for whoever looks at it, as Ctrl-C ends a process. */
    void interrupt(int exitCode) throws IOException {
        whenInterrupted.forEach(this::sayInterrupted);
        frames.exit(exitCode);
    }

    /** Returns when the client has written all of it, or knows that it cannot. */
    void finish() throws IOException, InterruptedException {
        flush();
        answers.clear();
        frames.write(Frames.FINISHED, new byte[0]);
        Optional<String> unused = answers.take();
        flush();
    }

    @Override
    public @Nullable String ask(String question) {
        return interactive ? line(question) : null;
    }

    @Override
    public @Nullable String line(String prompt) {
        flush();
        try {
            frames.write(Frames.QUESTION, Term.safe(prompt).getBytes(StandardCharsets.UTF_8));
            return answers.take().orElse(null);
        } catch (IOException e) {
            return null; // the client is gone, and the command is being interrupted
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** No command that runs here asks for what must not be seen. */
    @Override
    public @Nullable String askHidden(String question) {
        throw new UnsupportedOperationException(question);
    }

    @Override
    public Watch whenInterrupted(String line) {
        whenInterrupted.add(line);
        return () -> whenInterrupted.remove(line);
    }

    @Override
    public boolean isInteractive() {
        return interactive;
    }
}

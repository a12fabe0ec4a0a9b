package bitween.link;

import static bitween.link.Ends.ALICE;
import static bitween.link.Ends.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.BytePipe;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two ends that want to speak to each other. */
class SecureChannelTest {
    @ParameterizedTest
    @EnumSource
    void both_ends_know_each_other_after_the_handshake(Engines engines) {
        try (Ends ends = Ends.of(engines)) {
            assertThat(ends.alice().peer()).isEqualTo(BOB.fingerprint());
            assertThat(ends.bob().peer()).isEqualTo(ALICE.fingerprint());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void ten_megabytes_arrive_each_way_in_pieces_of_any_size(Engines engines) {
        try (Ends ends = Ends.of(engines)) {
            Traffic.exchange(ends.alice(), ends.bob(), 10_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void bytes_may_come_one_by_one(Engines engines) {
        MemoryPipe[] pipes = MemoryPipe.pair(100);

        try (Ends ends =
                Ends.over(engines, new BytePipe[] {new TricklePipe(pipes[0], true), new TricklePipe(pipes[1], true)})) {
            Traffic.exchange(ends.alice(), ends.bob(), 100_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void either_end_may_speak_first_and_before_the_other_listens(Engines engines) throws IOException {
        try (Ends ends = Ends.of(engines)) {
            ends.bob().write(bytes("welcome"));
            assertThat(text(ends.alice(), 7)).isEqualTo("welcome");
        }
        try (Ends ends = Ends.of(engines)) {
            ends.alice().write(bytes("hello"));
            assertThat(text(ends.bob(), 5)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_has_little_room_gets_the_rest_later(Engines engines) throws IOException {
        try (Ends ends = Ends.of(engines)) {
            ends.alice().write(bytes("hello"));

            ByteBuffer two = ByteBuffer.allocate(2);
            assertThat(ends.bob().read(two)).isEqualTo(2);
            assertThat(ends.bob().read(two)).isZero();
            assertThat(text(ends.bob(), 3)).isEqualTo("llo");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_end_that_was_meant_is_the_end_of_the_stream(Engines engines) throws IOException {
        try (Ends ends = Ends.of(engines)) {
            ends.alice().write(bytes("bye"));
            ends.alice().finish();

            ByteBuffer target = ByteBuffer.allocate(100);
            assertThat(text(ends.bob(), 3)).isEqualTo("bye");
            assertThat(ends.bob().read(target)).isEqualTo(-1);
            assertThat(ends.bob().read(target)).isEqualTo(-1);
            assertThatThrownBy(() -> ends.alice().write(bytes("?"))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_end_without_a_word_is_an_error(Engines engines) {
        try (Ends ends = Ends.of(engines)) {
            ends.bob();
            ends.alice().close();

            assertThatThrownBy(() -> ends.bob().read(ByteBuffer.allocate(100)))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the other end is gone without a word");
        }
    }

    @ParameterizedTest
    @EnumSource
    void half_a_record_is_an_error_and_no_data(Engines engines) throws IOException {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);

        try (Ends ends = Ends.over(engines, pipes)) {
            ends.bob();
            ends.alice().write(ByteBuffer.allocate(10_000));
            pipes[0].cutAfter(5_000);

            ByteBuffer target = ByteBuffer.allocate(20_000);
            assertThatThrownBy(() -> ends.bob().read(target)).isInstanceOf(EOFException.class);
            assertThat(target.position()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_of_somebody_else_are_an_error_and_no_data(Engines engines) throws IOException {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);

        try (Ends ends = Ends.over(engines, pipes)) {
            ends.alice();
            ends.bob();
            pipes[0].write(ByteBuffer.wrap(new byte[] {23, 3, 3, 0, 40}));
            pipes[0].write(ByteBuffer.allocate(40));

            ByteBuffer target = ByteBuffer.allocate(100);
            assertThatThrownBy(() -> ends.bob().read(target)).isInstanceOf(SSLException.class);
            assertThat(target.position()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closing_wakes_who_reads_and_who_writes(Engines engines) throws Exception {
        try (Ends ends = Ends.of(engines)) {
            ends.bob();
            Blocked reader = Blocked.in(() -> ends.alice().read(ByteBuffer.allocate(100)));
            Blocked writer = Blocked.in(() -> ends.alice().write(ByteBuffer.allocate(1_000_000)));

            ends.alice().close();
            ends.alice().close();

            assertThat(reader.failure()).isInstanceOf(ClosedChannelException.class);
            assertThat(writer.failure()).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> ends.alice().read(ByteBuffer.allocate(100)))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keys_may_be_renewed_in_the_middle_of_a_stream(Engines engines) throws IOException {
        RecordingTls alice = new RecordingTls(engines.dialler(ALICE));
        try (Ends ends = Ends.over(alice, engines.acceptor(BOB), MemoryPipe.pair(100_000))) {
            for (int count = 0; count < 100; count++) {
                ends.bob();
                if (alice.name().startsWith("JDK")) {
                    alice.lastEngine().beginHandshake(); // to the JDK's TLS 1.3 this means: new keys, and yours too
                }
                ends.alice().write(bytes("question"));
                assertThat(text(ends.bob(), 8)).isEqualTo("question");
                ends.bob().write(bytes("answer"));
                assertThat(text(ends.alice(), 6)).isEqualTo("answer");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keys_that_have_done_their_share_are_used_no_more(Engines engines) throws IOException {
        RecordingTls alice = new RecordingTls(engines.dialler(ALICE), 10_000);

        try (Ends ends = Ends.over(alice, engines.acceptor(BOB), MemoryPipe.pair(100_000))) {
            ends.bob();
            ends.alice().write(ByteBuffer.allocate(10_000));

            assertThatThrownBy(() -> ends.alice().write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("has to be dialled again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_flood_of_new_keys_ends_the_connection(Engines engines) throws IOException {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        RecordingTls alice = new RecordingTls(Tls.jdk(ALICE)); // the one engine that can be told to
        try (Ends ends = Ends.over(alice, engines.acceptor(BOB), pipes)) {
            ends.bob();
            ends.alice();
            for (int count = 0; count < 100; count++) {
                ByteBuffer record = ByteBuffer.allocate(BufferPool.RECORD_BYTES);
                alice.lastEngine().beginHandshake();
                alice.lastEngine().wrap(ByteBuffer.allocate(0), record);
                pipes[0].write(record.flip());
            }

            assertThatThrownBy(() -> ends.bob().read(ByteBuffer.allocate(100))).isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_connection_had_outside_of_the_heap_is_given_back(Engines engines) throws IOException {
        RecordingTls alice = new RecordingTls(engines.dialler(ALICE));
        RecordingTls bob = new RecordingTls(engines.acceptor(BOB));

        for (int count = 0; count < 3; count++) {
            try (Ends ends = Ends.over(alice, bob, MemoryPipe.pair(100_000))) {
                Traffic.exchange(ends.alice(), ends.bob(), 100_000);
                Blocked reader = Blocked.in(() -> ends.bob().read(ByteBuffer.allocate(100)));
                ends.alice().finish();
                ends.bob().close();
                assertThat(reader.failure()).isNotNull();
            }
        }

        for (RecordingTls tls : List.of(alice, bob)) {
            tls.assertAllGivenBack();
            assertThat(tls.buffers().size())
                    .as("buffers of each connection in turn")
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_thread_is_started(Engines engines) {
        var before = Thread.getAllStackTraces().keySet();
        try (Ends ends = Ends.of(engines)) {
            Traffic.exchange(ends.alice(), ends.bob(), 100_000);

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).matches(".*(netty|ssl|tls|global|pool).*"));
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static String text(SecureChannel channel, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            assertThat(channel.read(target)).isPositive();
        }
        return UTF_8.decode(target.flip()).toString();
    }
}

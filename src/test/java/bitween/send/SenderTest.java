package bitween.send;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.DeviceRequest.ServeAnswer;
import bitween.message.SendEvent.SentChanged;
import bitween.message.SendRequest.AddSent;
import bitween.message.SendRequest.ListSent;
import bitween.message.SendRequest.RemoveSent;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Sent;
import bitween.model.Sent.Outcome;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.NewTransfer;
import bitween.store.SendStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is sent. */
class SenderTest extends SendFixture {
    private static final Audience FOR_ALICE = Audience.parse(Set.of(ALICE.value()));

    @Test
    void it_is_shared_as_an_offer_with_one_friend_and_goes_once_they_have_it() throws IOException {
        Path film = file("film.mkv");
        Sent sent = send(film, ALICE);

        assertThat(asked(SharePath.class))
                .containsExactly(new SharePath(film, null, FOR_ALICE, false, ShareMode.USUAL, null, null, true));
        assertThat(ask(answer(ALICE, sent, true))).isTrue();

        assertThat(outcomes()).containsExactly(Outcome.TAKEN);
        assertThat(asked(UnsharePath.class)).containsExactly(new UnsharePath(share(sent)));
        assertThat(told).hasSize(1);
        assertThat(((SentChanged) told.get(0)).sent().outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(film).exists();
        assertThat(ask(new ServeAnswer(device(ALICE), hashOf(sent), true))).isTrue(); // the reply was lost
        assertThat(told).hasSize(1);
    }

    @Test
    void nobody_else_ends_it() throws IOException {
        Sent sent = send(file("film.mkv"), ALICE);

        assertThat(failure(answer(BOB, sent, true))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(failure(new ServeAnswer(device(ALICE), hash(77), false))).isEqualTo(ErrorCode.UNKNOWN_SHARE);

        assertThat(ask(new ListSent())).containsExactly(sent);
        assertThat(asked(UnsharePath.class)).isEmpty();
    }

    @Test
    void what_two_are_sent_goes_from_each_alone() throws IOException {
        Path film = file("film.mkv");
        Sent first = send(film, ALICE);
        assertThat(failure(new AddSent(film, "other.mkv", BOB, false))).isEqualTo(ErrorCode.BAD_ARGUMENT);
        Sent second = send(film, BOB);
        assertThat(second.share()).isEqualTo(first.share());
        assertThat(asked(SharePath.class)).hasSize(1);
        assertThat(asked(GrantShare.class)).hasSize(1);
        assertThat(failure(new AddSent(film, null, BOB, false))).isEqualTo(ErrorCode.ALREADY_SHARED);

        ask(answer(ALICE, first, false));
        assertThat(asked(RevokeShare.class)).hasSize(1);
        assertThat(asked(UnsharePath.class)).isEmpty();
        assertThat(known(share(first)).audience().texts()).containsExactly(BOB.value());
        ask(answer(BOB, second, true));

        assertThat(outcomes()).containsExactly(Outcome.DECLINED, Outcome.TAKEN);
        assertThat(asked(UnsharePath.class)).hasSize(1);
    }

    @Test
    void what_is_taken_back_or_unshared_or_revoked_is_withdrawn() throws IOException {
        Sent first = send(file("a"), ALICE);
        Sent second = send(file("b"), ALICE);
        Sent third = send(file("c"), ALICE);

        assertThat(ask(new RemoveSent(first.id())).outcome()).isEqualTo(Outcome.WITHDRAWN);
        removed(known(share(second)));
        put(known(share(third)).with(Audience.NOBODY));
        threads.runAll();

        assertThat(outcomes()).containsExactly(Outcome.WITHDRAWN, Outcome.WITHDRAWN, Outcome.WITHDRAWN);
        assertThat(transfers).isEmpty();
        ask(new RemoveSent(first.id()));
        assertThat(outcomes()).hasSize(2);
        assertThat(failure(new RemoveSent(first.id()))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void what_cannot_be_shared_is_not_sent() throws IOException {
        refusal = new UserException(ErrorCode.PATH_REFUSED, "no", "");

        assertThat(failure(new AddSent(file("film.mkv"), null, ALICE, false))).isEqualTo(ErrorCode.PATH_REFUSED);

        assertThat(ask(new ListSent())).isEmpty();
        assertThat(new SendStore(database).all()).isEmpty();
    }

    @Test
    void what_a_crash_cut_off_between_the_steps_is_made_up_for_at_the_next_start() throws IOException {
        Path shared = file("shared");
        Path gone = file("gone");
        Path ended = file("ended");
        SendStore store = new SendStore(database);
        Sent adopted = store.add(ALICE, "shared", shared, false, null, NOW); // shared, but that was not stored with it
        store.add(ALICE, "gone", gone, false, null, NOW); // never shared
        Sent over = store.add(ALICE, "ended", ended, false, null, NOW); // taken, but its share is there still
        TransferId live = insert(shared);
        TransferId dead = insert(ended);
        store.end(store.shared(over.id(), dead, "ended", ended), Outcome.TAKEN, 5L, null, NOW);
        transfers.put(live, sharedAs(live, "shared", shared, FOR_ALICE));
        transfers.put(dead, sharedAs(dead, "ended", ended, FOR_ALICE));

        restart();

        List<Sent> all = ask(new ListSent());
        assertThat(all).extracting(Sent::name).containsExactly("shared", "ended");
        assertThat(all.get(0).id()).isEqualTo(adopted.id());
        assertThat(all.get(0).share()).isEqualTo(live);
        assertThat(all.get(0).isOpen()).isTrue();
        assertThat(transfers).containsOnlyKeys(live);
    }

    @Test
    void the_file_of_a_pipe_goes_with_its_offer_and_stays_as_long_as_that() throws IOException {
        Path kept = Files.writeString(piped.resolve("1"), "x").toRealPath();
        Path withdrawn = Files.writeString(piped.resolve("2"), "x").toRealPath();
        Sent first = ask(new AddSent(kept, "a.txt", ALICE, true));
        Sent second = ask(new AddSent(withdrawn, "b.txt", ALICE, true));

        ask(new RemoveSent(second.id()));
        assertThat(kept).exists();
        assertThat(withdrawn).doesNotExist();
        restart();
        assertThat(kept).exists();
        ask(answer(ALICE, first, true));

        assertThat(kept).doesNotExist();
        assertThat(failure(new AddSent(file("elsewhere"), "c", ALICE, true))).isEqualTo(ErrorCode.PATH_REFUSED);
    }

    @Test
    void what_was_taken_once_and_is_sent_again_is_taken_again() throws IOException {
        Path film = file("film");
        Sent first = send(film, ALICE);
        ask(answer(ALICE, first, true));
        Sent again = send(film, ALICE);
        put(Transfer.of(
                share(again), Transfer.Kind.SHARE, "film", film, TransferState.SEEDING, hashOf(first), NOW, FOR_ALICE));
        threads.runAll();

        ask(answer(ALICE, first, true));

        assertThat(outcomes()).containsExactly(Outcome.TAKEN, Outcome.TAKEN);
    }

    @Test
    void what_a_command_leaves_in_the_middle_goes_within_a_minute() throws IOException {
        Path left = Files.writeString(piped.resolve("left"), "x");

        pass(Duration.ofMinutes(1));

        assertThat(left).doesNotExist();
    }

    @Test
    void what_a_command_left_in_the_middle_goes_at_the_next_start_unless_it_is_being_written() throws IOException {
        Path left = Files.writeString(piped.resolve("left"), "x");
        Path written = Files.writeString(piped.resolve("written"), "x");

        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            restart();
        }

        assertThat(left).doesNotExist();
        assertThat(written).exists();
    }

    private Path file(String name) throws IOException {
        return Files.writeString(temp.resolve(name), "content").toRealPath();
    }

    private TransferId insert(Path path) {
        return torrents.insert(NewTransfer.share(String.valueOf(path.getFileName()), path, FOR_ALICE, NOW)
                .asSent());
    }

    private Sent send(Path path, Jid friend) {
        return ask(new AddSent(path, null, friend, false));
    }

    private ServeAnswer answer(Jid friend, Sent sent, boolean taken) {
        return new ServeAnswer(device(friend), hashOf(sent), taken);
    }

    private static Device device(Jid jid) {
        return new Device(jid, new DeviceId("a"));
    }

    private static InfoHash hashOf(Sent sent) {
        return hash(1_000 + (int) share(sent).value());
    }

    private static TransferId share(Sent sent) {
        return Objects.requireNonNull(sent.share());
    }

    private List<Outcome> outcomes() {
        return ask(new ListSent()).stream()
                .map(Sent::outcome)
                .filter(Objects::nonNull)
                .toList();
    }
}

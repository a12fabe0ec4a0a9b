package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.FetchPage;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Page;
import bitween.model.UserException;
import bitween.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PagedFetchTest {
    private static final Device DEVICE = Lists.device("alice@example.org", "laptop");
    private static final int LIMIT = 100_000;
    private static final Bytes DOCUMENT = random(20_000);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final Mailbox io = threads.lane("io");
    private final List<Integer> asked = new ArrayList<>();

    @Test
    void a_document_of_one_page_costs_one_question() {
        answered(offset -> page("r1", Bytes.of(new byte[7]), offset));

        assertThat(fetch()).isCompletedWithValue(new PagedFetch.Document("r1", Bytes.of(new byte[7])));
        assertThat(asked).containsExactly(0);
    }

    @Test
    void an_empty_document_is_a_document() {
        answered(offset -> page("r1", Bytes.EMPTY, offset));

        assertThat(fetch()).isCompletedWithValue(new PagedFetch.Document("r1", Bytes.EMPTY));
    }

    @Test
    void a_long_document_comes_page_by_page() {
        answered(offset -> page("r1", DOCUMENT, offset));

        assertThat(fetch()).isCompletedWithValue(new PagedFetch.Document("r1", DOCUMENT));
        assertThat(asked).containsExactly(0, 5_700, 11_400, 17_100);
    }

    @Test
    void after_the_first_page_four_are_asked_for_at_once() {
        List<CompletableFuture<Page>> open = new ArrayList<>();
        bus.answerLater(FetchPage.class, threads.lane("xmpp"), request -> {
            asked.add(request.query().offset());
            CompletableFuture<Page> reply = new CompletableFuture<>();
            open.add(reply);
            return reply;
        });
        CompletableFuture<PagedFetch.Document> fetched = fetch();
        open.get(0).complete(page("r1", random(60_000), 0));
        threads.runAll();

        assertThat(asked).containsExactly(0, 5_700, 11_400, 17_100, 22_800);
        assertThat(fetched).isNotDone();
    }

    @Test
    void of_a_list_that_is_here_no_more_than_the_first_page_is_asked_for() {
        answered(offset -> page("held", DOCUMENT, offset));

        assertThat(fetch()).isCompletedWithValue(new PagedFetch.Document("held", Bytes.EMPTY));
        assertThat(asked).containsExactly(0);
    }

    @Test
    void a_document_that_changes_is_begun_again() {
        answered(offset -> page(asked.size() < 3 ? "r1" : "r2", asked.size() < 3 ? random(20_000) : DOCUMENT, offset));

        assertThat(fetch()).isCompletedWithValue(new PagedFetch.Document("r2", DOCUMENT));
    }

    @Test
    void a_document_that_always_changes_is_given_up() {
        answered(offset -> page("r" + asked.size(), DOCUMENT, offset));

        CompletableFuture<?> fetched = fetch();
        refused(fetched, "faster than it can be read");
        assertThat(fetched.handle((document, failure) -> ((UserException) Bus.causeOf(failure)).code())
                        .join())
                .isEqualTo(ErrorCode.TIMED_OUT); // nothing is broken
        assertThat(asked.stream().filter(offset -> offset == 0)).hasSize(4);
    }

    @Test
    void another_page_than_asked_for_is_refused() {
        answered(offset -> page("r1", DOCUMENT, offset == 0 ? 0 : offset + 1));

        refused(fetch(), "another page");
    }

    @Test
    void a_first_page_from_the_middle_is_refused() {
        answered(offset -> page("r1", DOCUMENT, 5_700));

        refused(fetch(), "another page");
    }

    @Test
    void a_short_or_empty_page_is_refused() {
        answered(offset -> new Page("r1", DOCUMENT.size(), offset, DOCUMENT.slice(offset, offset == 0 ? 5_700 : 9)));
        refused(fetch(), "another page");
    }

    @Test
    void an_empty_first_page_of_a_document_is_refused() {
        answered(offset -> new Page("r1", 7, 0, Bytes.EMPTY));

        refused(fetch(), "another page");
    }

    @Test
    void a_document_beyond_the_limit_is_refused_with_its_first_page() {
        answered(offset -> new Page("r1", LIMIT + 1, 0, DOCUMENT.slice(0, Page.MAX_BYTES)));

        refused(fetch(), "more than the 100000 allowed");
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_question_that_fails_fails_the_whole() {
        bus.answer(FetchPage.class, threads.lane("xmpp"), request -> {
            throw new UserException(ErrorCode.TIMED_OUT, "no answer in time", "");
        });

        assertThatThrownBy(fetch()::join).hasRootCauseMessage("no answer in time");
    }

    @Test
    void a_late_failure_of_a_document_that_was_begun_again_does_not_matter() {
        List<CompletableFuture<Page>> open = new ArrayList<>();
        bus.answerLater(FetchPage.class, threads.lane("xmpp"), request -> {
            CompletableFuture<Page> reply = new CompletableFuture<>();
            open.add(reply);
            return reply;
        });
        CompletableFuture<PagedFetch.Document> fetched = fetch();
        complete(open, 0, page("r1", DOCUMENT, 0));
        Bytes small = random(100);
        complete(open, 1, new Page("r2", 100, 100, Bytes.EMPTY));

        open.get(2).completeExceptionally(new UserException(ErrorCode.BAD_ARGUMENT, "it is shorter now", ""));
        threads.runAll();
        complete(open, 4, page("r2", small, 0));

        assertThat(fetched).isCompletedWithValue(new PagedFetch.Document("r2", small));
    }

    private void complete(List<CompletableFuture<Page>> open, int index, Page page) {
        open.get(index).complete(page);
        threads.runAll();
    }

    private void answered(Function<Integer, Page> answer) {
        bus.answer(FetchPage.class, threads.lane("xmpp"), request -> {
            asked.add(request.query().offset());
            return answer.apply(request.query().offset());
        });
    }

    private CompletableFuture<PagedFetch.Document> fetch() {
        CompletableFuture<PagedFetch.Document> fetched = PagedFetch.startList(bus, io, DEVICE, LIMIT, "held");
        threads.runAll();
        return fetched;
    }

    private static void refused(CompletableFuture<?> fetched, String why) {
        assertThat(fetched).isCompletedExceptionally();
        assertThatThrownBy(fetched::join)
                .hasCauseInstanceOf(UserException.class)
                .hasMessageContaining(DEVICE + " ")
                .hasMessageContaining(why);
    }

    private static Page page(String revision, Bytes document, int offset) {
        return new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES));
    }

    private static Bytes random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Bytes.of(bytes);
    }
}

package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.SendRequest.ListAllowances;
import bitween.message.SendRequest.ListOffers;
import bitween.message.WantRequest.ListWants;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs are told where there is nothing to tell: the same keys as ever, and nothing in their lists. */
class EmptyAnswersTest {
    private final World world = new World();

    @ParameterizedTest
    @CsvSource({
        "friends, '', friends pending blocked asked",
        "shares, '', shares",
        "jobs, '', jobs",
        "ls, '', kind friends",
        "hashes, '', shares more",
        "find, words, found more",
        "wants, '', wants",
        "sent, '', sent",
        "offers, '', offers allowances",
        "events, '', events next missed",
        "status, '', version pid uptimeSeconds home xmpp engine store unwatched rates limits damagedBy offenders disk shares jobs friends friendsOnline links offers pausedFriends pending dropped messages outside",
        "version, '', bitween java libtorrent libtorrent4j smack sqlite",
        "fsck, '', findings",
        "threads, '', threads",
        "config.reload, '', live restart",
        "complete, kind, candidates"
    })
    void each_key_is_there_and_there_is_nothing_in_it(String method, String parameter, String keys) {
        world.answer(ListWants.class, request -> List.of());
        world.answer(ListOffers.class, request -> List.of());
        world.answer(ListAllowances.class, request -> Map.of());

        Map<String, ?> answer = parameter.isEmpty() ? world.call(method) : world.call(method, parameter, "JOB");

        assertThat(answer).containsOnlyKeys(keys.split(" "));
        assertThat(List.of(
                        "friends",
                        "shares",
                        "jobs",
                        "found",
                        "wants",
                        "sent",
                        "offers",
                        "allowances",
                        "events",
                        "candidates",
                        "limits",
                        "pausedFriends"))
                .filteredOn(key -> answer.get(key) instanceof List)
                .allSatisfy(key -> assertThat((List<?>) answer.get(key)).as(key).isEmpty());
    }
}

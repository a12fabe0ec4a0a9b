package bitween;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Event;
import bitween.bus.Request;
import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What crosses the bus: facts and requests that are named as such, and that somebody says and somebody hears. */
class VocabularyTest {
    /** How facts end; a new word is welcome here when it says what has happened. */
    private static final Pattern FACT = Pattern.compile(
            "\\w+(Announced|Changed|Confirmed|Failed|Fetched|Found|Gone|Held|Kept|Loaded|Mapped|Progressed|Removed|Replaced|Seen|Wanted)");
    /** How requests begin. */
    private static final Pattern IMPERATIVE = Pattern.compile(
            "(Accept|Add|Block|Fetch|Grant|Leave|Limit|List|Move|Pause|Read|Recheck|Relocate|Remove|Resume|Return|Revoke|Serve|Set|Share|Show|Tell|Trust|Unblock|Unshare)[A-Z]\\w+");
    /** What has more wants to be a value of its own. */
    private static final int MAX_COMPONENTS = 8;
    /** {@code bus.subscribe(Topic.class, mailbox, this::onTopic);} and its kin, over as many lines as it takes. */
    private static final Pattern WIRING = Pattern.compile(
            "\\.(subscribe|answer|answerLater)\\(\\s*([\\w.]+)\\.class\\s*,([^,;]+),\\s*([^;]+?)\\)\\s*;");

    private static final List<JavaClass> EVENTS = messages(Event.class);
    private static final List<JavaClass> REQUESTS = messages(Request.class);
    private static final List<Wiring> WIRINGS = Sources.under("src/main/java", ".java").stream()
            .flatMap(VocabularyTest::wirings)
            .toList();

    @Test
    void an_event_is_a_fact_in_the_past_tense() {
        assertThat(names(EVENTS)).isNotEmpty().allMatch(FACT.asMatchPredicate());
    }

    @Test
    void a_request_is_an_imperative() {
        assertThat(names(REQUESTS)).isNotEmpty().allMatch(IMPERATIVE.asMatchPredicate());
    }

    @Test
    void a_message_is_a_small_record_without_behaviour() {
        assertThat(Stream.concat(EVENTS.stream(), REQUESTS.stream()).map(JavaClass::reflect))
                .allSatisfy(message -> {
                    assertThat(message.isRecord()).isTrue();
                    assertThat(message.getRecordComponents()).hasSizeLessThanOrEqualTo(MAX_COMPONENTS);
                    assertThat(behaviour(message)).isEmpty();
                });
    }

    @Test
    void an_event_is_published_by_somebody() {
        assertThat(EVENTS).filteredOn(VocabularyTest::isNeverMade).isEmpty();
    }

    @Test
    void an_event_is_heard_by_somebody() {
        Set<String> topics = topics("subscribe").collect(Collectors.toSet());

        // who hears a whole interface hears only what it can tell from the rest
        assertThat(EVENTS)
                .filteredOn(event -> !topics.contains(event.getSimpleName())
                        && (event.getInstanceofChecksWithTypeOfSelf().isEmpty()
                                || event.getAllRawInterfaces().stream()
                                        .noneMatch(topic -> topics.contains(topic.getSimpleName()))))
                .isEmpty();
    }

    @Test
    void a_request_is_made_by_somebody() {
        assertThat(REQUESTS).filteredOn(VocabularyTest::isNeverMade).isEmpty();
    }

    @Test
    void a_request_has_exactly_one_answerer() {
        assertThat(Stream.concat(topics("answer"), topics("answerLater")))
                .containsExactlyInAnyOrderElementsOf(names(REQUESTS));
    }

    @Test
    void a_handler_is_a_method_named_after_its_topic() {
        assertThat(WIRINGS)
                .filteredOn(wiring -> !wiring.handler.matches("\\w+::(on" + wiring.topic + "|fold)"))
                .isEmpty();
    }

    private static List<JavaClass> messages(Class<?> kind) {
        return Sources.CLASSES.that(assignableTo(kind)).stream()
                .filter(message -> !message.isInterface())
                .toList();
    }

    private static List<String> names(List<JavaClass> messages) {
        return messages.stream().map(JavaClass::getSimpleName).toList();
    }

    /** Public methods besides the components and what every object has. */
    private static List<String> behaviour(Class<?> message) {
        Set<String> expected = Stream.concat(
                        Stream.of(message.getRecordComponents()).map(RecordComponent::getName),
                        Stream.of("equals", "hashCode", "toString"))
                .collect(Collectors.toSet());
        return Stream.of(message.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .filter(name -> !expected.contains(name))
                .toList();
    }

    private static boolean isNeverMade(JavaClass message) {
        return Stream.concat(
                        message.getConstructorCallsToSelf().stream(), message.getConstructorReferencesToSelf().stream())
                .allMatch(call -> call.getOriginOwner().getPackageName().equals("bitween.message"));
    }

    private static Stream<String> topics(String verb) {
        return WIRINGS.stream().filter(wiring -> wiring.verb.equals(verb)).map(Wiring::topic);
    }

    private static Stream<Wiring> wirings(Sources.Text source) {
        return WIRING.matcher(source.content()).results().map(found -> {
            String topic = Objects.requireNonNull(found.group(2));
            return new Wiring(
                    source.toString(),
                    Objects.requireNonNull(found.group(1)),
                    topic.substring(topic.lastIndexOf('.') + 1),
                    Objects.requireNonNull(found.group(4)).strip());
        });
    }

    /**
     * A line of a component's constructor.
     *
     * @param topic the message's simple name
     * @param handler as it stands in the source: {@code this::onTopic}
     */
    private record Wiring(String file, String verb, String topic, String handler) {}
}

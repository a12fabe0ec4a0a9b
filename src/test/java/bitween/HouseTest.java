package bitween;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Event;
import bitween.bus.Request;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Who may know whom, where each library lives, and what nobody does. */
class HouseTest {
    private static final JavaClasses HOUSE = Sources.CLASSES;

    /** From the ground up: a room uses only rooms that stand above its line here, so there are no cycles. A new arrow is a new word in this table. */
    @SuppressWarnings("unused") // by the tests, by name
    private static final List<Room> ROOMS = List.of(
            room("model", "values are everybody's; what they knew, everybody would know"),
            room("bus", "it carries any program's messages, so it knows none of ours"),
            room("bencode", "it reads hostile bytes, which is easier to trust alone", "model"),
            room("files", "store, config and control must have one idea of what is private", "model"),
            room("message", "the vocabulary is read without knowing who speaks", "model", "bus"),
            room("config", "the command line reads it too, and must not load the daemon", "model", "files"),
            room("store", "who changes it publishes after the commit; it says nothing itself", "model", "files"),
            room("torrent.format", "what a share is depends on neither engine nor store", "model", "bencode"),
            room(
                    "torrent",
                    "torrent and xmpp stand side by side and meet in messages only",
                    "model bus bencode message store torrent.format".split(" ")),
            room(
                    "torrent.libtorrent",
                    "an engine among possible ones: it knows what it implements, and where its library is safe",
                    "model",
                    "files",
                    "torrent"),
            room(
                    "link",
                    "who is trusted and how bytes travel depends on neither torrents nor the roster's protocol",
                    "model bus bencode files message store".split(" ")),
            room(
                    "link.mapping",
                    "it speaks to a router, never to a friend: it needs no key and no store",
                    "model",
                    "bus",
                    "message"),
            room("xmpp.stanza", "parsing what strangers send touches nothing that lives", "model"),
            room(
                    "xmpp",
                    "torrent and xmpp stand side by side and meet in messages only",
                    "model bus message config xmpp.stanza".split(" ")),
            room(
                    "catalogue",
                    "it folds what the floor below tells, and does not care who carries pages",
                    "model bus bencode message store torrent.format".split(" ")),
            room(
                    "follow",
                    "it decides what is wanted of what others tell; how that comes is said by whoever gets it",
                    "model bus message store catalogue torrent.format".split(" ")),
            room(
                    "send",
                    "an offer is a share, and taking it a job: it asks for both, and makes neither",
                    "model bus message store catalogue".split(" ")),
            room(
                    "watch",
                    "it sees that files changed; what that means is said by whoever seeds them",
                    "model bus message store torrent.format".split(" ")),
            room(
                    "events",
                    "it tells what happens to whoever listens, and does nothing itself but start the user's commands",
                    "model bus files message catalogue".split(" ")),
            room("control.client", "it starts for each command: it must be small", "model", "config"),
            room(
                    "control",
                    "commands ask the bus and reads look at the catalogue; nothing is reached past them",
                    "model bus files config message catalogue events control.client".split(" ")),
            room(
                    "cli",
                    "commands do nothing that a client of the API could not",
                    "model config files control.client".split(" ")),
            room(
                    "cli.remote",
                    "it carries a command's words elsewhere, and does not know what they mean",
                    "config",
                    "control.client",
                    "cli"),
            room(
                    "app",
                    "the wiring sees all, so that nobody else has to",
                    "model bus files config message store torrent torrent.format torrent.libtorrent link link.mapping xmpp catalogue follow send watch events control control.client cli cli.remote"
                            .split(" ")),
            room("", "Main only chooses what to run", "model", "config", "control.client", "cli", "app"));

    /** What comes with the JDK, and what has no home because it says nothing of what is done with it. */
    private static final String[] COMMON = {
        "java..",
        "javax.net..",
        "javax.security..",
        "javax.crypto..",
        "jdk.net..",
        "com.sun.security.auth..",
        "org.jspecify..",
        "org.apache.logging.log4j",
        "bitween.."
    };

    @SuppressWarnings("unused") // by the tests, by name
    private static final List<Library> LIBRARIES = List.of(
            new Library("Smack", "bitween.xmpp..", "org.jivesoftware..", "org.jxmpp..", "org.minidns..", "javax.xml.."),
            new Library("libtorrent4j", "bitween.torrent.libtorrent", "org.libtorrent4j..", "com.frostwire.."),
            new Library("netty and its BoringSSL", "bitween.link", "io.netty.."),
            new Library("SQLite", "bitween.store", "java.sql..", "org.sqlite.."),
            new Library("picocli", "bitween.cli", "picocli.."),
            new Library("jackson-jr", "bitween.control.client", "com.fasterxml.."),
            new Library("tomlj", "bitween.config", "org.tomlj..", "org.antlr.."),
            new Library("Log4j's core", "bitween.app", "org.apache.logging.log4j.core.."));

    @ParameterizedTest
    @FieldSource("ROOMS")
    void a_room_uses_only_what_stands_below_it(Room room) {
        DescribedPredicate<JavaClass> allowed = resideOutsideOfPackage("bitween..")
                .or(resideInAnyPackage(Stream.concat(Stream.of(room.name), room.uses.stream())
                        .map(HouseTest::packageOf)
                        .toArray(String[]::new)))
                .as("classes of %s", room.uses);

        classes()
                .that()
                .resideInAPackage(packageOf(room.name))
                .should()
                .onlyDependOnClassesThat(allowed)
                .because(room.because)
                .check(HOUSE);
    }

    @Test
    void the_table_of_rooms_has_no_arrow_upwards() {
        Set<String> below = new HashSet<>();
        for (Room room : ROOMS) {
            assertThat(below).as("rooms below '%s'", room.name).containsAll(room.uses);
            below.add(room.name);
        }
    }

    @Test
    void every_package_stands_in_the_table() {
        List<String> packages = HOUSE.stream()
                .map(JavaClass::getPackage)
                .map(JavaPackage::getName)
                .distinct()
                .toList();

        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        ROOMS.stream().map(room -> packageOf(room.name)).toList());
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void a_library_has_one_home(Library library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(library.home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library.packages)
                .because("whoever replaces or distrusts " + library.name + " looks in one place")
                .check(HOUSE);
    }

    @Test
    void no_library_comes_in_without_a_home() {
        String[] known = Stream.concat(
                        Stream.of(COMMON), LIBRARIES.stream().flatMap(library -> Stream.of(library.packages)))
                .toArray(String[]::new);

        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(known))
                .because("what only another library brings along may be gone with its next version")
                .check(HOUSE);
    }

    @Test
    void values_and_the_command_line_do_not_log() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "bitween.model",
                        "bitween.message",
                        "bitween.bencode",
                        "bitween.files",
                        "bitween.cli..",
                        "bitween.control.client")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.logging.log4j..")
                .because("values are logged by those who use them, a command is not to wait for Log4j's start, and what"
                        + " logs before a daemon knows where to leaves it without a log")
                .check(HOUSE);
    }

    @Test
    void only_the_terminal_and_main_touch_what_belongs_to_the_process() {
        noClasses()
                .that(not(assignableTo("bitween.cli.Terminal")).and(not(type(Main.class))))
                .should()
                .accessTargetWhere(use(type(System.class), "out|err|in|exit|console|set(Out|Err|In)"))
                .orShould()
                .accessTargetWhere(use(type(Runtime.class), "exit"))
                .because(
                        "foreign text reaches a screen through one sanitizer, and a daemon in a test must not end the test")
                .check(HOUSE);
    }

    @Test
    void only_the_wiring_ends_the_process_at_once() {
        noClasses()
                .that()
                .resideOutsideOfPackage("bitween.app")
                .should()
                .accessTargetWhere(use(type(Runtime.class), "halt"))
                .because("a part that is in trouble asks for the stop, and its watchdog decides")
                .check(HOUSE);
    }

    @Test
    void nothing_from_outside_becomes_code() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.io\\.Object(Input|Output)Stream|java\\.beans\\..*|javax\\.script\\..*|javax\\.naming\\..*")
                .orShould()
                .accessTargetWhere(use(type(Class.class), "forName"))
                .orShould()
                .accessTargetWhere(use(assignableTo(ClassLoader.class), "loadClass|defineClass"))
                .because("friends and strangers choose what we read")
                .check(HOUSE);
    }

    @Test
    void xml_is_read_by_smack_alone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.xml.parsers..", "javax.xml.transform..", "org.w3c.dom..", "org.xml.sax..")
                .because("the JDK's parsers expand entities unless they are told not to")
                .check(HOUSE);
    }

    @Test
    void nobody_waits_for_time_to_pass() {
        noClasses()
                .should()
                .accessTargetWhere(use(type(Thread.class), "sleep"))
                .orShould()
                .accessTargetWhere(use(type(TimeUnit.class), "sleep"))
                .because("who waits for a condition is woken by it, and later is a matter for Timers")
                .check(HOUSE);
    }

    @Test
    void times_are_those_of_java_time() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Date|Calendar|GregorianCalendar|Timer|TimerTask)|java\\.text\\.SimpleDateFormat")
                .because("Instant and Clock are values; a Timer dies of the first exception")
                .check(HOUSE);
    }

    @Test
    void names_are_resolved_in_one_place() {
        DescribedPredicate<JavaClass> inet = type(InetAddress.class).or(type(InetSocketAddress.class));

        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("bitween.xmpp.Account") // the server that the user named
                .and()
                .doNotHaveFullyQualifiedName("bitween.model.PeerAddress") // has checked that it is a literal
                .should()
                .accessTargetWhere(use(inet, "get(All)?ByName|getLocalHost|get(Canonical)?HostName"))
                .orShould()
                .callConstructor(InetSocketAddress.class, String.class, int.class)
                .because("a name from a friend would make our resolver tell others who talks to whom")
                .check(HOUSE);
    }

    @Test
    void names_say_what_a_class_is() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Helpers|Util|Utils)(\\$.*)?")
                .because("a class without a role of its own collects other classes' work")
                .check(HOUSE);
    }

    @Test
    void messages_live_in_the_vocabulary() {
        classes()
                .that(assignableTo(Event.class).or(assignableTo(Request.class)))
                .should(ArchConditions.resideInAnyPackage("bitween.message", "bitween.bus"))
                .because("who reads one package knows all that is said")
                .check(HOUSE);
    }

    /** A field or method of {@code owner}, used directly or by reference. */
    private static DescribedPredicate<JavaAccess<?>> use(DescribedPredicate<? super JavaClass> owner, String name) {
        return target(owner(owner)).and(target(nameMatching(name)));
    }

    private static Room room(String name, String because, String... uses) {
        return new Room(name, List.of(uses), because);
    }

    private static String packageOf(String room) {
        return room.isEmpty() ? "bitween" : "bitween." + room;
    }

    /** A package, without those below it. */
    private record Room(String name, List<String> uses, String because) {
        @Override
        public String toString() {
            return (name.isEmpty() ? "Main" : name) + " → " + String.join(", ", uses);
        }
    }

    private static final class Library {
        private final String name;
        private final String home;
        private final String[] packages;

        Library(String name, String home, String... packages) {
            this.name = name;
            this.home = home;
            this.packages = packages;
        }

        @Override
        public String toString() {
            return name + " in " + home;
        }
    }
}

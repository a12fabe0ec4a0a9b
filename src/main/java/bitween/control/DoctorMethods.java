package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.ConnectionRequest.ReadServerClock;
import bitween.message.DeviceRequest.FetchPage;
import bitween.model.PageQuery;
import bitween.model.UserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what keeps this device from sharing, with everybody or with one friend, and what to do about it. */
final class DoctorMethods {
    private final Replies replies;
    private final DaemonFacts facts;

    DoctorMethods(Replies replies, DaemonFacts facts) {
        this.replies = replies;
        this.facts = facts;
    }

    void addTo(Methods methods) {
        methods.add(
                "doctor",
                "looks at all that sharing needs, and with 'friend' also at what keeps the two of you apart",
                List.of("friend?"),
                params -> examine(params.optionalText("friend")));
    }

    private View examine(@Nullable String who) throws InterruptedException {
        Friend friend = who == null ? null : new Resolver(replies.catalogue()).friend(who);
        Map<FriendDevice, FriendCheckup.Answer> answers = friend == null ? Map.of() : asked(friend);
        Clock clock = clock();
        Catalogue now = replies.catalogue();
        List<Check> checks = new ArrayList<>(new DeviceCheckup(now, facts).checks(clock.ahead, clock.unknown));
        if (friend != null) {
            checks.addAll(new FriendCheckup(now, facts, friend, answers).checks());
        } else {
            checks.add(new DeviceCheckup(now, facts).friends());
        }
        List<View> lines = new ArrayList<>();
        for (Check check : checks) {
            lines.add(check.view(lines.size() + 1));
        }
        return new View()
                .with("friend", friend, Friend::jid)
                .with("checks", lines)
                .with(
                        "failed",
                        checks.stream()
                                .filter(check -> check.state() == Check.State.FAILED)
                                .count());
    }

    /**
     * The server's.
     *
     * @param ahead of ours; null: not known
     * @param unknown why not
     */
    private record Clock(@Nullable Duration ahead, String unknown) {}

    private Clock clock() throws InterruptedException {
        try {
            return new Clock(replies.ask(new ReadServerClock()), "");
        } catch (UserException e) {
            return new Clock(null, e.sentence());
        }
    }

    /** Asks each of the friend's devices that can be asked something, and waits for it. */
    private Map<FriendDevice, FriendCheckup.Answer> asked(Friend friend) throws InterruptedException {
        Map<FriendDevice, FriendCheckup.Answer> answers = new LinkedHashMap<>();
        for (FriendDevice device : friend.sortedDevices()) {
            if (device.link() != null) {
                answers.put(device, ask(device));
            }
        }
        return answers;
    }

    /** For its list, which is small when it is what we hold already. */
    private FriendCheckup.Answer ask(FriendDevice device) throws InterruptedException {
        FriendList held = device.list();
        PageQuery query = new PageQuery(PageQuery.Kind.CATALOGUE, null, held == null ? "" : held.revision(), 0);
        long beginNs = System.nanoTime();
        try {
            var unused = replies.ask(new FetchPage(device.device(), query));
            return new FriendCheckup.Answer(Duration.ofNanos(System.nanoTime() - beginNs), null);
        } catch (UserException e) {
            return new FriendCheckup.Answer(Duration.ofNanos(System.nanoTime() - beginNs), e);
        }
    }
}

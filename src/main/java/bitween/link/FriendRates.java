package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.LimitsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.RateRequest.LimitAll;
import bitween.message.RateRequest.LimitFriend;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.RosterEntry;
import bitween.store.RateStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps how fast bytes may come from and go to each friend, and sees to it, and to what all may together. Thread: {@code link}. */
final class FriendRates {
    private final Bus bus;
    private final RateStore store;
    private final Rates rates;
    private final Jid self;
    private final Map<Jid, RateLimit> limits;

    /** @param self has devices too, and stands in no roster */
    FriendRates(Bus bus, Mailbox mailbox, RateStore store, Rates rates, Jid self) {
        this.bus = bus;
        this.store = store;
        this.rates = rates;
        this.self = self;
        limits = new HashMap<>(store.limits());
        limits.forEach(rates::limit);
        bus.answer(LimitAll.class, mailbox, this::onLimitAll);
        bus.answer(LimitFriend.class, mailbox, this::onLimitFriend);
        bus.subscribe(RosterChanged.class, mailbox, this::onRosterChanged);
    }

    /** At start, before there is a connection: tells what is known from earlier. */
    void publishStored() {
        bus.publish(new LimitsChanged(limits));
    }

    private Boolean onLimitAll(LimitAll request) {
        rates.limitAll(request.downBytesPerSecond(), request.upBytesPerSecond());
        return true;
    }

    private RateLimit onLimitFriend(LimitFriend request) {
        store.save(request.jid(), request.limit());
        rates.limit(request.jid(), request.limit());
        if (request.limit().equals(RateLimit.NONE)) {
            limits.remove(request.jid());
        } else {
            limits.put(request.jid(), request.limit());
        }
        bus.publish(new LimitsChanged(limits));
        return request.limit();
    }

    /** Who comes back one day begins without a limit. */
    private void onRosterChanged(RosterChanged event) {
        Set<Jid> there = event.entries().stream().map(RosterEntry::jid).collect(Collectors.toSet());
        List<Jid> left = limits.keySet().stream()
                .filter(jid -> !there.contains(jid) && !jid.equals(self))
                .toList();
        for (Jid jid : left) {
            store.remove(jid);
            rates.limit(jid, RateLimit.NONE);
            limits.remove(jid);
        }
        if (!left.isEmpty()) {
            bus.publish(new LimitsChanged(limits));
        }
    }
}

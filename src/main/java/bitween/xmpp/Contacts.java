package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.FriendRequest;
import bitween.message.PresenceEvent;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.UserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jspecify.annotations.Nullable;

/**
 * The roster as the server keeps it, and who waits for an answer of ours (RFC 6121 sections 2 and 3). Thread: xmpp; {@link #seesUs} may be asked on any.
 *
 * <p>A request to see us is accepted without asking when the user asked first to see that person: the roster says so.
 */
final class Contacts {
    private static final Logger log = LogManager.getLogger(Contacts.class);
    /** Ten times the largest roster seen; what a server sends beyond is left out. */
    private static final int MAX_ENTRIES = 10_000;
    /** Of people whom nobody asked; beyond, a spammer's are not kept. */
    private static final int MAX_PENDING = 1_000;

    private static final int MAX_GROUPS = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Bus bus;
    private final Jid self;
    private final PendingRequests store;
    private final Runnable changed;
    private final Map<Jid, RosterEntry> roster = new LinkedHashMap<>();
    private final Set<Jid> pending = new HashSet<>();
    private final CutOff cutOff;
    private final Unheard unheard = new Unheard(this::onHeard);
    /** For Smack's threads. */
    private volatile Set<Jid> seeUs = Set.of();

    private @Nullable Session session;
    /** Whether the server ever told it; until then nobody may take it for empty. */
    private boolean known;

    /** @param changed is called after each change of the roster */
    Contacts(Bus bus, Mailbox mailbox, Jid self, PendingRequests store, Runnable changed) {
        this.bus = bus;
        this.self = self;
        this.store = store;
        this.changed = changed;
        cutOff = new CutOff(store);
        bus.answerLater(FriendRequest.AddFriend.class, mailbox, this::onAddFriend);
        bus.answerLater(FriendRequest.AcceptFriend.class, mailbox, this::onAcceptFriend);
        bus.answer(FriendRequest.RemoveFriend.class, mailbox, this::onRemoveFriend);
        bus.answer(FriendRequest.BlockFriend.class, mailbox, this::onBlockFriend);
        bus.answer(FriendRequest.UnblockFriend.class, mailbox, this::onUnblockFriend);
    }

    void load() {
        cutOff.load();
        bus.publish(new PresenceEvent.BlockedChanged(cutOff.blocked()));
        pending.addAll(store.load());
        bus.publish(new PresenceEvent.RequestsChanged(pending));
    }

    /** The roster came, whole. */
    void online(Session session, RosterPacket items) {
        this.session = session;
        known = true;
        roster.clear();
        items.getRosterItems().forEach(this::put);
        rosterChanged();
        cutOff.untold().forEach(this::tell);
        unheard.online(session, this::isMeant);
    }

    /** Whether the server, by its roster, does not know what we said. */
    private boolean isMeant(Jid jid, Presence.Type said) {
        return said == Presence.Type.subscribe
                ? !isWanted(jid)
                : said == Presence.Type.unsubscribed || pending.contains(jid);
    }

    private void onHeard(Jid jid, List<Presence.Type> said) {
        if (said.contains(Presence.Type.subscribed)) {
            settled(jid);
        }
    }

    /** The roster stays as it was last seen: it is the server's, not the connection's. */
    void offline() {
        session = null;
        unheard.offline();
    }

    /** The server pushed a change. */
    void onPush(RosterPacket items) {
        for (RosterPacket.Item item : items.getRosterItems()) {
            if (item.getItemType() == RosterPacket.ItemType.remove) {
                onTakenOut(Addresses.person(item.getJid()));
            } else {
                put(item);
            }
        }
        rosterChanged();
    }

    /** Who was cut off is in no roster from now on; an answer to our request may come before or after. */
    private void onTakenOut(@Nullable Jid jid) {
        if (jid != null) {
            roster.remove(jid);
            cutOff.told(jid);
        }
    }

    /** Somebody asks to see our presence. */
    void onSubscribe(Jid asker) {
        if (isBlocked(asker)) {
            send(asker, Presence.Type.unsubscribed);
        } else if (isWanted(asker)) {
            answer(asker, Presence.Type.subscribed);
        } else if (!asker.equals(self) && (pending.contains(asker) || pending.size() < MAX_PENDING)) {
            if (pending.add(asker)) {
                log.info("{} asks to be a friend", asker);
                pendingChanged();
            }
        } else {
            log.debug("no room for one more request: {}", asker);
        }
    }

    /** Whether we asked to see the presence of {@code jid}, so that consent is no surprise. */
    boolean isWanted(Jid jid) {
        RosterEntry entry = entry(jid);
        return entry != null && (entry.asked() || entry.weSeeThem());
    }

    /** Somebody does not want to see our presence any more. */
    void onUnsubscribe(Jid asker) {
        settled(asker);
    }

    /** Whether {@code jid} may see our presence, and so ask us things. Any thread. */
    boolean seesUs(Jid jid) {
        return jid.equals(self) || seeUs.contains(jid);
    }

    /** Whether we may see the presence of {@code jid}, and so believe what is in it. */
    boolean isSeen(Jid jid) {
        RosterEntry entry = entry(jid);
        return jid.equals(self) || (entry != null && entry.weSeeThem());
    }

    boolean isBlocked(Jid jid) {
        return cutOff.isBlocked(jid);
    }

    /** @return null when they are not in the roster, or cut off */
    private @Nullable RosterEntry entry(Jid jid) {
        return cutOff.has(jid) ? null : roster.get(jid);
    }

    private CompletableFuture<RosterEntry> onAddFriend(FriendRequest.AddFriend request) {
        Session online = online();
        Jid jid = request.jid();
        if (jid.equals(self)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    jid + " is your own account",
                    "your own devices see each other without being added");
        }
        requireNotBlocked(jid);
        RosterEntry known = entry(jid);
        if (known != null) {
            return befriend(jid, known);
        }
        var add = new RosterPacket();
        add.setType(IQ.Type.set);
        add.addRosterItem(new RosterPacket.Item(Addresses.bare(jid), null));
        return after(online.ask(add, TIMEOUT), "to add " + jid).thenCompose(done -> {
            cutOff.readmit(jid); // and is in the roster again, after whatever was said before
            rosterChanged();
            return befriend(jid, entry(jid));
        });
    }

    private CompletableFuture<RosterEntry> onAcceptFriend(FriendRequest.AcceptFriend request) {
        online();
        Jid jid = request.jid();
        RosterEntry known = entry(jid);
        if (!pending.contains(jid) && known != null && known.isContact()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, jid + " is your friend already", "bitween friends shows how they are");
        }
        if (!pending.contains(jid)) {
            throw new UserException(
                    ErrorCode.UNKNOWN_FRIEND, jid + " has not asked to be a friend", "bitween friend add " + jid);
        }
        return befriend(jid, known);
    }

    private RosterEntry onRemoveFriend(FriendRequest.RemoveFriend request) {
        Jid jid = request.jid();
        RosterEntry known = entry(jid);
        if (known == null && pending.contains(jid)) {
            online(); // whoever is not refused asks again
            refuse(jid);
            return none(jid, false);
        }
        if (known == null) {
            throw inNoRoster(jid, " is not in the roster");
        }
        cutOff.remove(jid);
        log.info("{} is removed", jid);
        leave(jid);
        return known;
    }

    /** Whoever is cut off loses everything now, and the server hears of it now or at the next login. */
    private void leave(Jid jid) {
        if (known) {
            rosterChanged();
        }
        bus.publish(new PresenceEvent.ContactRemoved(jid));
        unheard.forget(jid);
        if (pending.contains(jid)) {
            refuse(jid);
        }
        tell(jid);
    }

    private void refuse(Jid jid) {
        var unused = unheard.say(jid, List.of(Presence.Type.unsubscribed));
        settled(jid);
    }

    private UserException inNoRoster(Jid jid, String what) {
        if (!known) {
            online();
        }
        return new UserException(ErrorCode.UNKNOWN_FRIEND, jid + what, "bitween friends lists who is");
    }

    /** The server ends both subscriptions, and tells them (RFC 6121 section 2.5.2). */
    private static CompletableFuture<IQ> remove(Session online, Jid jid) {
        var item = new RosterPacket.Item(Addresses.bare(jid), null);
        item.setItemType(RosterPacket.ItemType.remove);
        var remove = new RosterPacket();
        remove.setType(IQ.Type.set);
        remove.addRosterItem(item);
        return online.ask(remove, TIMEOUT);
    }

    private RosterEntry onBlockFriend(FriendRequest.BlockFriend request) {
        Jid jid = request.jid();
        if (jid.equals(self)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    jid + " is your own account",
                    "nobody can have nothing to do with themselves");
        }
        requireNotBlocked(jid);
        RosterEntry known = roster.get(jid);
        if (known == null && !pending.contains(jid)) {
            throw inNoRoster(jid, " is not in the roster, and does not ask to be");
        }
        cutOff.block(jid);
        log.info("{} is blocked", jid);
        bus.publish(new PresenceEvent.BlockedChanged(cutOff.blocked()));
        leave(jid);
        return known == null ? none(jid, false) : known;
    }

    private RosterEntry onUnblockFriend(FriendRequest.UnblockFriend request) {
        Jid jid = request.jid();
        if (!isBlocked(jid)) {
            throw new UserException(ErrorCode.NOT_BLOCKED, jid + " is not blocked", "bitween friends lists who is");
        }
        cutOff.unblock(jid);
        log.info("{} is blocked no longer", jid);
        bus.publish(new PresenceEvent.BlockedChanged(cutOff.blocked()));
        if (known) {
            rosterChanged();
        }
        RosterEntry known = entry(jid);
        return known == null ? none(jid, false) : known;
    }

    /** Once: what the user does with the roster later, in another program, is theirs. Without a connection at the next login. */
    private void tell(Jid jid) {
        if (session == null || !cutOff.untold().contains(jid)) {
            return;
        }
        if (!roster.containsKey(jid)) {
            cutOff.told(jid);
            return;
        }
        var unused = remove(session, jid).whenComplete((done, failure) -> {
            if (failure != null) {
                log.warn("{} is cut off here, but the server did not take them out of the roster yet", jid, failure);
            }
        });
    }

    private void requireNotBlocked(Jid jid) {
        if (isBlocked(jid)) {
            throw new UserException(ErrorCode.BLOCKED, jid + " is blocked", "first: bitween unblock " + jid);
        }
    }

    /** Lets them see us if they asked, and asks to see them unless we do. */
    private CompletableFuture<RosterEntry> befriend(Jid jid, @Nullable RosterEntry known) {
        bus.publish(new PresenceEvent.ContactConfirmed(jid));
        List<Presence.Type> words = new ArrayList<>();
        if (pending.contains(jid)) {
            words.add(Presence.Type.subscribed);
        }
        boolean asks = known == null || !(known.weSeeThem() || known.asked());
        if (asks) {
            words.add(Presence.Type.subscribe);
        }
        RosterEntry entry = known == null
                ? none(jid, true)
                : new RosterEntry(jid, known.name(), known.subscription(), asks || known.asked(), known.groups());
        return words.isEmpty()
                ? CompletableFuture.completedFuture(entry)
                : unheard.say(jid, List.copyOf(words)).thenApply(done -> entry);
    }

    private void answer(Jid jid, Presence.Type answer) {
        send(jid, answer);
        settled(jid);
    }

    private void settled(Jid jid) {
        if (pending.remove(jid)) {
            pendingChanged();
        }
    }

    private void send(Jid jid, Presence.Type type) {
        if (session != null) {
            session.send(type, jid);
        }
    }

    private Session online() {
        if (session == null) {
            throw new UserException(
                    ErrorCode.XMPP_OFFLINE, "there is no connection to the XMPP server", "bitween status says why");
        }
        return session;
    }

    private static CompletableFuture<IQ> after(CompletableFuture<IQ> asked, String what) {
        return asked.exceptionally(failure -> {
            throw refused(failure, what);
        });
    }

    private static UserException refused(Throwable failure, String what) {
        if (failure instanceof XMPPException.XMPPErrorException error) {
            return new UserException(
                    ErrorCode.FRIEND_REFUSED,
                    "the XMPP server refused " + what + ": "
                            + error.getStanzaError().getCondition(),
                    "check the address",
                    failure);
        }
        return failure instanceof SmackException.NoResponseException
                ? new UserException(
                        ErrorCode.TIMED_OUT, "the XMPP server did not answer when asked " + what, "try again", failure)
                : new UserException(
                        ErrorCode.XMPP_OFFLINE, "the connection was lost when asked " + what, "try again", failure);
    }

    private void put(RosterPacket.Item item) {
        Jid jid = Addresses.person(item.getJid());
        if (jid == null) {
            return; // a service, such as a gateway
        }
        if (roster.size() >= MAX_ENTRIES && !roster.containsKey(jid)) {
            log.warn("the roster has more than {} entries; {} is left out", MAX_ENTRIES, jid);
            return;
        }
        Set<String> groups = new HashSet<>();
        item.getGroupNames().stream().limit(MAX_GROUPS).forEach(groups::add);
        roster.put(
                jid,
                new RosterEntry(
                        jid, item.getName(), subscription(item.getItemType()), item.isSubscriptionPending(), groups));
    }

    private static Subscription subscription(RosterPacket.@Nullable ItemType type) {
        return type == null
                ? Subscription.NONE
                : switch (type) {
                    case to -> Subscription.TO;
                    case from -> Subscription.FROM;
                    case both -> Subscription.BOTH;
                    default -> Subscription.NONE;
                };
    }

    private void rosterChanged() {
        Set<Jid> watchers = new HashSet<>();
        List<RosterEntry> entries = roster.values().stream()
                .filter(entry -> !cutOff.has(entry.jid()))
                .toList();
        entries.stream().filter(RosterEntry::theySeeUs).forEach(entry -> watchers.add(entry.jid()));
        seeUs = watchers;
        bus.publish(new PresenceEvent.RosterChanged(entries));
        if (pending.removeAll(watchers)) {
            pendingChanged(); // accepted with another of the user's programs
        }
        changed.run();
    }

    private void pendingChanged() {
        store.save(Set.copyOf(pending));
        bus.publish(new PresenceEvent.RequestsChanged(pending));
    }

    private static RosterEntry none(Jid jid, boolean asked) {
        return new RosterEntry(jid, null, Subscription.NONE, asked, Set.of());
    }
}

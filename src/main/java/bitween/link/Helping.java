package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.DeviceRequest.FetchTicket;
import bitween.message.DeviceRequest.ServeHelp;
import bitween.message.DeviceRequest.ServeTicket;
import bitween.message.DeviceRequest.ShowTicket;
import bitween.message.LinkEvent.HelpersFound;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Device;
import bitween.model.DevicePublicKey;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Ticket;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who get the same thing from the same owner help each other, if they are friends: each shows the other the owner's ticket for its own device. Whoever cannot
 * has nothing to fear from us and nothing to learn: a ticket tells what it is for only to those who know the info-hash already.
 *
 * <p>Thread: {@code link}, its mailbox; {@link #admits} from any.
 */
final class Helping {
    private static final Logger log = LogManager.getLogger(Helping.class);
    /** A ticket that was not renewed twice still is good for a minute. */
    static final Duration RENEWAL = Duration.ofMinutes(2);
    /** After an owner who did not answer. */
    private static final Duration RETRY = Duration.ofSeconds(20);
    /** After a friend who had been shown too many. */
    private static final Duration BUSY_RETRY = Duration.ofSeconds(20);
    /** Until whoever asked for help has the answer, and admits us too: a dial before that would be refused. */
    private static final Duration HEARD = Duration.ofSeconds(1);
    /** Each ticket of ours is a signature to check, a third of a millisecond, for each that is shown. */
    private static final int MAX_CHECKS = 64;
    /** Far more than friends who get the same things show in that time. */
    private static final int MAX_SHOWN = 64;

    private static final Duration SHOWN_PERIOD = Duration.ofMinutes(1);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final DeviceKey key;
    private final Device self;
    private final Access access;
    private final Function<Device, Optional<DevicePublicKey>> keys;
    private final Clock clock;

    private final Map<InfoHash, Wish> wishes = new HashMap<>();
    private final Set<Device> linked = new HashSet<>();
    /** Who showed us a ticket. */
    private final Map<Meeting, Leave> meetings = new ConcurrentHashMap<>();
    /** How many tickets each has shown in this period. */
    private final Map<Device, Integer> shown = new HashMap<>();

    private Instant shownSince = Instant.EPOCH;

    private record Meeting(Device device, InfoHash hash) {}

    /** By whom and until when. */
    private record Leave(Device owner, Instant until) {}

    /** What we get: from whom, and their leave. */
    private static final class Wish {
        private final Map<Device, Ticket> tickets = new LinkedHashMap<>();
        /** Who is not to be asked again before a while. */
        private final Set<Device> asked = new HashSet<>();
        /** Who asked for help while we wanted nothing of it, as in a pause, and while what is here was looked at. */
        private final Set<Device> refused = new HashSet<>();

        private List<Device> owners = List.of();
        /** They know nothing of the hash, nor need they: they give what is the same. */
        private List<Device> copies = List.of();
    }

    /** @param keys of those devices that are trusted at this moment; any thread */
    Helping(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            DeviceKey key,
            Device self,
            Access access,
            Function<Device, Optional<DevicePublicKey>> keys,
            Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.key = key;
        this.self = self;
        this.access = access;
        this.keys = keys;
        this.clock = clock;
        bus.subscribe(HoldersFound.class, mailbox, this::onHoldersFound);
        bus.subscribe(LinkChanged.class, mailbox, this::onLinkChanged);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        bus.subscribe(TrustChanged.class, mailbox, this::onTrustChanged);
        bus.answer(ServeTicket.class, mailbox, this::onServeTicket);
        bus.answer(ServeHelp.class, mailbox, this::onServeHelp);
    }

    /** Whether {@code device} may exchange {@code hash} with us at this moment because of tickets. That it is trusted, the caller knows. Any thread. */
    boolean admits(Device device, InfoHash hash) {
        Leave leave = meetings.get(new Meeting(device, hash));
        return leave != null && isNow(leave) && access.wants(hash);
    }

    /** A clock that was set back makes nothing last longer, and who is not trusted any more gives no leave. */
    private boolean isNow(Leave leave) {
        Instant now = clock.instant();
        return now.isBefore(leave.until)
                && !leave.until.isAfter(now.plus(Tickets.LONGEST))
                && keys.apply(leave.owner).isPresent();
    }

    private void onHoldersFound(HoldersFound event) {
        InfoHash hash = event.hash();
        if (!access.wants(hash)) {
            return;
        }
        Wish wish = wishes.computeIfAbsent(hash, unknown -> new Wish());
        wish.owners = event.devices();
        wish.copies = event.copies();
        wish.owners.forEach(owner -> obtain(hash, owner));
        if (!helpers(hash).isEmpty()) {
            tell(hash); // else those who help are forgotten where only those who share it are known
        }
    }

    private void onLinkChanged(LinkChanged event) {
        Device device = event.device();
        if (event.path() == null) {
            linked.remove(device);
        } else if (linked.add(device)) {
            wishes.forEach((hash, wish) -> {
                if (wish.owners.contains(device)) {
                    obtain(hash, device);
                } else {
                    wish.tickets.forEach((owner, ticket) -> show(hash, owner, ticket, device));
                }
            });
        }
    }

    private void onTrustChanged(TrustChanged event) {
        Map.copyOf(meetings).forEach((meeting, leave) -> {
            if (!event.trusted().contains(leave.owner)) {
                part(meeting);
            }
        });
    }

    private void onTransferChanged(TransferChanged event) {
        InfoHash hash = event.transfer().hash();
        TransferState state = event.transfer().state();
        if (hash != null && (state == TransferState.COMPLETE || state == TransferState.FAILED)) {
            forget(hash);
        } else if (hash != null && state == TransferState.DOWNLOADING) {
            showThoseWhoWereRefused(hash);
        }
    }

    /** They will not ask again before their ticket is renewed. */
    private void showThoseWhoWereRefused(InfoHash hash) {
        Wish wish = wishes.get(hash);
        if (wish != null) {
            Set<Device> refused = Set.copyOf(wish.refused);
            wish.refused.clear();
            wish.tickets.forEach((owner, ticket) ->
                    refused.stream().filter(linked::contains).forEach(friend -> show(hash, owner, ticket, friend)));
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        InfoHash hash = event.transfer().hash();
        if (hash != null) {
            forget(hash);
        }
    }

    private void forget(InfoHash hash) {
        wishes.remove(hash);
        meetings.keySet().removeIf(meeting -> meeting.hash.equals(hash));
    }

    /** Asks an owner for a ticket, unless that was done just now. */
    private void obtain(InfoHash hash, Device owner) {
        Wish wish = wishes.get(hash);
        if (wish == null || !linked.contains(owner) || !wish.owners.contains(owner)) {
            return;
        }
        if (!wish.asked.add(owner)) {
            return;
        }
        var unused = bus.ask(new FetchTicket(owner, hash))
                .whenCompleteAsync(
                        (ticket, failure) -> {
                            if (wishes.get(hash) == wish) {
                                obtained(hash, wish, owner, ticket, failure);
                            }
                        },
                        mailbox);
    }

    private void obtained(
            InfoHash hash, Wish wish, Device owner, @Nullable Ticket ticket, @Nullable Throwable failure) {
        Duration pause = RETRY;
        if (ticket != null && isGood(ticket, owner, hash, self)) {
            pause = RENEWAL;
            wish.tickets.put(owner, ticket);
            linked.stream()
                    .filter(friend -> !wish.owners.contains(friend))
                    .toList()
                    .forEach(friend -> show(hash, owner, ticket, friend));
        } else {
            log.debug("{} gave no ticket for {}", owner, hash, failure);
        }
        if (failure != null && Bus.causeOf(failure) instanceof UserException e && e.code() == ErrorCode.UNKNOWN_SHARE) {
            wish.tickets.remove(owner);
            wish.asked.remove(owner); // their next list says when to ask again
            return;
        }
        timers.after(pause, mailbox, () -> {
            wish.asked.remove(owner);
            obtain(hash, owner);
        });
    }

    private void show(InfoHash hash, Device owner, Ticket ticket, Device friend) {
        if (!clock.instant().isBefore(ticket.expires())) {
            return;
        }
        var unused = bus.ask(new ShowTicket(friend, ticket))
                .whenCompleteAsync(
                        (theirs, failure) -> {
                            if (failure != null) {
                                log.trace("{} does not get {}, or not now", friend, hash);
                                if (Bus.causeOf(failure) instanceof UserException e && e.code() == ErrorCode.BUSY) {
                                    timers.after(BUSY_RETRY, mailbox, () -> showAgain(hash, owner, ticket, friend));
                                }
                            } else if (wishes.containsKey(hash) && isGood(theirs, owner, hash, friend)) {
                                meet(friend, hash, owner, theirs, Duration.ZERO);
                            }
                        },
                        mailbox);
    }

    /** Unless it was renewed, or is of no use, meanwhile. */
    private void showAgain(InfoHash hash, Device owner, Ticket ticket, Device friend) {
        Wish wish = wishes.get(hash);
        if (wish != null && ticket.equals(wish.tickets.get(owner)) && linked.contains(friend)) {
            show(hash, owner, ticket, friend);
        }
    }

    /** We are the owner. */
    private Ticket onServeTicket(ServeTicket request) {
        if (!access.mayServe(request.asker(), request.hash())) {
            throw new UserException(
                    ErrorCode.UNKNOWN_SHARE, "nothing with the info-hash " + request.hash() + " is shared here", "");
        }
        return Tickets.sign(key, request.hash(), request.asker(), clock.instant());
    }

    /** A friend's device shows a ticket: if it is for something that we get from the same owner, ours is the answer. */
    private Ticket onServeHelp(ServeHelp request) {
        Device asker = request.asker();
        if (!mayShow(asker)) {
            throw new UserException(ErrorCode.BUSY, asker + " shows too many tickets", "");
        }
        int checks = 0;
        for (Map.Entry<InfoHash, Wish> wish : wishes.entrySet()) {
            InfoHash hash = wish.getKey();
            for (Map.Entry<Device, Ticket> own : wish.getValue().tickets.entrySet()) {
                boolean ours = clock.instant().isBefore(own.getValue().expires());
                if (ours && ++checks <= MAX_CHECKS && isGood(request.ticket(), own.getKey(), hash, asker)) {
                    if (access.wants(hash)) {
                        meet(asker, hash, own.getKey(), request.ticket(), HEARD);
                        return own.getValue();
                    }
                    wish.getValue().refused.add(asker);
                }
            }
        }
        throw new UserException(ErrorCode.UNKNOWN_SHARE, "the ticket is for nothing that is got here", "");
    }

    private boolean mayShow(Device device) {
        Instant now = clock.instant();
        if (Duration.between(shownSince, now).abs().compareTo(SHOWN_PERIOD) > 0) {
            shown.clear();
            shownSince = now;
        }
        return shown.merge(device, 1, Integer::sum) <= MAX_SHOWN;
    }

    private boolean isGood(Ticket ticket, Device owner, InfoHash hash, Device asker) {
        return keys.apply(owner)
                .filter(ownersKey -> Tickets.permits(ticket, ownersKey, hash, asker, clock.instant()))
                .isPresent();
    }

    /** @param heard how long before they are told to whoever dials */
    private void meet(Device device, InfoHash hash, Device owner, Ticket ticket, Duration heard) {
        Meeting meeting = new Meeting(device, hash);
        Leave before = meetings.get(meeting);
        if (before != null && isNow(before) && !ticket.expires().isAfter(before.until)) {
            return;
        }
        meetings.put(meeting, new Leave(owner, ticket.expires()));
        if (before == null) {
            log.debug("{} gets {} too: we help each other", device, hash);
            partAt(ticket.expires(), meeting);
            timers.after(heard, mailbox, () -> tell(hash));
        }
    }

    private void partAt(Instant until, Meeting meeting) {
        timers.after(Duration.between(clock.instant(), until).plusMillis(1), mailbox, () -> part(meeting));
    }

    /** Unless the ticket was renewed meanwhile. */
    private void part(Meeting meeting) {
        Leave leave = meetings.get(meeting);
        if (leave == null) {
            return;
        }
        if (isNow(leave)) {
            partAt(leave.until, meeting);
        } else {
            meetings.remove(meeting);
            log.debug("{} has no ticket for {} any more", meeting.device, meeting.hash);
            tell(meeting.hash);
        }
    }

    private void tell(InfoHash hash) {
        Wish wish = wishes.get(hash);
        if (wish != null) {
            Set<Device> all = new LinkedHashSet<>(wish.owners);
            all.addAll(wish.copies);
            all.addAll(helpers(hash));
            bus.publish(new HelpersFound(hash, List.copyOf(all)));
        }
    }

    private List<Device> helpers(InfoHash hash) {
        return meetings.keySet().stream()
                .filter(meeting -> meeting.hash.equals(hash))
                .map(Meeting::device)
                .toList();
    }
}

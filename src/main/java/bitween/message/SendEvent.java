package bitween.message;

import bitween.bus.Event;
import bitween.bus.Snapshot;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.Sent;
import java.util.Map;
import java.util.Set;

/** What becomes of what is sent. */
public sealed interface SendEvent extends Event {
    /** An offer of ours is taken, declined or taken back. */
    record SentChanged(Sent sent) implements SendEvent {}

    /** A friend sends something. Told once. */
    record OfferFound(OpenOffer offer) implements SendEvent {}

    /** A friend took back what was neither got nor declined. */
    record OfferGone(OpenOffer offer) implements SendEvent {}

    /** What is on its way of what friends sent and took back, by friend: all of it. */
    record TakenBackChanged(Map<Jid, Set<InfoHash>> by) implements SendEvent, Snapshot {
        public TakenBackChanged {
            by = Map.copyOf(by);
        }
    }
}

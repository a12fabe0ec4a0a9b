package bitween.message;

import bitween.bus.Event;
import bitween.model.OpenOffer;
import bitween.model.Sent;

/** What becomes of what is sent. */
public sealed interface SendEvent extends Event {
    /** An offer of ours is taken, declined or taken back. */
    record SentChanged(Sent sent) implements SendEvent {}

    /** A friend sends something. Told once. */
    record OfferFound(OpenOffer offer) implements SendEvent {}

    /** A friend took back what was neither got nor declined. */
    record OfferGone(OpenOffer offer) implements SendEvent {}
}

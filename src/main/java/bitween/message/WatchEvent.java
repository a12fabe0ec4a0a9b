package bitween.message;

import bitween.bus.Event;
import bitween.model.InfoHash;

/** What is seen of shares' files. */
public sealed interface WatchEvent extends Event {
    /** Files of a share look otherwise than they did: changed, gone, or back. What is in them nobody has read. */
    record FilesChanged(InfoHash hash) implements WatchEvent {}
}

package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.control.Resolver.Wanted;
import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is the same under other names and info-hashes, as friends say of theirs and as we know of ours. Pure, but for a look whether something still stands where
 * it was.
 */
final class SameContent {
    private final Catalogue catalogue;

    SameContent(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** What we have, or get, whole, of the content that is wanted under a hash that we do not know; null when there is none. */
    @Nullable
    Transfer here(Wanted wanted) {
        if (catalogue.transfer(wanted.hash()).isPresent()) {
            return null;
        }
        Object content = keyOf(wanted).orElse(null);
        return catalogue.transfers().values().stream()
                .filter(transfer ->
                        transfer.share() != null && key(transfer.share()).equals(content))
                .filter(transfer -> transfer.selection() == null && isOfUse(transfer))
                .findFirst()
                .orElse(null);
    }

    private static boolean isOfUse(Transfer transfer) {
        return switch (transfer.state()) {
            case COMPLETE, SEEDING, MOVING -> Files.exists(transfer.place());
            case WAITING_FOR_FRIEND, QUEUED, METADATA, DOWNLOADING, VERIFYING -> transfer.kind() == Transfer.Kind.JOB;
            case HASHING, PAUSED, MISSING, STALE, FAILED -> false;
        };
    }

    private Optional<Object> keyOf(Wanted wanted) {
        Stream<FriendDevice> told =
                wanted.from().isEmpty() ? catalogue.holders(wanted.hash()).stream() : wanted.from().stream();
        return told.map(device -> device.shares().get(wanted.hash()))
                .flatMap(Stream::ofNullable)
                .map(SameContent::key)
                .findFirst();
    }

    /** Of all that we have or get. */
    Set<Object> own() {
        Set<Object> own = new HashSet<>();
        for (Transfer transfer : catalogue.transfers().values()) {
            if (transfer.hash() != null) {
                own.add(transfer.hash());
            }
            if (transfer.share() != null && transfer.state() != TransferState.FAILED) {
                own.add(key(transfer.share()));
            }
        }
        return own;
    }

    /** All that friends share, the same content once. */
    List<Group> groups() {
        Map<Object, Map<InfoHash, List<Holder>>> byContent = new LinkedHashMap<>();
        for (Friend friend : new FriendViews(catalogue).all()) {
            for (FriendDevice device : friend.sortedDevices()) {
                device.shares()
                        .values()
                        .forEach(share -> byContent
                                .computeIfAbsent(key(share), first -> new LinkedHashMap<>())
                                .computeIfAbsent(share.hash(), first -> new ArrayList<>())
                                .add(new Holder(device, share)));
            }
        }
        return byContent.values().stream().map(this::group).toList();
    }

    /** What makes two shares one: revisions of a live share may differ in nothing but names, and stay apart. */
    static Object key(Share share) {
        return share.revision() > 0 || share.sizeBytes() == 0 ? share.hash() : share.content();
    }

    /** What a device has of that {@link #key}. */
    static Optional<Holder> held(FriendDevice device, Object key) {
        return key instanceof ContentId content
                ? device.hashOf(content)
                        .map(device.shares()::get)
                        .filter(share -> key(share).equals(key))
                        .map(share -> new Holder(device, share))
                : Optional.empty();
    }

    /** Named as what is here, or else as most have it. */
    private Group group(Map<InfoHash, List<Holder>> copies) {
        List<Holder> usual = copies.entrySet().stream()
                .max(Comparator.comparing((Map.Entry<InfoHash, List<Holder>> copy) ->
                                catalogue.transfer(copy.getKey()).isPresent())
                        .thenComparing(copy -> copy.getValue().size())
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getValue();
        List<Holder> all = copies.values().stream().flatMap(List::stream).toList();
        return new Group(usual.get(0).share(), all);
    }

    /** Who has what. */
    record Holder(FriendDevice device, Share share) {
        /** @param usual as others have it */
        View view(Share usual) {
            return FriendViews.holder(device, share.hash())
                    .with("copy", share.hash().equals(usual.hash()) ? null : share.name());
        }
    }

    /** @param share as most have it */
    record Group(Share share, List<Holder> all) {
        boolean isHeldBy(Jid jid) {
            return all.stream()
                    .anyMatch(holder -> holder.device().device().jid().equals(jid));
        }

        /** @param own what {@link SameContent#own} says */
        boolean isIn(Set<Object> own) {
            return all.stream().anyMatch(holder -> own.contains(holder.share().hash())) || own.contains(key(share));
        }

        boolean isReachable() {
            return all.stream().anyMatch(holder -> holder.device().isReachable());
        }

        List<View> holders() {
            return all.stream().map(holder -> holder.view(share)).toList();
        }
    }

    /** What a device calls its copy of what is {@code hash} elsewhere; null where it has the very share. */
    static @Nullable String copy(Optional<InfoHash> theirs, FriendDevice device, InfoHash hash) {
        return theirs.filter(other -> !other.equals(hash))
                .map(device.shares()::get)
                .map(Share::name)
                .orElse(null);
    }
}

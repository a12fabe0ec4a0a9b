package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The methods of the first bitween, by their names and parameters, for programs that were written for it. */
final class OriginalMethods {
    private static final Logger log = LogManager.getLogger(OriginalMethods.class);
    /** For all file lists together: one's own come from the disk. */
    private static final Duration FILES_LIMIT = Duration.ofSeconds(10);

    private final Replies replies;
    private final FileLists fileLists;

    OriginalMethods(Replies replies, FileLists fileLists) {
        this.replies = replies;
        this.fileLists = fileLists;
    }

    void addTo(Methods methods, DaemonFacts facts, Runnable requestShutdown) {
        methods.add(
                "Api.versions",
                "as version",
                List.of(),
                params -> facts.versions().toMap());
        methods.add("Api.exit", "as daemon.stop", List.of(), params -> {
            requestShutdown.run();
            return true;
        });
        methods.add("bt.get_torrents", "as shares and jobs, with files", List.of(), params -> torrents());
        methods.add(
                "bt.add_path",
                "as share.add for those whom sharing.audience names; false when it is refused",
                List.of("path"),
                params -> addPath(params.text("path"), facts.usualAudience().get()));
        methods.add("bt.add_torrent_by_hash", "as job.get", List.of("hash", "save_path?"), params -> {
            String folder = params.optionalText("save_path");
            return addByHash(hash(params.text("hash")), folder);
        });
        methods.add(
                "bt.del_torrent",
                "as share.rm or job.rm; the files stay",
                List.of("hash"),
                params -> delete(hash(params.text("hash"))));
        methods.add(
                "xmpp.get_shares",
                "what friends share, by address and resource",
                List.of(),
                params -> new View().with("shares", shares(replies.catalogue())));
        methods.add(
                "xmpp.get_hashes",
                "where each info-hash can be got",
                List.of(),
                params -> new View().with("hashes", hashes(replies.catalogue())));
    }

    private static InfoHash hash(String text) {
        return Resolver.magnet(text).hash();
    }

    private View torrents() throws InterruptedException {
        Catalogue now = replies.catalogue();
        Map<Transfer, CompletableFuture<@Nullable FileList>> lists = new LinkedHashMap<>();
        for (Transfer transfer : now.transfers().values()) {
            if (transfer.hash() != null) {
                lists.put(transfer, files(transfer, transfer.hash()));
            }
        }
        List<View> torrents = new ArrayList<>();
        for (Map.Entry<Transfer, CompletableFuture<@Nullable FileList>> entry : lists.entrySet()) {
            View transfer = new TransferViews(now).transfer(entry.getKey());
            torrents.add(torrent(transfer, Replies.await(entry.getValue(), FILES_LIMIT.plusSeconds(1))));
        }
        return new View().with("torrents", torrents);
    }

    /** @return null in the end when nobody knows the files, or not in time; never fails */
    private CompletableFuture<@Nullable FileList> files(Transfer transfer, InfoHash hash) {
        if (transfer.share() == null) {
            return CompletableFuture.completedFuture(null); // a job without metadata
        }
        return fileLists
                .filesOf(hash)
                .copy()
                .orTimeout(FILES_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> null);
    }

    private static View torrent(View transfer, @Nullable FileList list) {
        String name = String.valueOf(transfer.get("name"));
        String prefix = list != null && list.folder() ? name + "/" : "";
        List<FileEntry> files = list == null ? List.of() : list.files();
        return new View()
                .with(
                        "files",
                        files.stream()
                                .map(file -> new View().with("path", prefix + String.join("/", file.path())))
                                .toList())
                .with("total_size", transfer.get("sizeBytes"))
                .with("name", name)
                .with("hash", transfer.get("hash"))
                .with("done", transfer.get("doneBytes"));
    }

    private boolean addPath(String path, Audience usual) throws InterruptedException {
        try {
            Audience audience = ShareMethods.said(usual, path, "--to");
            replies.ask(new SharePath(ShareMethods.absolute(path), null, audience), Shared::transfer);
            return true;
        } catch (UserException e) {
            log.warn(
                    "bt.add_path was refused: {} ({})", e.sentence(), e.code()); // the caller learns no more than false
            return false;
        }
    }

    private boolean addByHash(InfoHash hash, @Nullable String folder) throws InterruptedException {
        String name = new Resolver(replies.catalogue()).wanted(hash.hex()).name();
        replies.ask(
                new FetchShare(hash, name, folder == null ? null : ShareMethods.absolute(folder)),
                fetched -> fetched.transfer());
        return true;
    }

    private boolean delete(InfoHash hash) throws InterruptedException {
        Transfer transfer = replies.catalogue()
                .transfer(hash)
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_JOB, "nothing here has the info-hash " + hash, "bt.get_torrents lists them"));
        if (transfer.kind() == Transfer.Kind.JOB) {
            replies.ask(new RemoveJob(transfer.id(), false), removed -> removed.transfer());
        } else {
            replies.ask(new UnsharePath(transfer.id()), unshared -> unshared);
        }
        return true;
    }

    /** By address of the contact, then by resource of the device. */
    private static View shares(Catalogue now) {
        View byContact = new View();
        for (Friend friend : now.friends().values()) {
            View byResource = new View();
            for (FriendDevice device : friend.sortedDevices()) {
                View byHash = new View();
                for (Share share : device.sortedShares()) {
                    byHash.with(
                            share.hash().hex(),
                            new View()
                                    .with("hash", share.hash())
                                    .with("name", share.name())
                                    .with("size", share.sizeBytes())
                                    .with("files", share.files()));
                }
                byResource.with(
                        device.device().id().value(),
                        new View()
                                .with("ip_v4", addresses(device, false))
                                .with("ip_v6", addresses(device, true))
                                .with("shares", byHash));
            }
            byContact.with(friend.jid().value(), byResource);
        }
        return byContact;
    }

    private static View hashes(Catalogue now) {
        Map<String, List<List<Object>>> byHash = new LinkedHashMap<>();
        now.friends().values().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .forEach(device -> device.sortedShares()
                        .forEach(share -> byHash.computeIfAbsent(share.hash().hex(), hash -> new ArrayList<>())
                                .addAll(Stream.concat(
                                                addresses(device, false).stream(), addresses(device, true).stream())
                                        .toList())));
        View view = new View();
        byHash.forEach(view::with);
        return view;
    }

    /** Pairs of IP and port. */
    private static List<List<Object>> addresses(FriendDevice device, boolean six) {
        return device.announcement() == null
                ? List.of()
                : device.announcement().addresses().stream()
                        .filter(address -> address.ip() instanceof Inet6Address == six)
                        .map(address -> List.<Object>of(address.ip().getHostAddress(), address.port()))
                        .toList();
    }
}

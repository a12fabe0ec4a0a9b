package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.control.Resolver.Wanted;
import bitween.message.TorrentRequest;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.ReadFile;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.message.TorrentRequest.SetFilePriority;
import bitween.message.TorrentRequest.SetPriority;
import bitween.message.TorrentRequest.Stretch;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.FilePriority;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Magnet;
import bitween.model.Priority;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this device gets, and how its transfers go. */
final class JobMethods {
    /** Who wants to wait longer asks again; so a client that went away holds its thread for a minute at most. */
    private static final long MAX_WAIT_MS = 60_000;

    private static final String GOT = "GOT";

    private final Replies replies;
    private final Choices choices;
    private final Formers formers;
    private final EarlierDownloads earlier;
    private final GoneFiles goneFiles = new GoneFiles();
    private final Supplier<Audience> usualAudience;

    /** @param usualAudience whom a share is for when nobody says so; empty: that has to be said */
    JobMethods(
            Replies replies,
            FileLists fileLists,
            Histories histories,
            Origins origins,
            Supplier<Audience> usualAudience) {
        formers = new Formers(replies, histories);
        earlier = new EarlierDownloads(replies, histories, origins);
        this.replies = replies;
        choices = new Choices(fileLists);
        this.usualAudience = usualAudience;
    }

    void addTo(Methods methods) {
        methods.add(
                "jobs",
                "what this device gets; 'error' also says that the files of what is complete are gone",
                List.of(),
                params -> new View().with("jobs", jobs()));
        methods.add(
                "job.get",
                "gets FRIEND/SHARE, FRIEND/SHARE@2 (a former revision that somebody has), an info-hash or a magnet link, into the folder 'to'; of it FRIEND/SHARE/PATH alone, or what fits one of the patterns 'only', in addition to what a job gets already; 'priority' HIGH, NORMAL or LOW, as job.priority; 'single': only if it is one file, at 'path' in the answer below the job's place; where an earlier revision of a live share was got and still stands, that is brought up to date ('updates' in the answer), unless 'to' is another folder; shares it on with 'reshareTo', or where 'reshare' with sharing.audience, as it does where the owner allows it and 'reshare' is not false",
                List.of("ref", "to?", "reshare?", "reshareTo?", "only?", "priority?", "single?"),
                this::get);
        methods.add(
                "job.read",
                "a stretch of the file 'path' of a job, while it comes or when it is here: it was verified, and stands in 'file' from 'offset' to 'until'; 'file' is null when nothing more came within some 2 s; CONTENT_CHANGED when it was changed in its place",
                List.of("id", "path?", "offset?"),
                this::read);
        methods.add(
                "job.rm",
                "forgets a job, or a share that was one, and with 'withFiles' its files, which no other share may offer from there: answered once they are gone, or, with 'deleting', when that takes long; 'remains': something stands at its 'place' then",
                List.of("name", "withFiles?"),
                this::remove);
        methods.add(
                "job.priority",
                "lets a job that is HIGH download before NORMAL and LOW ones and take their turn, and so on; of JOB/PATH or JOB/PATTERN: these files before others of that job",
                List.of("name", "priority"),
                this::prioritize);
        methods.add("job.pause", "lets a job rest until job.resume, over restarts too", List.of("name"), params -> {
            Transfer job = own(params.text("name"), Transfer.Kind.JOB);
            return changed(new PauseTransfer(job.id()));
        });
        methods.add("job.resume", "lets a job go on that rests, whatever for, or failed", List.of("name"), params -> {
            Transfer job = own(params.text("name"), Transfer.Kind.JOB);
            return changed(new ResumeTransfer(job.id()));
        });
        methods.add(
                "transfer.pause",
                "lets a job rest, or offers a share to nobody, until transfer.resume, over restarts too",
                List.of("name"),
                params ->
                        changed(new PauseTransfer(own(params.text("name"), null).id())));
        methods.add(
                "transfer.resume",
                "lets a share or job go on that rests, whatever for, or failed",
                List.of("name"),
                params -> changed(
                        new ResumeTransfer(own(params.text("name"), null).id())));
        methods.add(
                "transfer.get",
                "one share or job, by name, #number or info-hash; 'kind' SHARE or JOB: only one of these; GOT: a job, or a share that was one",
                List.of("name", "kind?"),
                params -> view(
                        GOT.equals(params.optionalText("kind"))
                                ? got(params.text("name"))
                                : own(params.text("name"), kind(params.optionalText("kind")))));
        methods.add(
                "transfer.wait",
                "one share or job, once nothing more happens to it by itself, or after 'timeoutMs'",
                List.of("id", "timeoutMs?"),
                this::await);
        methods.add(
                "transfer.recheck",
                "compares what is on disk with its hashes, and tries again what failed",
                List.of("name"),
                params -> {
                    Transfer transfer = own(params.text("name"), null);
                    return changed(new RecheckTransfer(transfer.id()));
                });
        methods.add(
                "transfer.move",
                "moves a share or job into the folder 'directory'; transfer.wait tells when it is there, and 'error' why not",
                List.of("name", "directory"),
                params -> {
                    Transfer transfer = own(params.text("name"), null);
                    MoveTransfer request =
                            new MoveTransfer(transfer.id(), ShareMethods.absolute(params.text("directory")));
                    return changed(request);
                });
        methods.add("info", "one share or job, or a friend's share, and who holds it", List.of("name"), this::info);
    }

    private List<View> jobs() throws InterruptedException {
        Catalogue now = replies.catalogue();
        Set<TransferId> gone = goneFiles.among(now.transfers().values());
        return new TransferViews(now).all(Transfer.Kind.JOB, gone);
    }

    private View remove(Params params) throws InterruptedException {
        Transfer job = got(params.text("name"));
        Removed removed =
                replies.ask(new RemoveJob(job.id(), params.flag("withFiles")), forgotten -> forgotten.transfer());
        return view(removed.transfer())
                .with("remains", Files.exists(removed.transfer().place(), LinkOption.NOFOLLOW_LINKS))
                .with("deleting", removed.deleting());
    }

    private View changed(TorrentRequest<Transfer> request) throws InterruptedException {
        Transfer transfer = replies.ask(request, changed -> changed);
        return new TransferViews(replies.catalogue()).current(transfer);
    }

    private static Priority priority(String text) {
        return Stream.of(Priority.values())
                .filter(priority -> priority.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + text + "' is no priority", "it is high, normal or low"));
    }

    private View read(Params params) throws InterruptedException {
        TransferId id = new TransferId(params.number("id", 1, Long.MAX_VALUE, 0));
        long offset = params.number("offset", 0, Long.MAX_VALUE, 0);
        String path = params.optionalText("path");
        List<String> elements = path == null
                ? List.of()
                : Stream.of(path.split("/"))
                        .filter(element -> !element.isEmpty())
                        .toList();
        Stretch stretch = replies.ask(new ReadFile(id, elements, offset));
        return new View()
                .with("file", stretch.file())
                .with("until", stretch.until())
                .with("sizeBytes", stretch.sizeBytes() < 0 ? null : (Long) stretch.sizeBytes())
                .with(
                        "transfer",
                        new TransferViews(replies.catalogue()).byId(id).orElse(null));
    }

    private View prioritize(Params params) throws InterruptedException {
        Priority priority = priority(params.text("priority"));
        String name = params.text("name");
        int slash = Magnet.looksLike(name) ? -1 : name.indexOf('/');
        Transfer job = own(slash < 0 ? name : name.substring(0, slash), Transfer.Kind.JOB);
        InfoHash hash = job.hash();
        if (slash < 0 || hash == null) {
            return changed(new SetPriority(job.id(), priority));
        }
        Choice what = choices.within(new Wanted(hash, job.name(), List.of(), List.of()), name.substring(slash + 1));
        return changed(new SetFilePriority(job.id(), new FilePriority(what, priority)));
    }

    private static Transfer.@Nullable Kind kind(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return Stream.of(Transfer.Kind.values())
                .filter(kind -> kind.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + text + "' is no kind of transfer", "it is SHARE or JOB"));
    }

    private Transfer own(String name, Transfer.@Nullable Kind kind) {
        return new OwnNames(replies.catalogue()).find(name, kind);
    }

    private Transfer got(String name) {
        try {
            return own(name, Transfer.Kind.JOB);
        } catch (UserException e) {
            if (e.code() != ErrorCode.UNKNOWN_JOB) {
                throw e;
            }
            Catalogue now = replies.catalogue();
            boolean shared = now.transfers().values().stream().anyMatch(Transfer::isGotAndSharedOn);
            Transfer share = shared ? new OwnNames(now).find(name, Transfer.Kind.SHARE) : null;
            if (share == null || !share.isGotAndSharedOn()) {
                throw e;
            }
            return share;
        }
    }

    private View view(Transfer transfer) {
        return new TransferViews(replies.catalogue()).transfer(transfer);
    }

    private View get(Params params) throws InterruptedException {
        Priority priority = params.has("priority") ? priority(params.text("priority")) : null;
        Wanted wanted = formers.wanted(params.text("ref"));
        String to = params.optionalText("to");
        Transfer same = isPlain(params) && !isOffer(wanted) ? new SameContent(replies.catalogue()).here(wanted) : null;
        if (same != null) {
            return got(wanted, same, true, "").with("sameContent", true).with("updates", false);
        }
        List<Choice> only = choices.of(wanted, params.texts("only"), params.flag("single"));
        Optional<Followed> followed = FollowMethods.find(replies, wanted.hash());
        List<Choice> part = only.isEmpty()
                ? followed.map(Followed::follow).map(Follow::only).orElse(only)
                : only;
        Path directory = to == null ? null : ShareMethods.absolute(to);
        Basis followedBasis = to == null ? followed.map(this::basis).orElse(null) : null;
        Transfer outdated = followedBasis == null
                ? earlier.of(wanted, directory, !part.isEmpty()).orElse(null)
                : null;
        Basis basis = outdated == null ? followedBasis : new Basis(outdated.id(), false);
        Path followedTo = followed.map(Followed::follow).map(Follow::directory).orElse(null);
        FetchShare request = new FetchShare(
                wanted.hash(),
                wanted.name(),
                to != null ? directory : basis == null ? followedTo : null,
                part.isEmpty() ? reshare(params, wanted) : notShared(params),
                withThoseOf(outdated, part),
                basis);
        Fetched fetched = replies.ask(request, Fetched::transfer);
        if (priority != null && fetched.transfer().kind() == Transfer.Kind.JOB) {
            var unused = replies.ask(new SetPriority(fetched.transfer().id(), priority), changed -> changed);
        }
        String path = only.stream().map(Choice::below).findFirst().orElse("");
        return got(wanted, fetched.transfer(), fetched.known(), path)
                .with("sameContent", false)
                .with(
                        "updates",
                        outdated != null
                                && outdated.place().equals(fetched.transfer().place()));
    }

    /** What was got of the revision before is wanted of this one, too. */
    private static List<Choice> withThoseOf(@Nullable Transfer outdated, List<Choice> part) {
        Selection before = outdated == null ? null : outdated.selection();
        return before == null || part.isEmpty()
                ? part
                : Stream.concat(before.choices().stream(), part.stream())
                        .distinct()
                        .toList();
    }

    /** Of what somebody sends, a copy under that name is wanted: its sender is told once it is here. */
    private boolean isOffer(Wanted wanted) {
        return replies.catalogue().holders(wanted.hash()).stream()
                .map(device -> device.shares().get(wanted.hash()))
                .anyMatch(share -> share != null && share.sent());
    }

    /** Whether all that is wanted is to have it, wherever and however. */
    private static boolean isPlain(Params params) {
        return !params.has("to")
                && params.texts("only").isEmpty()
                && params.texts("reshareTo").isEmpty()
                && !params.flag("single")
                && !params.flag("reshare");
    }

    private View got(Wanted wanted, Transfer transfer, boolean known, String path) {
        Catalogue now = replies.catalogue();
        Held held = heldBy(now, wanted.hash());
        return new View()
                .with("transfer", new TransferViews(now).current(transfer))
                .with("share", held == null ? null : new FriendViews(now).share(held))
                .with("path", path)
                .with("known", known)
                .with("holders", holders(wanted.hash()));
    }

    /** What is followed takes the place of the revision before. */
    private @Nullable Basis basis(Followed followed) {
        TransferId place = followed.place();
        return place == null || !replies.catalogue().transfers().containsKey(place)
                ? null
                : new Basis(place, followed.follow().mirror());
    }

    /** What has been got in part is another thing than the share, which friends would ask for. */
    private static Audience notShared(Params params) {
        if (params.flag("reshare") || params.has("reshareTo")) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "only a share that is got whole can be shared on",
                    "get all of it, or share what you have got with: bitween share PATH");
        }
        return Audience.NOBODY;
    }

    private Audience reshare(Params params, Wanted wanted) {
        List<String> to = params.texts("reshareTo");
        if (!to.isEmpty()) {
            return new Audience(new Grantees(replies.catalogue()).toGrant(to));
        }
        if (params.flag("reshare")) {
            return ShareMethods.said(usualAudience.get(), params.text("ref"), "--reshare-to");
        }
        return !params.has("reshare") && isAllowed(wanted) ? usualAudience.get() : Audience.NOBODY;
    }

    /** Whether it may be shared on: as the friend says who was named, else when all say so who share it now. */
    private boolean isAllowed(Wanted wanted) {
        List<FriendDevice> asked = wanted.from().isEmpty() ? replies.catalogue().holders(wanted.hash()) : wanted.from();
        List<Share> told = asked.stream()
                .map(device -> device.shares().get(wanted.hash()))
                .flatMap(Stream::ofNullable)
                .toList();
        return !told.isEmpty() && told.stream().allMatch(Share::reshare);
    }

    private List<View> holders(InfoHash hash) {
        Catalogue now = replies.catalogue();
        return now.sources(hash).stream()
                .map(device -> FriendViews.holder(device, hash)
                        .with("copy", SameContent.copy(now.offered(device.device(), hash), device, hash)))
                .toList();
    }

    private View await(Params params) throws InterruptedException {
        TransferId id = new TransferId(params.number("id", 1, Long.MAX_VALUE, 0));
        Duration limit = Duration.ofMillis(params.number("timeoutMs", 0, MAX_WAIT_MS, MAX_WAIT_MS));
        Predicate<Catalogue> settled = now -> {
            Transfer transfer = now.transfers().get(id);
            return transfer == null || transfer.isSettled();
        };
        return new TransferViews(replies.keeper().await(settled, limit))
                .byId(id)
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_JOB,
                        "there is no share or job " + id + ": it was removed",
                        "bitween shares and bitween jobs list what there is"));
    }

    private View looked(Transfer transfer) throws InterruptedException {
        View view = view(transfer);
        return goneFiles.among(List.of(transfer)).isEmpty() ? view : view.with("error", GoneFiles.error(transfer));
    }

    private View info(Params params) throws InterruptedException {
        String name = params.text("name");
        Catalogue now = replies.catalogue();
        Transfer own;
        try {
            own = new OwnNames(now).find(name, null);
        } catch (UserException e) {
            Held held = heldBy(now, name);
            if (held == null) {
                throw e;
            }
            InfoHash hash = held.share().hash();
            return info(now.transfer(hash).orElse(null), new FriendViews(now).share(held), hash);
        }
        Held held = own.hash() == null ? null : heldBy(now, own.hash());
        return info(own, held == null ? null : new FriendViews(now).share(held), own.hash());
    }

    private View info(@Nullable Transfer transfer, @Nullable View share, @Nullable InfoHash hash)
            throws InterruptedException {
        return new View()
                .with("transfer", transfer == null ? null : looked(transfer))
                .with("share", share)
                .with("holders", hash == null ? List.of() : holders(hash));
    }

    /** @return null when {@code name} is not FRIEND/SHARE */
    private static @Nullable Held heldBy(Catalogue now, String name) {
        if (name.indexOf('/') < 0) {
            return null;
        }
        Reference reference = Reference.parse(name);
        Resolver resolver = new Resolver(now);
        return reference.share() == null
                ? null
                : resolver.share(resolver.friend(reference.friend()), reference.share());
    }

    private static @Nullable Held heldBy(Catalogue now, InfoHash hash) {
        return now.holders(hash).stream()
                .map(FriendDevice::device)
                .map(device -> now.friends().get(device.jid()))
                .flatMap(friend -> new Resolver(now).shares(friend).stream())
                .filter(held -> held.share().hash().equals(hash))
                .findFirst()
                .orElse(null);
    }
}

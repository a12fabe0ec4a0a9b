package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "share",
        description = "Shares a file or folder, where it is, with those whom you name.",
        footer = {
            "",
            "WHO is everyone (in your roster), @GROUP (of your roster, as it is at any time), or a friend, by their whole name or address. Without --to, sharing.audience in",
            "bitween.toml says who; where that says nothing, you are asked, and can have the answer kept there.",
            "Those who get it keep it to themselves, unless they say otherwise, or you with --allow-reshare.",
            "When its files change, a share is withdrawn until they are as they were. With --live each change becomes its next revision instead, once it has",
            "come to rest, under the same name; with --frozen it stays withdrawn until you say: bitween recheck, or share it again. What is shared already becomes live, or frozen.",
            "With --keep-revisions N friends can get a former revision, too, as FRIEND/SHARE@3: what the newest N had is kept beside bitween's database, within",
            "disk.revisions (10 GiB) of bitween.toml. Files that stay are kept once. Say it again with another N at any time, of PATH or the share's name.",
            "",
            "Examples:",
            "  bitween share ~/Music --to everyone",
            "  bitween share ~/Notes --live --to @family",
            "  bitween share ~/Notes --live --keep-revisions 5",
            "  bitween share Notes --keep-revisions 0    of the live share of this name none is kept any more",
            "  bitween share /srv/photos --name \"Holiday photos\" --to @family --to bob",
            "  bitween share /srv/vm.img --live --piece-size 64K    a change in a few places costs little; its list of pieces is longer",
            "  bitween share ~/big --no-wait    returns at once; bitween shares shows how far the hashing is"
        })
final class ShareCommand extends Command {
    @Parameters(paramLabel = "PATH", description = "the file or folder")
    private String path = "";

    @Option(names = "--to", paramLabel = "WHO", description = "who may have it; can be given several times")
    private List<String> to = List.of();

    @Option(names = "--name", paramLabel = "N", description = "what friends see; the path's own name by default")
    private @Nullable String name;

    @Option(names = "--allow-reshare", description = "lets those who get it share it on by themselves")
    private boolean allowReshare;

    @Option(names = "--live", description = "each change in it becomes its next revision")
    private boolean live;

    @Option(
            names = "--keep-revisions",
            paramLabel = "N",
            description =
                    "of a live share: keeps the files of the newest N revisions, that which is offered included; 0: none")
    private @Nullable Integer keepRevisions;

    @Option(
            names = "--piece-size",
            paramLabel = "SIZE",
            description =
                    "how long its pieces are, from 16K to 16M, doubled each time; its next revisions keep it. By default what its size asks for")
    private @Nullable String pieceSize;

    @Option(names = "--frozen", description = "it is withdrawn when it changes, until you say otherwise")
    private boolean frozen;

    @Option(names = "--no-wait", description = "does not wait until it is hashed")
    private boolean noWait;

    @Option(
            names = {"-v", "--verbose"},
            description = "names the first things that are left out")
    private boolean verbose;

    ShareCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (live && frozen) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "a share is live or frozen, not both", "leave --live or --frozen away");
        }
        if (keepRevisions != null && frozen) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "only a live share has revisions", "add --live to --keep-revisions");
        }
        try (ControlClient daemon = session.daemon()) {
            Answer added = add(daemon);
            Answer share = noWait
                    ? added
                    : Transfers.watch(
                            session,
                            daemon,
                            added,
                            0,
                            "the hashing goes on; bitween unshare '#" + added.text("id") + "' stops it");
            if (Transfers.isFailed(share)) {
                throw failureOf(share);
            }
            Map<String, @Nullable Object> result = new LinkedHashMap<>(share.fields());
            result.put("leftOut", added.fields().get("leftOut"));
            session.result(new Answer(result), () -> {
                print(share);
                printLeftOut(added.view("leftOut"));
            });
        }
        return ExitCodes.OK;
    }

    private void printLeftOut(Answer leftOut) {
        long count = leftOut.number("count");
        if (count == 0) {
            return;
        }
        Answer reasons = leftOut.view("reasons");
        String each = reasons.fields().keySet().stream()
                .map(reason -> Units.count(reasons.number(reason), word(reason)))
                .collect(Collectors.joining(", "));
        out("left out", each + (verbose ? ":" : " (-v names them)"));
        if (verbose) {
            List<Answer> first = leftOut.views("first");
            first.forEach(thing -> out("", thing.text("path") + " (" + word(thing.text("reason")) + ")"));
            if (count > first.size()) {
                out("", "and " + (count - first.size()) + " more");
            }
        }
    }

    /** "hidden thing", "symbolic link". */
    private static String word(String reason) {
        return switch (reason) {
            case "HIDDEN", "IGNORED", "VANISHED" -> reason.toLowerCase(Locale.ROOT) + " thing";
            default -> reason.toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    /** The path; or, of what is live already and is there to keep other revisions of, where that is. */
    private String place(ControlClient daemon) throws InterruptedException {
        Path named = session.path(path);
        if (keepRevisions == null || live || path.indexOf('/') >= 0 || Files.exists(named)) {
            return named.toString();
        }
        return daemon.call("transfer.get", Map.of("name", path, "kind", "SHARE"))
                .text("place");
    }

    private Answer add(ControlClient daemon) throws InterruptedException {
        try {
            return add(daemon, to);
        } catch (UserException e) {
            if (e.code() != ErrorCode.AUDIENCE_MISSING || !session.isInteractive()) {
                throw e;
            }
            return new AudienceQuestion(session, daemon).ask(e, named -> add(daemon, named));
        }
    }

    private Answer add(ControlClient daemon, List<String> audience) throws InterruptedException {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("path", place(daemon));
        params.put("name", name);
        params.put("to", audience.isEmpty() ? null : audience);
        if (allowReshare) {
            params.put("allowReshare", true);
        }
        if (live || frozen) {
            params.put("mode", live ? "LIVE" : "FROZEN");
        }
        if (pieceSize != null) {
            params.put("pieceLength", Units.binary(pieceSize));
        }
        if (keepRevisions != null) {
            params.put("keepRevisions", Units.within("--keep-revisions", keepRevisions, 0, Former.MAX_KEPT));
        }
        return daemon.call("share.add", params);
    }

    private void print(Answer share) {
        if (!share.has("hash")) {
            advise(share.text("name") + " is being hashed; bitween shares shows how far it is");
            return;
        }
        out("name", share.text("name"));
        out("size", Transfers.extent(share));
        out("for", Transfers.audience(share));
        if (share.has("revision")) {
            out("live", "revision " + share.text("revision") + "; each change in it becomes the next");
        }
        out("info-hash", share.text("hash"));
        out("magnet", share.text("magnet"));
    }
}

package bitween.control;

import bitween.catalogue.Friend;
import bitween.message.FollowRequest.AddFollow;
import bitween.message.FollowRequest.ListFollows;
import bitween.message.FollowRequest.RemoveFollow;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.UserException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the user follows. */
final class FollowMethods {
    /** More patterns are a list of files, which would have to be another each time. */
    private static final int MAX_PATTERNS = 100;

    private final Replies replies;
    private final BooleanSupplier usualNotify;
    private final Clock clock;

    /** @param usualNotify whether a chat message tells of it, when nobody says so */
    FollowMethods(Replies replies, BooleanSupplier usualNotify, Clock clock) {
        this.replies = replies;
        this.usualNotify = usualNotify;
        this.clock = clock;
    }

    void addTo(Methods methods) {
        methods.add(
                "follow.add",
                "follows FRIEND/SHARE, whatever is in it: tells by the events revision.found and revision.ready; 'auto': gets what is new, of it what fits one of the patterns 'only', unless more than 'maxBytes' would come; 'newOnly': not what is there now; 'mirror': what the owner removed goes here, too; 'notify': sends you a chat message, or not, else as follow.notify says; 'to': the folder for the first",
                List.of("ref", "auto?", "newOnly?", "only?", "maxBytes?", "mirror?", "notify?", "to?"),
                params -> view(replies.ask(new AddFollow(follow(params)))));
        methods.add("follow.rm", "follows it no longer; what has come stays", List.of("ref"), params -> {
            Follow known = known(params.text("ref"));
            return view(replies.ask(new RemoveFollow(known.friend(), known.share())));
        });
        methods.add(
                "follows",
                "what is followed, and how it stands: WAITING for it to be shared, READY, FOUND, HELD as too large, GETTING, STOPPED; 'offered': the friend shares it now; 'near': what else may be meant, while nothing is called so",
                List.of(),
                params -> new View()
                        .with(
                                "follows",
                                replies.ask(new ListFollows()).stream()
                                        .map(this::view)
                                        .toList()));
    }

    private Follow follow(Params params) {
        Resolver.Reference reference = reference(params.text("ref"));
        Resolver resolver = new Resolver(replies.catalogue());
        Friend friend = resolver.friend(reference.friend());
        String share = share(resolver, friend, String.valueOf(reference.share()));
        List<String> only = params.texts("only");
        if (only.size() > MAX_PATTERNS) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "there are at most " + MAX_PATTERNS + " patterns", "use wider ones");
        }
        String to = params.optionalText("to");
        long max = params.number("maxBytes", 0, Long.MAX_VALUE, 0);
        return new Follow(
                0,
                friend.jid(),
                share,
                params.flag("auto"),
                params.flag("newOnly"),
                only.stream().map(FollowMethods::choice).toList(),
                max == 0 ? null : max,
                params.flag("mirror"),
                params.has("notify") ? params.flag("notify") : usualNotify.getAsBoolean(),
                to == null ? null : ShareMethods.absolute(to),
                clock.instant());
    }

    private static Choice choice(String pattern) {
        try {
            return Choice.glob(List.of(), pattern);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "quote it: --only '*.mkv'", e);
        }
    }

    private Resolver.Reference reference(String text) {
        Resolver.Reference reference = Resolver.Reference.parse(text);
        if (reference.share() == null || !reference.path().isEmpty()) {
            String full = new Resolver(replies.catalogue()).inFull(text);
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + text + "' names no share of a friend",
                    full.isEmpty() ? "it is FRIEND/SHARE; for a part of it: --only 'PATH/**'" : full);
        }
        return reference;
    }

    /** As the friend spells it; as the user does where nothing is called so yet. */
    private static String share(Resolver resolver, Friend friend, String text) {
        List<String> hits = Spelling.matches(names(resolver, friend), name -> name, text);
        if (hits.size() > 1) {
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + text + "' can be " + String.join(" or ", Spelling.quoted(hits)),
                    "write it as one of them");
        }
        return hits.stream().findFirst().orElse(text);
    }

    /** As it was followed, also of a friend who is none any more. */
    private Follow known(String text) throws InterruptedException {
        Resolver.Reference reference = reference(text);
        List<Follow> all =
                replies.ask(new ListFollows()).stream().map(Followed::follow).toList();
        List<Follow> named = Spelling.matches(all, Follow::share, String.valueOf(reference.share()));
        List<Follow> exact = named.stream()
                .filter(follow -> follow.friend().value().equalsIgnoreCase(reference.friend())
                        || follow.friend().local().equalsIgnoreCase(reference.friend()))
                .toList();
        List<Follow> hits = exact.isEmpty() ? ofFriend(named, reference.friend()) : exact;
        if (hits.size() > 1) {
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + text + "' can be "
                            + String.join(
                                    " or ",
                                    hits.stream()
                                            .map(follow -> follow.friend() + "/" + follow.share())
                                            .toList()),
                    "name one of them in full");
        }
        return hits.stream().findFirst().orElseThrow(() -> unknown(text, all));
    }

    private List<Follow> ofFriend(List<Follow> named, String friend) {
        return named.isEmpty()
                ? named
                : named.stream()
                        .filter(follow -> follow.friend()
                                .equals(new Resolver(replies.catalogue())
                                        .friend(friend)
                                        .jid()))
                        .toList();
    }

    private static UserException unknown(String text, List<Follow> all) {
        String near = Spelling.suggestion(all.stream().map(Follow::title).toList(), text);
        return new UserException(
                ErrorCode.UNKNOWN_FOLLOW,
                "you do not follow '" + text + "'",
                near.isEmpty()
                        ? "bitween follow lists what you follow"
                        : near + " bitween follow lists what you follow");
    }

    /** What is followed, and has this as its newest revision. */
    static Optional<Followed> find(Replies replies, InfoHash hash) throws InterruptedException {
        return replies.ask(new ListFollows()).stream()
                .filter(each -> each.newest() != null && each.newest().hash().equals(hash))
                .findFirst();
    }

    private View view(Followed followed) {
        Share newest = followed.newest();
        return view(followed.follow())
                .with("state", followed.state())
                .with("reason", followed.reason())
                .with("online", isOnline(followed.follow()))
                .with("offered", isOffered(followed.follow()))
                .with("near", newest == null ? near(followed.follow()) : List.of())
                .with("newest", newest == null ? null : share(newest))
                .with(
                        "transfer",
                        followed.job() == null
                                ? null
                                : new TransferViews(replies.catalogue()).transfer(followed.job()));
    }

    /** Whether the friend shares something of that name now, as they told last. */
    private boolean isOffered(Follow follow) {
        return !Spelling.matches(names(follow.friend()), name -> name, follow.share())
                .isEmpty();
    }

    /** What the friend shares under other names that may have been meant. */
    private List<String> near(Follow follow) {
        return isOffered(follow) ? List.of() : Spelling.similar(names(follow.friend()), follow.share());
    }

    private List<String> names(Jid jid) {
        Friend friend = replies.catalogue().friends().get(jid);
        return friend == null ? List.of() : names(new Resolver(replies.catalogue()), friend);
    }

    private static List<String> names(Resolver resolver, Friend friend) {
        return resolver.shares(friend).stream()
                .map(held -> held.share().name())
                .distinct()
                .toList();
    }

    private boolean isOnline(Follow follow) {
        Friend friend = replies.catalogue().friends().get(follow.friend());
        return friend != null && friend.isReachable();
    }

    private static View share(Share share) {
        return new View()
                .with("name", share.name())
                .with("hash", share.hash())
                .with("revision", share.revision() > 0 ? share.revision() : null)
                .with("files", share.files())
                .with("sizeBytes", share.sizeBytes());
    }

    private static View view(Follow follow) {
        return new View()
                .with("title", follow.title())
                .with("jid", follow.friend())
                .with("share", follow.share())
                .with("auto", follow.auto())
                .with("newOnly", follow.newOnly())
                .with("only", follow.only().stream().map(Choice::toString).toList())
                .with("maxBytes", follow.maxBytes())
                .with("mirror", follow.mirror())
                .with("notify", follow.notifies())
                .with("to", follow.directory())
                .with("since", follow.since());
    }
}

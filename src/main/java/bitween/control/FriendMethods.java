package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.FriendRequest.AddFriend;
import bitween.message.FriendRequest.RemoveFriend;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.util.List;
import java.util.Set;

/** The roster. */
final class FriendMethods {
    private final Replies replies;

    FriendMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add("friends", "the roster, who asks to be in it, and who is asked", List.of(), params -> friends());
        methods.add(
                "friend.add",
                "asks somebody to be a friend",
                List.of("jid"),
                params -> FriendViews.entry(replies.ask(new AddFriend(jid(params.text("jid"))))));
        methods.add(
                "friend.accept",
                "accepts somebody who asks",
                List.of("jid"),
                params -> FriendViews.entry(replies.ask(new AcceptFriend(asking(params.text("jid"))))));
        methods.add(
                "friend.rm",
                "removes a friend, or refuses somebody who asks",
                List.of("jid"),
                params -> FriendViews.entry(remove(known(params.text("jid")))));
    }

    /** Who comes back one day is granted things anew. */
    private RosterEntry remove(Jid jid) throws InterruptedException {
        RosterEntry removed = replies.ask(new RemoveFriend(jid));
        Grantee person = new Grantee.Person(jid);
        for (Transfer share : replies.catalogue().transfers().values()) {
            if (share.audience().grantees().contains(person)) {
                replies.ask(new RevokeShare(share.id(), Set.of(person)), changed -> changed);
            }
        }
        return removed;
    }

    private View friends() {
        Catalogue now = replies.catalogue();
        FriendViews views = new FriendViews(now);
        return new View()
                .with("friends", views.all().stream().map(views::friend).toList())
                .with(
                        "pending",
                        now.requests().stream().sorted().map(Jid::value).toList())
                .with(
                        "asked",
                        views.all().stream()
                                .filter(friend ->
                                        friend.entry() != null && friend.entry().asked())
                                .map(friend -> friend.jid().value())
                                .toList());
    }

    private static Jid jid(String text) {
        try {
            return new Jid(text);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "give the whole address", e);
        }
    }

    /** Who asks may be named by the part before the @; anybody else in full. */
    private Jid asking(String text) {
        List<Jid> hits = Spelling.matches(replies.catalogue().requests(), Jid::local, text);
        return hits.size() == 1 && text.indexOf('@') < 0 ? hits.get(0) : jid(text);
    }

    private Jid known(String text) {
        if (text.indexOf('@') >= 0) {
            return jid(text);
        }
        Catalogue now = replies.catalogue();
        List<Jid> asking = Spelling.matches(now.requests(), Jid::local, text);
        boolean nobodyElse = now.friends().keySet().stream()
                .noneMatch(friend -> friend.local().equalsIgnoreCase(text));
        return asking.size() == 1 && nobodyElse
                ? asking.get(0)
                : new Resolver(now).friendInFull(text).jid();
    }
}

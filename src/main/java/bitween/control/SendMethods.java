package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.message.SendRequest.AddSent;
import bitween.message.SendRequest.ListAllowances;
import bitween.message.SendRequest.ListOffers;
import bitween.message.SendRequest.ListSent;
import bitween.message.SendRequest.RemoveSent;
import bitween.message.SendRequest.ReturnOffer;
import bitween.message.SendRequest.SetAllowance;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.Sent;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is sent to one friend, and what friends send. */
final class SendMethods {
    /** Who wants to wait longer asks again. */
    private static final long MAX_WAIT_MS = 60_000;
    /** What became of an offer is stored before its share goes, which is what is waited for; and looked at so often besides. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Replies replies;

    SendMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add(
                "send.add",
                "offers a file or folder to one friend, who gets it or declines it; transfer.wait tells when it is hashed, of 'share' in the answer; 'piped': 'path' came through a pipe, and goes with the offer",
                List.of("path", "friend", "name?", "piped?"),
                this::add);
        methods.add(
                "send.rm",
                "takes an offer back; of one that has ended, forgets it",
                List.of("id"),
                params -> view(replies.ask(new RemoveSent(params.number("id", 1, Long.MAX_VALUE, 0)))));
        methods.add(
                "send.wait",
                "an offer, once it is taken, declined or taken back, or after 'timeoutMs'",
                List.of("id", "timeoutMs?"),
                this::await);
        methods.add(
                "sent",
                "what is and was sent",
                List.of(),
                params -> new View()
                        .with(
                                "sent",
                                replies.ask(new ListSent()).stream()
                                        .map(this::view)
                                        .toList()));
        methods.add(
                "offers",
                "what friends send and is not here yet, and how much of what they send comes by itself in a day",
                List.of(),
                params -> offers());
        methods.add(
                "offer.decline",
                "says no to what a friend sends, FRIEND/NAME or an info-hash",
                List.of("ref"),
                params -> decline(params.text("ref")));
        methods.add(
                "friend.allowance",
                "lets so many bytes of what a friend sends come by itself in a day, each file with 4096 at least; 0: nothing",
                List.of("friend", "bytesPerDay"),
                this::allow);
    }

    private View add(Params params) throws InterruptedException {
        Jid friend = person(params.text("friend"));
        Sent sent = replies.ask(new AddSent(
                ShareMethods.absolute(params.text("path")), params.optionalText("name"), friend, params.flag("piped")));
        replies.keeper().await(now -> sent.share() == null || now.transfers().containsKey(sent.share()), LOOK);
        return view(sent);
    }

    private Jid person(String text) {
        Set<Grantee> meant = new Grantees(replies.catalogue()).toGrant(List.of(text));
        if (meant.iterator().next() instanceof Grantee.Person person) {
            return person.jid();
        }
        throw new UserException(
                ErrorCode.BAD_ARGUMENT,
                "something is sent to one friend, and '" + text + "' can be many",
                "for many there is: bitween share PATH --to " + text);
    }

    private View await(Params params) throws InterruptedException {
        long id = params.number("id", 1, Long.MAX_VALUE, 0);
        long deadline = System.nanoTime()
                + Duration.ofMillis(params.number("timeoutMs", 0, MAX_WAIT_MS, MAX_WAIT_MS))
                        .toNanos();
        while (true) {
            Sent sent = find(id);
            long left = deadline - System.nanoTime();
            if (!sent.isOpen() || left <= 0) {
                return view(sent);
            }
            Duration most = Duration.ofNanos(Math.min(left, LOOK.toNanos()));
            Catalogue unused = replies.keeper()
                    .await(now -> sent.share() != null && !now.transfers().containsKey(sent.share()), most);
        }
    }

    private Sent find(long id) throws InterruptedException {
        return replies.ask(new ListSent()).stream()
                .filter(sent -> sent.id() == id)
                .findFirst()
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_SHARE,
                        "nothing of number " + id + " was sent",
                        "bitween send lists what was"));
    }

    private View offers() throws InterruptedException {
        List<OpenOffer> open = replies.ask(new ListOffers());
        Map<Jid, Long> allowances = replies.ask(new ListAllowances());
        return new View()
                .with("offers", open.stream().map(SendMethods::view).toList())
                .with(
                        "allowances",
                        allowances.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> allowance(entry.getKey(), entry.getValue()))
                                .toList());
    }

    private View decline(String ref) throws InterruptedException {
        InfoHash hash = new Resolver(replies.catalogue()).wanted(ref).hash();
        for (OpenOffer offer : replies.ask(new ListOffers())) {
            if (offer.share().hash().equals(hash)) {
                return view(replies.ask(new ReturnOffer(offer.friend(), hash)));
            }
        }
        throw new UserException(
                ErrorCode.UNKNOWN_SHARE, "nobody sends '" + ref + "'", "bitween offers lists what friends send");
    }

    private View allow(Params params) throws InterruptedException {
        Friend friend = new Resolver(replies.catalogue()).friendInFull(params.text("friend"));
        long bytes = params.number("bytesPerDay", 0, Long.MAX_VALUE, 0);
        return allowance(friend.jid(), replies.ask(new SetAllowance(friend.jid(), bytes)));
    }

    private static View allowance(Jid jid, long bytes) {
        return new View().with("jid", jid).with("bytesPerDay", bytes);
    }

    static View view(OpenOffer offer) {
        return new View()
                .with("jid", offer.friend())
                .with("name", offer.share().name())
                .with("hash", offer.share().hash())
                .with("sizeBytes", offer.share().sizeBytes())
                .with("files", offer.share().files())
                .with("since", offer.since())
                .with("state", offer.state())
                .with("unavailable", offer.share().unavailable());
    }

    private View view(Sent sent) {
        Transfer share =
                sent.share() == null ? null : replies.catalogue().transfers().get(sent.share());
        return new View()
                .with("id", sent.id())
                .with("jid", sent.friend())
                .with("name", sent.name())
                .with("path", sent.piped() ? null : sent.path())
                .with("since", sent.since())
                .with("outcome", sent.outcome())
                .with("ended", sent.ended())
                .with(
                        "sizeBytes",
                        share == null || share.share() == null
                                ? sent.sizeBytes()
                                : (Long) share.share().sizeBytes())
                .with("hash", share == null ? sent.hash() : share.hash())
                .with("share", share == null ? null : new TransferViews(replies.catalogue()).transfer(share));
    }
}

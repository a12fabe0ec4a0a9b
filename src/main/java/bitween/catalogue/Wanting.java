package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent.Match;
import bitween.message.CatalogueEvent.WantFound;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.WantRequest.AddWant;
import bitween.message.WantRequest.ListWants;
import bitween.message.WantRequest.RemoveWant;
import bitween.model.Audience;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.model.Want;
import bitween.store.SearchIndex;
import bitween.store.SearchIndex.Hit;
import bitween.store.WantStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tells when somebody shares what the user waits for, and gets it where that was asked for. Each find is told once, also over restarts; what is here or on its way
 * is none. Thread: {@code search}, behind the {@link SearchKeeper}, which says when there is something new.
 */
public final class Wanting {
    private static final Logger log = LogManager.getLogger(Wanting.class);
    /** More are never waited for by a person. */
    private static final int MAX_WANTS = 100;
    /** More finds of one want at a time are no help: its words are too common. */
    private static final int MAX_HITS = 1_000;

    private final Bus bus;
    private final Mailbox mailbox;
    private final CatalogueKeeper keeper;
    private final SearchIndex index;
    private final WantStore store;
    private final Clock clock;
    /** Whether it is known what is here. */
    private boolean begun;

    public Wanting(Bus bus, Mailbox mailbox, CatalogueKeeper keeper, SearchIndex index, WantStore store, Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.keeper = keeper;
        this.index = index;
        this.store = store;
        this.clock = clock;
        bus.answer(AddWant.class, mailbox, this::onAddWant);
        bus.answer(RemoveWant.class, mailbox, this::onRemoveWant);
        bus.answer(ListWants.class, mailbox, this::onListWants);
    }

    private Want onAddWant(AddWant request) {
        String words = request.words().strip();
        if (words.length() > Want.MAX_CHARS || words.codePoints().noneMatch(Character::isLetterOrDigit)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + words + "' is nothing to wait for",
                    "say words that its name has, at most " + Want.MAX_CHARS + " characters");
        }
        if (store.wants().size() >= MAX_WANTS) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "you wait for " + MAX_WANTS + " things already",
                    "bitween want lists them; bitween want --rm NUMBER ends one");
        }
        Want added = store.add(words, request.auto(), clock.instant());
        mailbox.execute(this::look); // after the answer
        return added;
    }

    private Want onRemoveWant(RemoveWant request) {
        return store.remove(request.id())
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_WANT,
                        "you wait for nothing of number " + request.id(),
                        "bitween want lists what you wait for"));
    }

    private List<Want> onListWants(ListWants request) {
        return store.wants();
    }

    /** Once the catalogue shows what is here. Any thread. */
    public void begin() {
        mailbox.execute(() -> {
            begun = true;
            look();
        });
    }

    /** There may be more in the index than before. On the mailbox. */
    public void look() {
        if (begun) {
            store.wants().forEach(this::look);
        }
    }

    private void look(Want want) {
        Map<InfoHash, List<Hit>> found = new LinkedHashMap<>();
        for (Hit hit : index.find(want.words(), Set.of(), this::isNew, MAX_HITS)) {
            found.computeIfAbsent(hit.hash(), first -> new ArrayList<>()).add(hit);
        }
        found.values().forEach(hits -> tell(want, hits));
    }

    /** Of friends, and neither here nor on its way. */
    private boolean isNew(Hit hit) {
        Catalogue now = keeper.current();
        return now.transfer(hit.hash()).isEmpty() && !now.holders(hit.hash()).isEmpty();
    }

    /** @param hits in one share: itself comes first, if its name has the words, and then stands for all in it */
    private void tell(Want want, List<Hit> hits) {
        List<Hit> told = (hits.get(0).isFile() ? hits : hits.subList(0, 1))
                .stream()
                        .filter(hit -> store.tell(want.id(), hit.hash(), hit.path()))
                        .toList();
        for (Hit hit : told) {
            log.info("{} is shared now, which '{}' waits for", hit, want.words());
            bus.publish(new WantFound(want, new Match(hit.hash(), hit.name(), hit.path(), hit.sizeBytes())));
        }
        if (want.auto() && !told.isEmpty()) {
            get(want, told);
        }
    }

    private void get(Want want, List<Hit> told) {
        Hit first = told.get(0);
        List<Choice> only = told.stream()
                .filter(Hit::isFile)
                .map(hit -> new Choice(hit.path(), ""))
                .toList();
        var unused = bus.ask(new FetchShare(first.hash(), first.name(), null, Audience.NOBODY, only))
                .whenComplete((fetched, failure) -> {
                    if (failure != null) {
                        log.warn("{}, which '{}' waits for, is not got: {}", first.name(), want.words(), said(failure));
                    }
                });
    }

    private static String said(Throwable failure) {
        Throwable cause = Bus.causeOf(failure);
        return cause instanceof UserException why ? why.sentence() : String.valueOf(cause);
    }
}

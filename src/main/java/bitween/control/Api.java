package bitween.control;

import bitween.bus.Bus;
import bitween.catalogue.CatalogueKeeper;
import bitween.events.EventLog;

/** All that can be called. */
public final class Api {
    private Api() {}

    /**
     * @param requestShutdown begins a clean stop and returns at once
     * @param fileLists for {@code ls}
     * @param finder for {@code find}
     * @param origins for {@code info} of a file
     * @param histories for {@code log} and {@code diff}
     * @param events for {@code events}
     * @param settings for {@code config.reload}
     * @param originals for {@code import}
     */
    public static Methods methods(
            Bus bus,
            CatalogueKeeper keeper,
            DaemonFacts facts,
            Runnable requestShutdown,
            FileLists fileLists,
            Finder finder,
            Origins origins,
            Histories histories,
            EventLog events,
            LiveSettings settings,
            OriginalTorrents originals) {
        Methods methods = new Methods();
        Replies replies = new Replies(bus, keeper);
        new StatusMethods(bus, keeper, facts, requestShutdown).addTo(methods);
        new CheckMethods(facts.check()).addTo(methods);
        new DoctorMethods(replies, facts).addTo(methods);
        new ThreadMethods().addTo(methods);
        new FriendMethods(replies, facts.device()).addTo(methods);
        new LimitMethods(replies).addTo(methods);
        new AwayMethods(replies).addTo(methods);
        new ShareMethods(replies, facts.usualAudience()).addTo(methods);
        new JobMethods(replies, fileLists, histories, origins, facts.usualAudience()).addTo(methods);
        new BrowseMethods(replies, fileLists).addTo(methods);
        new OriginMethods(origins).addTo(methods);
        new HistoryMethods(replies, histories).addTo(methods);
        new CompletionMethods(replies, fileLists).addTo(methods);
        new FindMethods(replies, finder).addTo(methods);
        new WantMethods(replies).addTo(methods);
        new SendMethods(replies).addTo(methods);
        new FollowMethods(replies, facts.usualNotify(), facts.clock()).addTo(methods);
        new EventMethods(events).addTo(methods);
        new ConfigMethods(settings).addTo(methods);
        new ImportMethods(originals).addTo(methods);
        new OriginalMethods(replies, fileLists).addTo(methods, facts, requestShutdown);
        return methods;
    }
}

package bitween.app;

import bitween.control.Finder;
import bitween.store.SearchIndex;
import bitween.store.SearchIndex.Hit;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What {@code find} looks at. */
final class IndexedNames implements Finder {
    /** Of who asks; a million names take some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SearchIndex index;

    IndexedNames(SearchIndex index) {
        this.index = index;
    }

    @Override
    public List<Found> words(String text, Set<String> endings, Predicate<Found> wanted, int limit) {
        return found(index.find(text, endings, hit -> wanted.test(found(hit)), limit));
    }

    @Override
    public List<Found> pattern(Pattern pattern, Predicate<Found> wanted, int limit) {
        return found(index.find(pattern, hit -> wanted.test(found(hit)), limit, PATIENCE));
    }

    private static List<Found> found(List<Hit> hits) {
        return hits.stream().map(IndexedNames::found).toList();
    }

    private static Found found(Hit hit) {
        return new Found(hit.hash(), hit.name(), hit.path(), hit.sizeBytes());
    }
}

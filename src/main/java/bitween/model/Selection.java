package bitween.model;

import java.util.List;

/**
 * What a job gets of a share, where that is not all.
 *
 * @param choices what is wanted: each of them
 * @param here which files are in place, a bit each by their order in the info dictionary, lowest first; the others are still to come
 * @param files how many are wanted; 0 until the metadata are here
 * @param sizeBytes of these; 0 until the metadata are here
 */
public record Selection(List<Choice> choices, Bytes here, int files, long sizeBytes) {
    public Selection {
        choices = List.copyOf(choices);
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("a selection has a choice at least");
        }
    }

    /** Before it is known what it means. */
    public static Selection of(List<Choice> choices) {
        return new Selection(choices, Bytes.EMPTY, 0, 0);
    }

    /** As people write it. */
    public List<String> texts() {
        return choices.stream().map(Choice::toString).toList();
    }

    public boolean isBegun() {
        return here.size() > 0;
    }
}

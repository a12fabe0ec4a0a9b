package bitween.message;

import bitween.bus.Request;
import bitween.model.Want;
import java.util.List;

/** What the user waits for somebody to share. Each fails with a {@link bitween.model.UserException}. */
public sealed interface WantRequest<R> extends Request<R> {
    /** From now on; what is shared already is told at once. Fails with BAD_ARGUMENT. */
    record AddWant(String words, boolean auto) implements WantRequest<Want> {}

    /** Fails with UNKNOWN_WANT. */
    record RemoveWant(long id) implements WantRequest<Want> {}

    /** All, oldest first. */
    record ListWants() implements WantRequest<List<Want>> {}
}

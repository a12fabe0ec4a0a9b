package bitween.message;

import bitween.bus.Request;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Jid;
import java.util.List;

/** What the user follows. Each fails with a {@link bitween.model.UserException}. */
public sealed interface FollowRequest<R> extends Request<R> {
    /** From now on, or otherwise than before; answered once it is stored. Fails with BAD_ARGUMENT when it is too much. */
    record AddFollow(Follow follow) implements FollowRequest<Followed> {}

    /** What has come stays. Fails with UNKNOWN_FOLLOW. */
    record RemoveFollow(Jid friend, String share) implements FollowRequest<Follow> {}

    /** All, oldest first. */
    record ListFollows() implements FollowRequest<List<Followed>> {}
}

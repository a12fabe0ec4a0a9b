package bitween.model;

import java.time.Instant;

/** Why a transfer does not go on: data for programs, a sentence for people. */
public record Failure(ErrorCode code, String reason, String hint, Instant since) {
    public static Failure of(UserException e, Instant now) {
        return new Failure(e.code(), e.sentence(), e.hint(), now);
    }
}

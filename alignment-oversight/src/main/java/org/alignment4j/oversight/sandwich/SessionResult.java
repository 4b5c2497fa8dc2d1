package org.alignment4j.oversight.sandwich;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.oversight.Verdict;
import org.apiguardian.api.API;

/**
 * The answers of a session, each empty where the session ended before.
 *
 * @param unaided the participant's, alone
 * @param assisted the participant's, after speaking with the model
 * @param model the model's, alone
 * @param expert the expert's; empty too where the key stands for an expert
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SessionResult(
    Optional<Verdict> unaided,
    Optional<Verdict> assisted,
    Optional<Verdict> model,
    Optional<Verdict> expert) {

  /** No answer yet. */
  static final SessionResult NONE =
      new SessionResult(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Checks that nothing is missing. */
  public SessionResult {
    Objects.requireNonNull(unaided, "unaided");
    Objects.requireNonNull(assisted, "assisted");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(expert, "expert");
  }

  SessionResult withUnaided(Verdict verdict) {
    return new SessionResult(Optional.of(verdict), assisted, model, expert);
  }

  SessionResult withAssisted(Verdict verdict) {
    return new SessionResult(unaided, Optional.of(verdict), model, expert);
  }

  SessionResult withModel(Verdict verdict) {
    return new SessionResult(unaided, assisted, Optional.of(verdict), expert);
  }

  SessionResult withExpert(Verdict verdict) {
    return new SessionResult(unaided, assisted, model, Optional.of(verdict));
  }
}

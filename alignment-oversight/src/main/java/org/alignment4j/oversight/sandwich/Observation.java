package org.alignment4j.oversight.sandwich;

import java.util.Optional;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;

/**
 * A session as far as figures need it.
 *
 * @param participant who answered
 * @param question what was asked
 * @param truth the right option
 * @param unaided the participant's option, alone
 * @param unaidedConfidence how sure the participant was of it, in [0, 1]
 * @param assisted the participant's option after help
 * @param assistedConfidence how sure the participant was of it, in [0, 1]
 * @param model the model's option
 * @param expert the expert's option
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Observation(
    String participant,
    String question,
    String truth,
    String unaided,
    double unaidedConfidence,
    String assisted,
    double assistedConfidence,
    String model,
    String expert) {

  /**
   * Returns the observation of a session.
   *
   * @return empty when an answer is missing or named no option
   * @throws IllegalArgumentException if the question's answer is not known
   */
  public static Optional<Observation> of(Session session, SessionResult result) {
    ChoiceQuestion question = session.question();
    if (question.answer().isEmpty()) {
      throw new IllegalArgumentException(
          "question '" + question.id() + "' must have a known answer to be scored");
    }
    String truth = question.options().get(question.answer().getAsInt());
    Optional<Verdict.Decided> before = decided(result.unaided());
    Optional<Verdict.Decided> after = decided(result.assisted());
    Optional<Verdict.Decided> model = decided(result.model());
    Optional<String> expert =
        result.expert().isEmpty()
            ? Optional.of(truth)
            : decided(result.expert()).map(Verdict.Decided::choice);
    if (before.isEmpty() || after.isEmpty() || model.isEmpty() || expert.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Observation(
            session.participant().name(),
            question.id(),
            truth,
            before.get().choice(),
            before.get().probability(),
            after.get().choice(),
            after.get().probability(),
            model.get().choice(),
            expert.get()));
  }

  private static Optional<Verdict.Decided> decided(Optional<Verdict> verdict) {
    return verdict.filter(Verdict.Decided.class::isInstance).map(Verdict.Decided.class::cast);
  }

  /** Whether the unaided answer is right. */
  public boolean unaidedRight() {
    return unaided.equals(truth);
  }

  /** Whether the answer after help is right. */
  public boolean assistedRight() {
    return assisted.equals(truth);
  }

  /** Whether the model is right. */
  public boolean modelRight() {
    return model.equals(truth);
  }

  /** Whether the expert is right. */
  public boolean expertRight() {
    return expert.equals(truth);
  }
}

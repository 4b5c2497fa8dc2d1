package org.alignment4j.oversight.constitution;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.apiguardian.api.API;

/**
 * An answer and its revisions, each of the one before.
 *
 * @param prompt what was asked
 * @param answer the answer before any revision; empty when there was none in the required form
 * @param steps the revisions, in order
 * @param ending why the chain has no more
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RevisionChain(
    Prompt prompt, Optional<String> answer, List<RevisionStep> steps, Ending ending) {
  /** Who answers. */
  public static final String ASSISTANT = "Assistant";

  /** Who criticises. */
  public static final String CRITIC = "Critic";

  /** Who revises. */
  public static final String REVISER = "Reviser";

  private static final String ANNOTATOR = "constitution";

  /** Why a chain ended. */
  public enum Ending {
    /** It has all revisions. */
    COMPLETE,
    /** No attempt gave an answer in the required form. */
    NO_ANSWER,
    /** No attempt gave a critique in the required form; what was there before is kept. */
    NO_CRITIQUE,
    /** No attempt gave a revision in the required form; what was there before is kept. */
    NO_REVISION,
    /** The budget ended. */
    BUDGET
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there are revisions of no answer
   */
  public RevisionChain {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(ending, "ending");
    steps = List.copyOf(steps);
    if (answer.isEmpty() && !steps.isEmpty()) {
      throw new IllegalArgumentException("a chain without an answer must have no revisions");
    }
  }

  /** Whether the chain ended before its last revision. */
  public boolean stopped() {
    return ending != Ending.COMPLETE;
  }

  /** The last revision; the answer when there is none; empty when there is neither. */
  public Optional<String> last() {
    return steps.isEmpty() ? answer : Optional.of(steps.get(steps.size() - 1).revision());
  }

  /** Returns all revisions as demonstrations: what SL-CAI trains on (section 3.1). */
  public List<Demonstration> demonstrations() {
    return demonstrations(step -> true);
  }

  /**
   * Returns revisions as demonstrations.
   *
   * @param kept which ones, such as those that are not evasive
   */
  public List<Demonstration> demonstrations(Predicate<? super RevisionStep> kept) {
    return steps.stream()
        .filter(kept)
        .map(step -> Demonstration.answer(prompt, step.revision()))
        .toList();
  }

  /** Returns the last revision preferred to the answer; empty when they do not differ. */
  public Optional<PreferencePair> preference() {
    if (steps.isEmpty() || last().equals(answer)) {
      return Optional.empty();
    }
    return Optional.of(
        new PreferencePair(
            prompt,
            last().orElseThrow(),
            answer.orElseThrow(),
            1,
            OptionalDouble.empty(),
            ANNOTATOR));
  }
}

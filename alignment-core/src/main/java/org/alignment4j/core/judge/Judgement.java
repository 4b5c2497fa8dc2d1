package org.alignment4j.core.judge;

import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a judge model came to.
 *
 * @param <T> the verdicts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Judgement<T> {

  /** What it cost, the repair included. */
  Usage usage();

  /**
   * Returns the judgement as a score: without a verdict it is unscored, never a number.
   *
   * @param value the number of a verdict
   */
  default Score toScore(ToDoubleFunction<? super T> value) {
    if (this instanceof Given<T> given) {
      return new Score.Scored(value.applyAsDouble(given.value()));
    }
    return new Score.Unscored("no verdict: " + ((Unparsed<T>) this).problem());
  }

  /**
   * The judge gave a verdict.
   *
   * @param value the verdict
   * @param reply what the judge said, in the first reply and the repair
   * @param repaired whether it had to be asked for the form again
   * @param usage what it cost
   * @param <T> the verdicts
   */
  record Given<T>(T value, String reply, boolean repaired, Usage usage) implements Judgement<T> {
    /** Checks that nothing is missing. */
    public Given {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(reply, "reply");
      Objects.requireNonNull(usage, "usage");
    }
  }

  /**
   * The judge gave none, in the repair neither, if there was one.
   *
   * @param reply what the judge said, in the first reply and the repair
   * @param problem what was wrong with the last reply
   * @param usage what it cost
   * @param <T> the verdicts
   */
  record Unparsed<T>(String reply, String problem, Usage usage) implements Judgement<T> {
    /** Checks that nothing is missing. */
    public Unparsed {
      Objects.requireNonNull(reply, "reply");
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(usage, "usage");
    }
  }
}

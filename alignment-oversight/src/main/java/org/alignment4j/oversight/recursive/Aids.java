package org.alignment4j.oversight.recursive;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;

/**
 * Where an evaluator's aids come from.
 *
 * @param helper who gives them: the agent of the level below
 * @param split what it is asked
 * @param about which item it is asked about: the one that is evaluated, or as a baseline another
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Aids(Agent helper, EvaluationSplit split, UnaryOperator<ChoiceQuestion> about) {
  /** Checks that nothing is missing. */
  public Aids {
    Objects.requireNonNull(helper, "helper");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(about, "about");
  }

  /** Returns aids about the item that is evaluated. */
  public static Aids by(Agent helper, EvaluationSplit split) {
    return new Aids(helper, split, UnaryOperator.identity());
  }

  /** Returns the aids of another item, which should be worth nothing. */
  public Aids about(UnaryOperator<ChoiceQuestion> other) {
    return new Aids(helper, split, other);
  }
}

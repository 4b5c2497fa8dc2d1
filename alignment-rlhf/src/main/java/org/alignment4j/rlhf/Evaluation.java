package org.alignment4j.rlhf;

import java.util.Objects;
import java.util.regex.Pattern;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * An evaluation of the model that is trained: after every so many steps and after the last one.
 * What it gives joins the metrics of the step as {@code eval/NAME/METRIC}. Immutable.
 *
 * <p>A step is what a trainer reports metrics of: an update; of {@link PolicyTrainer} a step, with
 * all its updates; of {@link RaftTrainer} an iteration.
 *
 * <pre>{@code
 * Evaluation.ofModel("held-out", 50, model -> Map.of("accuracy", accuracy(model))).atStart()
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Evaluation {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  private final String name;
  private final long every;
  private final boolean atStart;
  private final Target target;

  /** What is evaluated, and by whom. */
  sealed interface Target {
    /** A language model. */
    record Language(ModelEvaluator<DecoderModel> evaluator) implements Target {}

    /** A reward model. */
    record Rewards(ModelEvaluator<TrainedRewardModel> evaluator) implements Target {}
  }

  private Evaluation(String name, long every, boolean atStart, Target target) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name must be letters, digits, dots, dashes and underscores but was '" + name + "'");
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1 but was " + every);
    }
    this.name = name;
    this.every = every;
    this.atStart = atStart;
    this.target = target;
  }

  /**
   * Evaluates a language model.
   *
   * @param name names the metrics: letters, digits, dots, dashes and underscores
   * @param every steps between two evaluations, at least 1
   * @param evaluator measures the model
   * @return the evaluation
   * @throws IllegalArgumentException when the name or the number is none
   */
  public static Evaluation ofModel(
      String name, long every, ModelEvaluator<DecoderModel> evaluator) {
    return new Evaluation(
        name, every, false, new Target.Language(Objects.requireNonNull(evaluator, "evaluator")));
  }

  /**
   * Evaluates a reward model, a cost model, or what a process reward model is made of.
   *
   * @param name names the metrics: letters, digits, dots, dashes and underscores
   * @param every steps between two evaluations, at least 1
   * @param evaluator measures the model
   * @return the evaluation
   * @throws IllegalArgumentException when the name or the number is none
   */
  public static Evaluation ofRewards(
      String name, long every, ModelEvaluator<TrainedRewardModel> evaluator) {
    return new Evaluation(
        name, every, false, new Target.Rewards(Objects.requireNonNull(evaluator, "evaluator")));
  }

  /**
   * Returns an evaluation that is also made before the first step, as step 0.
   *
   * @return a new evaluation
   */
  public Evaluation atStart() {
    return new Evaluation(name, every, true, target);
  }

  /**
   * Returns what names its metrics.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  boolean due(long step) {
    return step == 0 ? atStart : step % every == 0;
  }

  Target target() {
    return target;
  }

  @Override
  public String toString() {
    return "evaluation '%s' every %s steps%s"
        .formatted(name, every, atStart ? " from the start" : "");
  }
}

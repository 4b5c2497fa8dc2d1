package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.StepRewardModel;
import org.alignment4j.api.reward.StepwiseSolution;
import org.apiguardian.api.API;

/**
 * Rewards of whole answers by a process reward model: an answer is cut into steps at a separator,
 * of which empty ones count for nothing, and the steps' probabilities are put together. The reward
 * is from 0 to 1, with the number of steps as the component {@code steps}. Immutable and safe for
 * concurrent calls; {@link #close} closes the model of steps where it can be closed.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StepwiseRewardModel implements RewardModel, AutoCloseable {

  private static final String STEPS = "steps";

  private final StepRewardModel model;
  private final String separator;
  private final StepAggregation aggregation;

  private StepwiseRewardModel(
      StepRewardModel model, String separator, StepAggregation aggregation) {
    this.model = Objects.requireNonNull(model, "model");
    this.separator = separator;
    this.aggregation = Objects.requireNonNull(aggregation, "aggregation");
  }

  /**
   * Returns rewards of answers.
   *
   * @param model scores steps; closed with this
   * @param separator where steps end, as in the model's training
   * @param aggregation makes one number of the steps'
   * @return the reward model
   * @throws IllegalArgumentException when the separator is empty
   */
  public static StepwiseRewardModel of(
      StepRewardModel model, String separator, StepAggregation aggregation) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("separator must not be empty");
    }
    return new StepwiseRewardModel(model, separator, aggregation);
  }

  /**
   * Returns what scores steps.
   *
   * @return the model, closed with this
   */
  public StepRewardModel steps() {
    return model;
  }

  @Override
  public String id() {
    return "stepwise(%s, %s)".formatted(model.id(), aggregation);
  }

  /**
   * Scores every answer.
   *
   * @throws IllegalArgumentException also when an answer has no step, naming its index
   */
  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<StepwiseSolution> solutions = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      List<String> steps =
          Arrays.stream(answer.completion().split(Pattern.quote(separator)))
              .filter(step -> !step.isEmpty())
              .toList();
      if (steps.isEmpty()) {
        throw new IllegalArgumentException(
            "answers[%s] must have at least one step but was empty".formatted(solutions.size()));
      }
      solutions.add(new StepwiseSolution(answer.prompt(), steps));
    }
    List<double[]> scores = model.scoreSteps(solutions, cancellation);
    return scores.stream()
        .map(
            steps ->
                new Reward(
                    aggregation.of(steps),
                    Map.of(STEPS, (double) steps.length),
                    OptionalDouble.empty()))
        .toList();
  }

  /** Closes the model of steps. */
  @Override
  public void close() {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ModelExecutionException("could not close " + model.id(), e);
      }
    }
  }
}

package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.StepRewardModel;
import org.alignment4j.api.reward.StepwiseSolution;
import org.apiguardian.api.API;

/**
 * Rewards of whole answers by a process reward model: an answer is cut into steps at a separator,
 * of which empty ones count for nothing, and the steps' probabilities are put together. The reward
 * is from 0 to 1, with the number of steps as the component {@code steps}; an answer without a step
 * shows none that is right and is given 0, unseen by the model. Immutable and safe for concurrent
 * calls; {@link #close} closes the model of steps where it can be closed.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StepwiseRewardModel implements TokenizedRewardModel, AutoCloseable {

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
   * Returns rewards of answers whose steps end where those of the model's training did.
   *
   * @param model scores steps; closed with this
   * @param aggregation makes one number of the steps'
   * @return the reward model
   */
  public static StepwiseRewardModel of(TrainedStepRewardModel model, StepAggregation aggregation) {
    return of(model, model.separator(), aggregation);
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
  public List<Tokenizer> tokenizers() {
    return model instanceof TokenizedStepRewardModel reader ? reader.tokenizers() : List.of();
  }

  @Override
  public String id() {
    return "stepwise(%s, %s)".formatted(model.id(), aggregation);
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<StepwiseSolution> solutions = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>(Collections.nCopies(answers.size(), reward(0, 0)));
    for (int i = 0; i < answers.size(); i++) {
      List<String> steps =
          Arrays.stream(answers.get(i).completion().split(Pattern.quote(separator)))
              .filter(step -> !step.isEmpty())
              .toList();
      if (!steps.isEmpty()) {
        solutions.add(new StepwiseSolution(answers.get(i).prompt(), steps));
        places.add(i);
      }
    }
    if (solutions.isEmpty()) {
      return rewards;
    }
    List<double[]> scores = scoreSteps(solutions, places, cancellation);
    for (int i = 0; i < places.size(); i++) {
      double[] steps = scores.get(i);
      rewards.set(places.get(i), reward(aggregation.of(steps), steps.length));
    }
    return rewards;
  }

  private List<double[]> scoreSteps(
      List<StepwiseSolution> solutions, List<Integer> places, CancellationToken cancellation) {
    try {
      return model.scoreSteps(solutions, cancellation);
    } catch (UnreadableSolutionException e) {
      throw new IllegalArgumentException(
          "answers[%s]: %s".formatted(places.get(e.index()), e.problem()), e);
    }
  }

  private static Reward reward(double value, int steps) {
    return new Reward(value, Map.of(STEPS, (double) steps), OptionalDouble.empty());
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

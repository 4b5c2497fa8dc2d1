package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;

/** A critic as it is trained. Owned by one training. */
final class PolicyCritic implements AutoCloseable {

  private final SequenceClassifier start;
  private final Network network;
  private final double coefficient;
  private final LearningRateSchedule schedule;
  private final String prefix;
  private final RowCosts costs;

  /**
   * Takes over classifier and network, which are closed with this.
   *
   * @param coefficient what the loss is multiplied by
   * @param prefix what its metrics' names begin with
   */
  PolicyCritic(
      SequenceClassifier start,
      Network network,
      double coefficient,
      LearningRateSchedule schedule,
      String prefix) {
    this.start = start;
    this.network = network;
    this.coefficient = coefficient;
    this.schedule = schedule;
    this.prefix = prefix;
    this.costs = RowCosts.of(start.architecture().config());
  }

  Network network() {
    return network;
  }

  LearningRateSchedule schedule() {
    return schedule;
  }

  /** Most tokens of a prompt and its answer. */
  int context() {
    return start.architecture().config().maxPositions();
  }

  /** What the names of its metrics begin with. */
  String prefix() {
    return prefix;
  }

  /**
   * The values of completions as the critic is now.
   *
   * @param steps how many states of each are valued, as in {@link RolloutRows}
   */
  TokenValues values(SampledStep sampled, int[] steps, CancellationToken cancellation) {
    return RolloutOutputs.of(sampled.answers(), steps, costs, cancellation, network::outputs);
  }

  /**
   * Makes an update.
   *
   * @param part indices of its completions
   * @param at number of the update in the whole training, from 0
   * @param total updates of the whole training
   * @return what to report; empty where none of the completions is learned from
   */
  Map<String, Double> update(
      SampledStep sampled, ValueTargets targets, int[] part, long at, long total) {
    List<MicroBatch> batches = batches(sampled, targets, part);
    if (batches.isEmpty()) {
      return Map.of();
    }
    double rate = schedule.at(at, total);
    Network.Update update = network.update(batches, rate);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(prefix + "value_loss", update.outcome().loss() / coefficient);
    metrics.put(prefix + "value_grad_norm", update.gradientNorm());
    metrics.put(prefix + "value_learning_rate", rate);
    update
        .outcome()
        .metrics()
        .forEach((name, value) -> metrics.put(prefix + name.replace('/', '_'), value));
    return metrics;
  }

  private List<MicroBatch> batches(SampledStep sampled, ValueTargets targets, int[] part) {
    int[] kept = Arrays.stream(part).filter(i -> targets.mask().count(i) > 0).toArray();
    if (kept.length == 0) {
      return List.of();
    }
    CompletionMask mask = targets.mask().select(kept);
    double[][] weights =
        PolicyBatches.rows(TokenWeights.tokenMean().weights(mask).map(w -> w * coefficient));
    double[][] old = PolicyBatches.rows(targets.old().select(kept));
    double[][] returns = PolicyBatches.rows(targets.returns().select(kept));
    List<RolloutRows.Answer> answers = sampled.answers();
    List<RolloutRows.Answer> chosen = Arrays.stream(kept).mapToObj(answers::get).toList();
    int[] steps = new int[kept.length];
    Arrays.setAll(steps, mask::length);
    List<MicroBatch> batches = new ArrayList<>();
    for (RolloutRows.Batch batch : RolloutRows.microBatches(chosen, steps, costs)) {
      Map<String, FloatInput> inputs = new HashMap<>();
      inputs.put(ValueObjective.WEIGHTS, PolicyBatches.vector(batch.gather(weights)));
      inputs.put(ValueObjective.OLD, PolicyBatches.vector(batch.gather(old)));
      inputs.put(ValueObjective.RETURNS, PolicyBatches.vector(batch.gather(returns)));
      batches.add(batch.with(inputs));
    }
    return batches;
  }

  /** The critic as it is now, a classifier of its own. */
  SequenceClassifier classifier() {
    FlatParameters parameters = network.step().parameters();
    Trainable trainable = network.trainable();
    List<WeightTensor> trained = new ArrayList<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      if (trainable.base().contains(slot.name())) {
        trained.add(parameters.snapshot(slot.name()));
      }
    }
    Weights weights = start.weights().with(trained);
    return trainable instanceof Trainable.Adapter adapter
        ? start.with(weights, adapter.start().withParameters(parameters))
        : start.with(weights, null);
  }

  @Override
  public void close() {
    Closing.all(network, start);
  }
}

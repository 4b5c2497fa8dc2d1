package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MetricValues;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.TokenEntropies;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;

/** The policy as it is trained, and the reference it is measured against. Owned by one training. */
final class PolicyActor implements AutoCloseable {

  private final DecoderModel start;
  private final Network network;
  private final LearningRateSchedule schedule;
  private final UpdateTerms terms;
  private final RowCosts costs;
  private final FrozenPolicy reference;

  /**
   * Takes over model, reference and network, which are closed with this.
   *
   * @param costs what a run over tokens costs
   * @param terms what updates minimise
   */
  PolicyActor(
      DecoderModel start,
      FrozenPolicy reference,
      Network network,
      LearningRateSchedule schedule,
      UpdateTerms terms,
      RowCosts costs) {
    this.start = start;
    this.network = network;
    this.schedule = schedule;
    this.terms = terms;
    this.costs = costs;
    this.reference = reference;
  }

  Network network() {
    return network;
  }

  DecoderModel start() {
    return start;
  }

  /** Where the update takes the log-probabilities under the policy that sampled from. */
  PolicyObjective.Old old() {
    return terms.objective().old();
  }

  LearningRateSchedule schedule() {
    return schedule;
  }

  /**
   * The policy until the next update, which must not come before the model is closed: what is
   * trained is not copied.
   */
  DecoderModel present() {
    PresentModel present = new PresentModel(network.trainable(), network.step());
    return present
        .adapter()
        .map(start::withAdapter)
        .orElseGet(() -> start.withWeights(present.weights()));
  }

  /** The policy as it is now, a model of its own. */
  DecoderModel model() {
    FlatParameters parameters = network.step().parameters();
    if (network.trainable() instanceof Trainable.Adapter adapter) {
      return start.withAdapter(adapter.start().withParameters(parameters));
    }
    List<WeightTensor> trained = new ArrayList<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      trained.add(parameters.snapshot(slot.name()));
    }
    return start.withWeights(start.weights().with(trained));
  }

  /** Log-probabilities of completions under the policy as it is now. */
  TokenValues logProbs(List<RolloutRows.Answer> answers, CancellationToken cancellation) {
    int[] lengths = answers.stream().mapToInt(a -> a.completion().size()).toArray();
    return RolloutOutputs.of(answers, lengths, costs, cancellation, network::outputs);
  }

  /** The same with the entropies of the distributions that the tokens were drawn from. */
  RolloutOutputs.Sureness sureness(
      List<RolloutRows.Answer> answers, CancellationToken cancellation) {
    PresentModel present = new PresentModel(network.trainable(), network.step());
    LoraAdapter adapter = present.adapter().orElse(null);
    double temperature = terms.objective().temperature();
    try (BoundWeights weights = BoundWeights.of(start.engine().runtime(), present.weights())) {
      return RolloutOutputs.sureness(
          answers,
          costs,
          cancellation,
          batch -> TokenEntropies.of(start.engine(), weights, adapter, temperature, batch));
    }
  }

  /** What updates minimise besides the loss of completions. */
  UpdateTerms terms() {
    return terms;
  }

  /** Log-probabilities of completions under the reference. */
  TokenValues referenceLogProbs(SampledStep sampled, CancellationToken cancellation) {
    return RolloutOutputs.of(
        sampled.answers(), sampled.lengths(), reference.costs(), cancellation, reference::labels);
  }

  /** Most tokens of a prompt and its answer that policy and reference can read. */
  int context() {
    return Math.min(start.architecture().config().maxPositions(), reference.context());
  }

  /**
   * Makes the update that completions ask for, unless what it would be made of speaks against it.
   *
   * @param batches at least one
   * @param at number of the update in the whole training, from 0
   * @param total updates of the whole training
   * @param measured hears what the loss measured
   */
  Network.Update update(
      List<MicroBatch> batches,
      long at,
      long total,
      Predicate<TrainingStep.Outcome> wanted,
      MetricValues measured) {
    return network.update(batches, schedule.at(at, total), wanted, measured);
  }

  /** What rows of tokens cost it. */
  RowCosts costs() {
    return costs;
  }

  @Override
  public void close() {
    Closing.all(network, reference, start);
  }
}

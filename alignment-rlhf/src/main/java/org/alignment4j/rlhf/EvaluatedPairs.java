package org.alignment4j.rlhf;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.PairValues;
import org.alignment4j.runtime.DecoderModel;

/**
 * Pairs whose log-probabilities are computed for an evaluation.
 *
 * @param examples the pairs
 * @param inputs what the loss needs besides the answers
 */
record EvaluatedPairs(List<PreferenceExample> examples, Set<PairInput> inputs) {

  /** What models give for the pairs. */
  PairValues values(DecoderModel model, Optional<DecoderModel> reference) {
    AnswerLogProbs policy = score(model);
    Optional<AnswerLogProbs> frozen = reference.map(this::score);
    PairValues values = values(policy, frozen);
    if (!inputs.contains(PairInput.PROMPT_TOKENS)) {
      return values;
    }
    return values.prompts(
        AnswerLogProbs.ofPrompts(model, examples, plan(model), CancellationToken.none()),
        examples.stream().mapToDouble(e -> e.prompt().size() - 1).toArray());
  }

  private AnswerLogProbs score(DecoderModel model) {
    return AnswerLogProbs.of(model, examples, plan(model), CancellationToken.none());
  }

  private RowPlan plan(DecoderModel model) {
    return RowPlans.ofPairs(examples, model.architecture().config());
  }

  /** Given log-probabilities of the answers. */
  PairValues values(AnswerLogProbs policy, Optional<AnswerLogProbs> frozen) {
    double[] none = new double[examples.size()];
    PairValues values =
        PairValues.of(policy.chosen(), policy.rejected())
            .lengths(
                examples.stream().mapToDouble(e -> e.chosen().size()).toArray(),
                examples.stream().mapToDouble(e -> e.rejected().size()).toArray());
    if (frozen.isPresent()) {
      values = values.reference(frozen.get().chosen(), frozen.get().rejected());
    }
    return values.shared(
        policy.sharedChosen(),
        policy.sharedRejected(),
        frozen.map(AnswerLogProbs::sharedChosen).orElse(none),
        frozen.map(AnswerLogProbs::sharedRejected).orElse(none));
  }
}

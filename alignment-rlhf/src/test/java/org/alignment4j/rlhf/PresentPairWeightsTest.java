package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of pairs against their definition, summed over the whole vocabulary in float64. */
class PresentPairWeightsTest {
  private static final int VOCAB = 17;

  private static final List<PreferenceExample> EXAMPLES =
      List.of(
          new PreferenceExample(0, TokenIds.of(3, 4, 5), TokenIds.of(6, 7, 8), TokenIds.of(9), 1),
          new PreferenceExample(1, TokenIds.of(10), TokenIds.of(11, 4), TokenIds.of(3, 3, 3), 1));

  private static double weight(Float64Decoder model, TokenIds prompt, TokenIds answer) {
    double sum = 0;
    for (int t = 0; t < answer.size(); t++) {
      TokenIds before = prompt.concat(answer.slice(0, t));
      double squares = 0;
      for (int v = 0; v < VOCAB; v++) {
        squares += Math.exp(2 * model.logProb(before, TokenIds.of(v)));
      }
      sum += model.logProb(before, TokenIds.of(answer.get(t))) - Math.log(squares);
    }
    return Math.exp(sum / answer.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void weightsAreThoseOfTheirDefinition(boolean prompts) {
    ConfigJson config = TestModels.config("llama", VOCAB, 8, 2, 32);
    Weights weights = TestModels.weights(config, 0.7);
    Float64Decoder expected = new Float64Decoder("llama", VOCAB, 8, 2, weights);
    Set<PairInput> inputs = prompts ? Set.of(PairInput.PROMPT_TOKENS) : Set.of();
    try (DecoderModel model = TestModels.of(config, weights);
        BoundWeights bound = BoundWeights.of(model.engine().runtime(), weights)) {
      List<PreferenceRows.Batch> batches =
          PreferenceRows.microBatches(
              EXAMPLES.stream().map(e -> new PreferenceRows.Pair(e, 0, 0)).toList(),
              new RowPlan(16, 2),
              inputs);
      int pairs = 0;
      for (PreferenceRows.Batch batch : batches) {
        double[] found =
            PresentPairWeights.weights(
                batch,
                LabelLogProbs.of(model.engine(), bound, null, 1, batch.batch()),
                LabelLogProbs.of(model.engine(), bound, null, 0.5, batch.batch()));
        for (int i = 0; i < found.length; i++) {
          PreferenceExample e = EXAMPLES.get(batch.pairs().get(i));
          double w =
              weight(expected, e.prompt(), e.chosen()) * weight(expected, e.prompt(), e.rejected());
          assertThat(found[i]).isCloseTo(w, within(1e-4 * w));
          pairs++;
        }
      }
      assertThat(pairs).isEqualTo(2);
    }
  }
}

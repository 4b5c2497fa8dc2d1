package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed rows with shared prompts give a reward model's loss and gradients of the plain form. */
class PackedRewardsTest {

  @ParameterizedTest
  @ValueSource(strings = {"llama-tiny", "gpt2-tiny", "neox-tiny", "qwen2-tiny"})
  void rewards(String name) {
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("fixtures/models/" + name));
        SequenceClassifier classifier =
            SequenceClassifier.of(model, InitialWeights.matrix("head", 1, 64, 0.3, 1))) {
      List<PreferenceExample> examples = new ArrayList<>();
      for (PreferenceExample e : PackedEqualsPlainTest.examples(model)) {
        examples.add(
            new PreferenceExample(
                e.index(), e.prompt(), e.chosen(), e.rejected(), e.probability(), 0.2 * e.index()));
      }
      Objective objective = new RewardObjective(new BradleyTerryLoss(1, 0.05));
      for (Trainable trainable :
          List.of(
              Trainable.all(classifier.weights()),
              Trainable.adapter(classifier.weights(), classifier.architecture(), Lora.rank(2))
                  .and(Set.of(SequenceScores.WEIGHT)))) {
        PackedEqualsPlainTest.Result expected =
            PackedEqualsPlainTest.step(
                classifier.engine(),
                trainable,
                objective,
                List.of(PackedEqualsPlainTest.plainRewards(examples)));
        assertThat(expected.gradients()).containsKey(SequenceScores.WEIGHT);
        for (RowPlan plan : List.of(new RowPlan(64, 4), new RowPlan(32, 1), new RowPlan(20, 3))) {
          List<MicroBatch> packed = RewardRows.microBatches(examples, plan);
          assertThat(packed.stream().mapToInt(b -> b.rows().length).sum())
              .isEqualTo(2 * examples.size());
          PackedEqualsPlainTest.compare(
              PackedEqualsPlainTest.step(classifier.engine(), trainable, objective, packed),
              expected);
        }
      }
    }
  }
}

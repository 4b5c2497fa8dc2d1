package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;

/** Preference training of a real small model, from text to a new model. */
class PreferenceTrainerTest extends PocketTraining {

  @Test
  void preferenceTrainingStartsAtLogTwoAndRaisesTheMargin() {
    String before = base.id();
    FineTuningResult result = preferences().train(pairs());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(metrics).hasSize(8);
      Metrics first = metrics.get(0);
      assertThat(value(first, "loss")).isCloseTo(Math.log(2), within(1e-5));
      assertThat(value(first, "rewards/margins")).isCloseTo(0, within(1e-4));
      Metrics last = metrics.get(7);
      assertThat(value(last, "loss")).isLessThan(0.6);
      assertThat(value(last, "rewards/accuracies")).isEqualTo(1);
      assertThat(value(last, "rewards/margins"))
          .isCloseTo(value(last, "rewards/chosen") - value(last, "rewards/rejected"), within(1e-4));
      assertThat(value(last, "logps/chosen")).isLessThan(0);
      assertThat(base.id()).isEqualTo(before);
      assertThat(model.id()).isNotEqualTo(before);

      PreferenceEvaluation evaluation =
          PreferenceEvaluation.of(
              model, base, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128));
      assertThat(evaluation.accuracy().value()).isEqualTo(1);
      assertThat(evaluation.accuracy().ciLow()).isBetween(0.5, 0.7);
      assertThat(evaluation.longerBaseline().value()).isZero();
      assertThat(evaluation.margin().value()).isGreaterThan(0.1);
      assertThat(evaluation.loss()).isLessThan(Math.log(2));
    }
    PreferenceEvaluation equal =
        PreferenceEvaluation.of(
            base, base, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128));
    assertThat(equal.accuracy().value()).isEqualTo(0.5);
    assertThat(equal.ties()).isEqualTo(6);
    assertThat(equal.loss()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void adaptersLearnPreferencesAndLeaveTheWeights() {
    FineTuningResult result =
        preferences().adapter(Lora.rank(4)).learningRate(5e-3).epochs(6).train(pairs());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(value(metrics.get(0), "loss")).isCloseTo(Math.log(2), within(1e-5));
      assertThat(value(metrics.get(metrics.size() - 1), "rewards/margins")).isGreaterThan(0.1);
      assertThat(model.adapter()).isNotNull();
      assertThat(model.weights().contentHash()).isEqualTo(base.weights().contentHash());

      FineTuningResult again =
          PreferenceTrainer.of(model, PreferenceLoss.dpo(0.1)).epochs(1).train(pairs());
      try (DecoderModel second = again.model()) {
        assertThat(value(again.metrics().get(0), "loss"))
            .as("the reference is the model training starts from, adapter included")
            .isCloseTo(Math.log(2), within(1e-4));
        assertThat(second.adapter()).isNull();
      }
    }
  }

  /** An adapter the model has is part of where training starts. */
  @Test
  void adaptersAreMergedBeforeTraining() {
    FineTuningOptions still = FineTuningOptions.of(1e-30);
    try (DecoderModel adapted =
            preferences().adapter(Lora.rank(4)).learningRate(5e-3).train(pairs()).model();
        DecoderModel preferred =
            PreferenceTrainer.of(adapted, PreferenceLoss.dpo(0.1))
                .options(still)
                .train(pairs())
                .model();
        DecoderModel supervised =
            SftTrainer.of(adapted)
                .options(still.withAdapter(Lora.rank(4)))
                .train(answers())
                .model()) {
      assertThat(preferred.adapter()).isNull();
      double[] start = chosen(adapted);
      assertThat(start[0]).isNotCloseTo(chosen(base)[0], within(0.1));
      assertThat(chosen(preferred)).containsExactly(start, within(1e-3));
      assertThat(chosen(supervised)).containsExactly(start, within(1e-3));
    }
  }

  private static double[] chosen(DecoderModel model) {
    List<PreferenceExample> examples =
        PreferenceExamples.encode(pairs(), Encoders.of(base), SequenceLimits.of(128)).examples();
    return AnswerLogProbs.of(model, examples, new RowPlan(128, 4), CancellationToken.none())
        .chosen();
  }

  /** Whatever rounding makes of the margins. */
  @Test
  void everyPairOfTheFirstUpdateIsATie() {
    SplittableRandom random = new SplittableRandom(1);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      pairs.add(
          new PreferencePair(
              Prompt.text("Once upon a time"),
              words(random, 1 + 4 * i),
              words(random, 2 + 3 * i),
              i % 2 == 0 ? 1 : 0.3,
              OptionalDouble.empty(),
              null));
    }
    for (double beta : new double[] {0.1, 1}) {
      for (int batch : new int[] {16, 3, 1}) {
        FineTuningResult result =
            PreferenceTrainer.of(base, PreferenceLoss.dpo(beta))
                .options(FineTuningOptions.of(1e-30))
                .batchSize(batch)
                .limits(SequenceLimits.of(250))
                .train(pairs);
        result.model().close();
        assertThat(result.report().kept()).isEqualTo(16);
        for (Metrics metrics : result.metrics()) {
          assertThat(value(metrics, "rewards/accuracies")).isEqualTo(0.5);
          assertThat(value(metrics, "loss")).isCloseTo(Math.log(2), within(1e-4));
        }
      }
    }
  }

  private static String words(SplittableRandom random, int n) {
    String[] words = {" the", " dog", " ran", " to", " a", " big", " house", " and", " saw"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append(words[random.nextInt(words.length)]);
    }
    return text.toString();
  }

  private static List<PreferencePair> labelled(double probability, OptionalDouble margin) {
    return pairs().stream()
        .map(
            p ->
                new PreferencePair(p.prompt(), p.chosen(), p.rejected(), probability, margin, null))
        .toList();
  }

  @Test
  void aPairAndItsSwappedFormTeachTheSame() {
    List<PreferencePair> pairs = labelled(0.25, OptionalDouble.empty());
    List<PreferencePair> swapped = pairs.stream().map(PreferencePair::swapped).toList();
    FineTuningResult one = preferences().train(pairs);
    FineTuningResult other = preferences().train(swapped);
    try (DecoderModel first = one.model();
        DecoderModel second = other.model()) {
      for (int i = 0; i < one.metrics().size(); i++) {
        Metrics metrics = one.metrics().get(i);
        for (String name : metrics.values().keySet()) {
          if (!name.equals("tokens_per_second")) {
            assertThat(value(other.metrics().get(i), name))
                .as(name)
                .isCloseTo(value(metrics, name), within(1e-3 + 1e-3 * value(metrics, "grad_norm")));
          }
        }
      }
      Metrics last = one.metrics().get(7);
      assertThat(value(last, "rewards/margins")).isPositive();
      assertThat(value(last, "rewards/accuracies"))
          .as("three quarters of the weight is on the other answer")
          .isEqualTo(0.75);
      PreferenceLoss loss = PreferenceLoss.dpo(0.1);
      PreferenceEvaluation plain =
          PreferenceEvaluation.of(first, base, pairs, loss, SequenceLimits.of(128));
      PreferenceEvaluation turned =
          PreferenceEvaluation.of(first, base, swapped, loss, SequenceLimits.of(128));
      assertThat(plain.accuracy().value()).isEqualTo(0.75);
      assertThat(turned.accuracy()).isEqualTo(plain.accuracy());
      assertThat(turned.longerBaseline()).isEqualTo(plain.longerBaseline());
      assertThat(turned.loss()).isCloseTo(plain.loss(), within(1e-5));
    }
  }

  @Test
  void marginsAreNotRead() {
    PreferenceTrainer trainer = preferences().epochs(1);
    try (DecoderModel without = trainer.train(labelled(1, OptionalDouble.empty())).model();
        DecoderModel with = trainer.train(labelled(1, OptionalDouble.of(3))).model()) {
      assertThat(with.weights().contentHash()).isEqualTo(without.weights().contentHash());
    }
  }
}

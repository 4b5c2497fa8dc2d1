package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.DiscoPopLoss;
import org.alignment4j.rlhf.loss.Divergence;
import org.alignment4j.rlhf.loss.DpoVariants;
import org.alignment4j.rlhf.loss.IpoLoss;
import org.alignment4j.rlhf.loss.OrpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.rlhf.loss.SftTermLoss.Normalisation;
import org.alignment4j.rlhf.loss.WpoLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A few updates with every loss, from text to a new model. */
class PreferenceFamilyTrainingTest extends PocketTraining {

  @TempDir Path folder;

  static Stream<PreferenceLoss> losses() {
    return Stream.concat(withReference(), withoutReference());
  }

  private static Stream<PreferenceLoss> withReference() {
    return Stream.of(
        PreferenceLoss.dpo(0.1),
        PreferenceLoss.robustDpo(0.1, 0.1),
        PreferenceLoss.hinge(0.1),
        new IpoLoss(0.1, IpoLoss.Ratios.SUMMED),
        PreferenceLoss.rpo(0.1, 1),
        DpoVariants.normalised(1),
        DpoVariants.exo(0.1),
        DpoVariants.nca(0.1),
        DpoVariants.bcoPair(0.1),
        DpoVariants.sppoHard(0.1),
        DpoVariants.aot(0.1),
        DpoVariants.aotUnpaired(0.1),
        DpoVariants.apoZero(0.1),
        DpoVariants.apoDown(0.1),
        DpoVariants.discoPop(0.1),
        DpoVariants.fDivergence(0.1, new Divergence.ForwardKl()),
        DpoVariants.fDivergence(0.1, new Divergence.JensenShannon()),
        DpoVariants.fDivergence(0.1, new Divergence.Alpha(0.5)),
        DpoVariants.lengthDesensitised(0.1, 0.5),
        DpoVariants.weighted(PreferenceLoss.dpo(0.1)),
        DpoVariants.mix(new double[] {0.8, 0.2}, PreferenceLoss.dpo(0.1), DpoVariants.bcoPair(0.1))
            .withSft(1, Normalisation.LENGTH_AVERAGED));
  }

  private static Stream<PreferenceLoss> withoutReference() {
    return Stream.of(
        ReferenceFreeLosses.orpo(0.1),
        new OrpoLoss(0.1, OrpoLoss.Span.PROMPT_AND_RESPONSE),
        ReferenceFreeLosses.cpo(0.1),
        ReferenceFreeLosses.simPo(2, 1),
        ReferenceFreeLosses.simPo(2, 1).withSft(0.5, Normalisation.LENGTH_AVERAGED),
        ReferenceFreeLosses.alphaPo(2, 1, 0.25),
        ReferenceFreeLosses.slic(),
        ReferenceFreeLosses.withoutReference(PreferenceLoss.dpo(0.1)),
        DpoVariants.weighted(ReferenceFreeLosses.simPo(2, 1)));
  }

  private PreferenceTrainer trainer(PreferenceLoss loss) {
    return PreferenceTrainer.of(base, loss).learningRate(5e-6).batchSize(6).epochs(4).seed(3);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void fewUpdatesLowerTheLoss(PreferenceLoss loss) {
    FineTuningResult result = trainer(loss).runFolder(folder.resolve("run")).train(pairs());
    result.model().close();
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(4);
    Metrics first = metrics.get(0);
    Metrics last = metrics.get(3);
    metrics.forEach(m -> m.values().forEach((name, v) -> assertThat(v).as(name).isFinite()));
    metrics.forEach(m -> assertThat(value(m, "grad_norm")).isPositive());
    // that loss falls towards a margin below 0 first, as its class says
    if (!(loss instanceof DiscoPopLoss)) {
      assertThat(value(last, "rewards/margins")).isGreaterThan(value(first, "rewards/margins"));
    }
    assertThat(value(last, "rewards/margins"))
        .isCloseTo(value(last, "rewards/chosen") - value(last, "rewards/rejected"), within(1e-3));
    // weights that follow the policy make losses of different updates incomparable
    if (!(loss instanceof WpoLoss)) {
      assertThat(value(last, "loss")).isLessThan(value(first, "loss"));
    }
    if (loss.usesReference()) {
      assertThat(value(first, "rewards/accuracies")).isEqualTo(0.5);
    }
    assertThat(folder.resolve("run").resolve(ReferenceCache.FILE).toFile().exists())
        .as("a reference is kept only for losses that use it")
        .isEqualTo(loss.usesReference());
  }

  @Test
  void theReferenceIsAskedForOnlyByLossesThatUseIt() {
    List<PreferenceExample> examples =
        PreferenceExamples.encode(pairs(), Encoders.of(base), SequenceLimits.of(128)).examples();
    Reference untouchable =
        new Reference(
            () -> {
              throw new AssertionError("the reference was computed");
            });
    Epochs epochs = new Epochs(examples.size(), 3, 1, 1);
    losses()
        .forEach(
            loss -> {
              PreferenceSource source =
                  new PreferenceSource(
                      examples,
                      untouchable,
                      RowPlans.ofPairs(examples, base.architecture().config()),
                      epochs,
                      loss.inputs());
              if (loss.usesReference()) {
                assertThatThrownBy(() -> source.at(1)).isInstanceOf(AssertionError.class);
              } else {
                assertThat(source.at(1)).isNotEmpty();
              }
            });
  }

  @Test
  void metricsOfTheOddsRatio() {
    FineTuningResult result = trainer(ReferenceFreeLosses.orpo(0.5)).train(pairs());
    try (DecoderModel model = result.model()) {
      for (Metrics m : result.metrics()) {
        assertThat(value(m, "loss"))
            .isCloseTo(value(m, "nll_loss") - 0.5 * value(m, "log_odds_ratio"), within(1e-4));
        assertThat(value(m, "rewards/chosen")).isCloseTo(-0.5 * value(m, "nll_loss"), within(1e-5));
        assertThat(value(m, "log_odds_ratio")).isNegative();
        assertThat(m.values()).containsKey("log_odds_chosen");
      }
      for (PreferenceLoss loss : withoutReference().toList()) {
        PreferenceEvaluation evaluation =
            PreferenceEvaluation.of(model, pairs(), loss, SequenceLimits.of(128));
        assertThat(evaluation.accuracy().value()).as("%s", loss).isEqualTo(1);
        assertThat(evaluation.margin().value()).isPositive();
        assertThat(evaluation.loss()).isFinite();
      }
    }
    assertThatThrownBy(
            () ->
                PreferenceEvaluation.of(
                    base, pairs(), PreferenceLoss.dpo(1), SequenceLimits.of(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss must be one without reference but was DpoLoss");
  }

  /** The evaluated loss of the model training starts from is the loss of the first update. */
  @ParameterizedTest
  @MethodSource("losses")
  void evaluationAndTrainingAgree(PreferenceLoss loss) {
    FineTuningResult result =
        trainer(loss).options(FineTuningOptions.of(1e-30).withBatchSize(6)).train(pairs());
    result.model().close();
    PreferenceEvaluation evaluation =
        PreferenceEvaluation.of(base, base, pairs(), loss, SequenceLimits.of(128));
    double expected = evaluation.loss();
    assertThat(value(result.metrics().get(0), "loss"))
        .isCloseTo(expected, within(1e-3 * Math.max(1, Math.abs(expected))));
    assertThat(value(result.metrics().get(0), "rewards/margins"))
        .isCloseTo(evaluation.margin().value(), within(1e-3));
  }

  @Test
  void quantilesNeedCertainLabels() {
    List<PreferencePair> pairs = new ArrayList<>(pairs());
    PreferencePair p = pairs.get(2);
    pairs.set(
        2,
        new PreferencePair(
            p.prompt(), p.chosen(), p.rejected(), 0.8, OptionalDouble.empty(), null));
    assertThatThrownBy(() -> trainer(DpoVariants.aot(0.1)).train(pairs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairs[2]: probability must be 1 for AotLoss")
        .hasMessageContaining("but was 0.8; swap or remove the pair");
  }

  @Test
  void uncertainLabelsCountWithTheirExpectationWithoutReferenceToo() {
    List<PreferencePair> even =
        pairs().stream()
            .map(
                p ->
                    new PreferencePair(
                        p.prompt(), p.chosen(), p.rejected(), 0.5, OptionalDouble.empty(), null))
            .toList();
    FineTuningResult result = trainer(ReferenceFreeLosses.orpo(0.1)).epochs(1).train(even);
    result.model().close();
    Metrics first = result.metrics().get(0);
    assertThat(value(first, "rewards/margins")).isCloseTo(0, within(1e-6));
    assertThat(value(first, "log_odds_chosen")).isCloseTo(0, within(1e-5));
    assertThat(value(first, "rewards/accuracies")).isEqualTo(0.5);
  }
}

package org.alignment4j.interp.weights;

import static org.alignment4j.interp.weights.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightProcessingTest {

  private static final double SAME = 1e-9;
  private static final WeightProcessing ALL =
      WeightProcessing.standard().and(ProcessingStep.REFACTOR_ATTENTION);

  static Set<String> families() {
    return Families.all().keySet();
  }

  static List<Arguments> familiesAndSteps() {
    List<Arguments> all = new ArrayList<>();
    for (String family : families()) {
      for (ProcessingStep step : ProcessingStep.values()) {
        all.add(Arguments.of(family, WeightProcessing.of(step)));
      }
      all.add(Arguments.of(family, WeightProcessing.standard()));
      all.add(Arguments.of(family, ALL));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("familiesAndSteps")
  void logProbabilitiesStay(String family, WeightProcessing processing) {
    TransformerWeights given = Families.view(family);
    int[] tokens = Families.tokens(9, 4).toArray();
    double[][] before = new ViewForward(given).logProbs(tokens);
    double[][] after = new ViewForward(processing.apply(given).weights()).logProbs(tokens);
    for (int t = 0; t < tokens.length; t++) {
      assertClose("position " + t, after[t], before[t], SAME);
    }
    assertThat(given).as("what was given").isEqualTo(Families.view(family));
  }

  @ParameterizedTest
  @MethodSource("familiesAndSteps")
  void aSecondTimeChangesNothing(String family, WeightProcessing processing) {
    ProcessedWeights once = processing.apply(Families.view(family));
    ProcessedWeights twice = processing.apply(once.weights());
    assertThat(twice.applied()).isEqualTo(once.applied());
    assertThat(twice.skipped()).isEqualTo(once.skipped());
    List<Matrix> first = matrices(once.weights());
    List<Matrix> second = matrices(twice.weights());
    assertThat(second).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      assertClose("matrix " + i, second.get(i).toArray(), first.get(i).toArray(), 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyStepIsDoneOrNamed(String family) {
    ProcessedWeights processed = ALL.apply(Families.view(family));
    for (ProcessingStep step : ProcessingStep.values()) {
      boolean named = processed.skipped().stream().anyMatch(s -> s.step() == step);
      assertThat(processed.applied().contains(step) || named).as(step.name()).isTrue();
    }
    assertThat(processed.skipped()).allSatisfy(s -> assertThat(s.reason()).isNotBlank());
  }

  @Test
  void gpt2TakesEveryStep() {
    ProcessedWeights processed = ALL.apply(Families.view("gpt2"));
    assertThat(processed.applied()).containsExactly(ProcessingStep.values());
    assertThat(processed.skipped()).isEmpty();
  }

  @Test
  void whatAFamilyDoesNotAllowIsSkippedWithItsReason() {
    Map<String, List<String>> reasons =
        Map.of(
            "llama",
            List.of(
                "CENTRE_WRITING_WEIGHTS: its norms divide by the root mean square",
                "REFACTOR_ATTENTION: queries and keys turn"),
            "gemma2",
            List.of("CENTRE_UNEMBEDDING: its logits are capped at 3.0"),
            "olmo2",
            List.of("FOLD_NORMS: ln1_post and ln2_post stay"),
            "bloom, carried norms",
            List.of("FOLD_NORMS: ln1 and ln2 stay", "CENTRE_WRITING_WEIGHTS: its norms are within"),
            "opt, norms after",
            List.of(
                "FOLD_NORMS: ln1 and ln2 stay: they normalise the stream itself; there is no norm",
                "CENTRE_WRITING_WEIGHTS: its norms are within"),
            "opt, no final norm",
            List.of("CENTRE_WRITING_WEIGHTS: there is no norm after"));
    reasons.forEach(
        (family, expected) -> {
          List<String> skipped =
              ALL.apply(Families.view(family)).skipped().stream().map(s -> s.toString()).toList();
          for (String reason : expected) {
            assertThat(skipped).as(family).anyMatch(s -> s.startsWith(reason));
          }
        });
    ProcessedWeights opt =
        WeightProcessing.of(ProcessingStep.FOLD_NORMS).apply(Families.view("opt, norms after"));
    assertThat(opt.applied()).isEmpty();
    ProcessedWeights olmo =
        WeightProcessing.of(ProcessingStep.FOLD_NORMS).apply(Families.view("olmo2"));
    assertThat(olmo.applied()).containsExactly(ProcessingStep.FOLD_NORMS);
    assertThat(olmo.weights().lnFinal().weight()).isEqualTo(ones(32));
    assertThat(olmo.weights().layer(0).ln1Post())
        .isEqualTo(Families.view("olmo2").layer(0).ln1Post());
  }

  @ParameterizedTest
  @MethodSource("families")
  void foldedNormsAreUnitAndReadingWeightsHaveNoMean(String family) {
    TransformerWeights given = Families.view(family);
    ProcessedWeights processed = WeightProcessing.of(ProcessingStep.FOLD_NORMS).apply(given);
    if (!processed.skipped().isEmpty()) {
      return;
    }
    TransformerWeights folded = processed.weights();
    boolean centred = given.config().norm() == Norm.LAYER_NORM;
    int d = given.width();
    List<Matrix> reading = new ArrayList<>();
    for (LayerWeights layer : folded.layers()) {
      assertThat(layer.ln1().weight()).isEqualTo(ones(d));
      assertThat(layer.ln1().bias()).isEqualTo(Matrix.zeros(1, d));
      if (layer.ln2() != null) {
        assertThat(layer.ln2().weight()).isEqualTo(ones(d));
      }
      layer.attention().query().forEach(q -> reading.add(q.weight()));
      layer.attention().key().forEach(k -> reading.add(k.weight()));
      layer.attention().value().forEach(v -> reading.add(v.weight()));
      if (layer.mlp() instanceof MlpWeights.Plain plain) {
        reading.add(plain.in().weight());
      }
    }
    if (folded.lnFinal() != null) {
      assertThat(folded.lnFinal().bias()).isEqualTo(Matrix.zeros(1, d));
      reading.add(folded.unembedding().weight());
    }
    if (centred) {
      for (Matrix w : reading) {
        for (int j = 0; j < w.columns(); j++) {
          double sum = 0;
          for (int i = 0; i < d; i++) {
            sum += w.get(i, j);
          }
          assertThat(sum).isCloseTo(0, within(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void theStreamHasNoMeanAfterCentring(String family) {
    ProcessedWeights processed =
        WeightProcessing.of(ProcessingStep.CENTRE_WRITING_WEIGHTS).apply(Families.view(family));
    if (!processed.skipped().isEmpty()) {
      return;
    }
    ViewForward naive = new ViewForward(processed.weights());
    naive.logits(Families.tokens(6, 8).toArray());
    int d = processed.weights().width();
    naive.hooks.forEach(
        (name, values) -> {
          if (name.contains("resid") || name.endsWith("attn_out") || name.endsWith("mlp_out")) {
            for (int row = 0; row < values.length / d; row++) {
              double sum = 0;
              for (int i = 0; i < d; i++) {
                sum += values[row * d + i];
              }
              assertThat(sum).as(name).isCloseTo(0, within(1e-10));
            }
          }
        });
  }

  @Test
  void tiedEmbeddingsAreTwoMatricesOnceProcessed() {
    TransformerWeights given = Families.view("gpt2");
    assertThat(given.unembedding().weight()).isEqualTo(given.embedding().transposed());
    TransformerWeights processed = WeightProcessing.standard().apply(given).weights();
    assertThat(processed.unembedding().weight()).isNotEqualTo(processed.embedding().transposed());
    assertThat(processed.embedding()).isEqualTo(given.embedding().withCentredRows());
  }

  @Test
  void centredUnembeddingMovesLogitsByOneNumberAPosition() {
    TransformerWeights given = Families.view("gptj");
    TransformerWeights centred =
        WeightProcessing.of(ProcessingStep.CENTRE_UNEMBEDDING).apply(given).weights();
    int[] tokens = Families.tokens(4, 2).toArray();
    double[][] before = new ViewForward(given).logits(tokens);
    double[][] after = new ViewForward(centred).logits(tokens);
    for (int t = 0; t < tokens.length; t++) {
      double shift = after[t][0] - before[t][0];
      assertThat(Math.abs(shift)).isGreaterThan(1e-3);
      for (int i = 0; i < after[t].length; i++) {
        assertThat(after[t][i] - before[t][i]).isCloseTo(shift, within(1e-10));
      }
      assertThat(java.util.Arrays.stream(after[t]).sum()).isCloseTo(0, within(1e-10));
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void foldedValueBiasesAreZeroAndAttentionGivesTheSame(String family) {
    TransformerWeights given = Families.view(family);
    TransformerWeights folded =
        WeightProcessing.of(ProcessingStep.FOLD_VALUE_BIASES).apply(given).weights();
    int[] tokens = Families.tokens(7, 6).toArray();
    ViewForward before = new ViewForward(given);
    ViewForward after = new ViewForward(folded);
    before.logits(tokens);
    after.logits(tokens);
    for (int layer = 0; layer < 2; layer++) {
      String name = "blocks." + layer + ".hook_attn_out";
      assertClose(name, after.hooks.get(name), before.hooks.get(name), 1e-10);
      assertThat(folded.layer(layer).attention().value())
          .allSatisfy(v -> assertThat(v.bias().norm()).isZero());
    }
  }

  @Test
  void refactoredHeadsHaveOrthogonalFactors() {
    TransformerWeights given = Families.view("bloom");
    ProcessedWeights processed =
        WeightProcessing.of(ProcessingStep.REFACTOR_ATTENTION).apply(given);
    assertThat(processed.skipped()).isEmpty();
    AttentionWeights before = given.layer(1).attention();
    AttentionWeights after = processed.weights().layer(1).attention();
    for (int head = 0; head < before.heads(); head++) {
      Matrix qk = product(before.query().get(head), before.key().get(head));
      Matrix again = product(after.query().get(head), after.key().get(head));
      assertClose("QK of head " + head, again.toArray(), qk.toArray(), 1e-10);
      Matrix o = after.output().get(head);
      Matrix gram = o.timesTransposed(o);
      Matrix q = after.query().get(head).augmented();
      Matrix k = after.key().get(head).augmented();
      Matrix ofQueries = q.transposed().times(q);
      Matrix ofKeys = k.transposed().times(k);
      for (int i = 0; i < gram.rows(); i++) {
        for (int j = 0; j < gram.columns(); j++) {
          assertThat(gram.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-10));
          assertThat(ofQueries.get(i, j)).isCloseTo(i == j ? ofKeys.get(i, i) : 0, within(1e-9));
        }
      }
    }
  }

  private static Matrix product(Affine query, Affine key) {
    return query.augmented().timesTransposed(key.augmented());
  }

  private static Matrix ones(int d) {
    return Matrix.generate(1, d, (i, j) -> 1);
  }

  private static List<Matrix> matrices(TransformerWeights weights) {
    List<Matrix> all = new ArrayList<>();
    all.add(weights.embedding());
    if (weights.positions() != null) {
      all.add(weights.positions());
    }
    add(all, weights.unembedding());
    for (LayerWeights layer : weights.layers()) {
      layer.attention().query().forEach(a -> add(all, a));
      layer.attention().key().forEach(a -> add(all, a));
      layer.attention().value().forEach(a -> add(all, a));
      all.addAll(layer.attention().output());
      all.add(layer.attention().outputBias());
      layer
          .mlp()
          .mapReading(
              a -> {
                add(all, a);
                return a;
              })
          .mapWriting(
              a -> {
                add(all, a);
                return a;
              });
    }
    return all;
  }

  private static void add(List<Matrix> all, Affine affine) {
    all.add(affine.weight());
    all.add(affine.bias());
  }
}

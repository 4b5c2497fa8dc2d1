package org.alignment4j.interp.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class RefusalTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final TokenIds TEMPLATE = TokenIds.of(40, 41, 42);

  /** Prompts with words of their kind, and the same template behind. */
  private static RefusalPrompts prompts(int count, int seed) {
    Random random = new Random(seed);
    List<TokenIds> harmful = new ArrayList<>();
    List<TokenIds> harmless = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 2 + random.nextInt(3);
      harmful.add(TokenIds.of(random.ints(length, 3, 15).toArray()).concat(TEMPLATE));
      harmless.add(TokenIds.of(random.ints(length, 20, 38).toArray()).concat(TEMPLATE));
    }
    return new RefusalPrompts(harmful, harmless);
  }

  private static RefusalSearch wide() {
    return RefusalSearch.of(3, 5, 6).limits(0.8, 1e9, -1e9);
  }

  @Test
  void scoresAreTheirFormulas() {
    float[] logits = {1, 2, -1, 0.5f};
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(-1) + Math.exp(0.5);
    double p = (Math.exp(2) + Math.exp(0.5)) / sum;
    assertThat(RefusalScore.of(logits, new int[] {1, 3}))
        .isCloseTo(Math.log(p + 1e-8) - Math.log(1 - p + 1e-8), within(1e-12));
    assertThat(RefusalScore.of(new float[] {500, 0}, new int[] {0}))
        .isCloseTo(-Math.log(1e-8), within(1e-6));
    float[] other = {0, 1, 1, 0};
    double otherSum = 2 + 2 * Math.E;
    double divergence = 0;
    for (int i = 0; i < 4; i++) {
      double a = Math.exp(logits[i]) / sum;
      divergence += a * Math.log(a / (Math.exp(other[i]) / otherSum));
    }
    assertThat(RefusalScore.divergence(logits, other)).isCloseTo(divergence, within(1e-9));
    assertThat(RefusalScore.divergence(logits, logits)).isZero();
  }

  @Test
  void candidatesAreMeanDifferencesOfBlockInputs() {
    try (DecoderModel model = RandomModels.create("llama")) {
      RefusalPrompts train = prompts(5, 1);
      List<RefusalCandidate> found = wide().candidates(model, train, NONE);
      // The template's own embeddings are those of both kinds: layer 0 gives no candidate.
      assertThat(found).hasSize(3 * 2);
      RefusalPrompts swapped = new RefusalPrompts(train.harmless(), train.harmful());
      List<RefusalCandidate> turned = wide().candidates(model, swapped, NONE);
      for (int c = 0; c < found.size(); c++) {
        RefusalCandidate candidate = found.get(c);
        var point = HookPoints.residPre(candidate.direction().layer());
        double[] expected = new double[32];
        for (int i = 0; i < 5; i++) {
          add(expected, model, train.harmful().get(i), point, candidate.position(), 0.2);
          add(expected, model, train.harmless().get(i), point, candidate.position(), -0.2);
        }
        assertThat(candidate.direction().vector()).containsExactly(expected, within(1e-4));
        assertThat(turned.get(c).direction().cosine(candidate.direction()))
            .isCloseTo(-1, within(1e-6));
      }
    }
  }

  private static void add(
      double[] sum,
      DecoderModel model,
      TokenIds tokens,
      org.alignment4j.api.hook.HookPoint<?> point,
      int position,
      double factor) {
    INDArray x = model.forward(tokens).cache(point).execute().cache().get(point);
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * x.getDouble(0, tokens.size() + position, j);
    }
  }

  @Test
  void theSelectedDirectionHasTheLeastAblationScoreOfThoseThatPass() {
    try (DecoderModel model = RandomModels.create("llama")) {
      RefusalPrompts train = prompts(6, 1);
      RefusalPrompts validation = prompts(4, 2);
      RefusalDirection found = wide().find(model, train, validation, NONE);
      List<RefusalCandidate> all = found.candidates();
      assertThat(all).filteredOn(c -> c.verdict().equals("selected")).hasSize(1);
      assertThat(all)
          .allSatisfy(
              c -> {
                if (c.direction().layer() >= 2) {
                  assertThat(c.verdict()).isEqualTo("layer too high");
                } else {
                  assertThat(c.ablationScore())
                      .isGreaterThanOrEqualTo(found.selected().ablationScore());
                }
              });
      RefusalCandidate selected = found.selected();
      var ablated = model.with(found.ablation());
      var steered = model.with(found.induction());
      double ablation = 0;
      double steering = 0;
      double divergence = 0;
      for (int i = 0; i < 4; i++) {
        TokenIds harmful = validation.harmful().get(i);
        TokenIds harmless = validation.harmless().get(i);
        int[] refusal = {5, 6};
        ablation += RefusalScore.of(ablated.forward(harmful).execute().logits(0, -1), refusal) / 4;
        steering += RefusalScore.of(steered.forward(harmless).execute().logits(0, -1), refusal) / 4;
        divergence +=
            RefusalScore.divergence(
                    model.forward(harmless).execute().logits(0, -1),
                    ablated.forward(harmless).execute().logits(0, -1))
                / 4;
      }
      assertThat(selected.ablationScore()).isCloseTo(ablation, within(1e-4));
      assertThat(selected.steeringScore()).isCloseTo(steering, within(1e-4));
      assertThat(selected.divergence()).isCloseTo(divergence, within(1e-5));
      assertThatThrownBy(() -> wide().limits(0.8, -1, 0).find(model, train, validation, NONE))
          .isInstanceOf(NoRefusalDirectionException.class)
          .hasMessageContaining("none of 6 candidates")
          .hasMessageContaining("position -3, layer 1")
          .hasMessageContaining("ablation changes harmless prompts");
      assertThatThrownBy(() -> wide().find(model, train, validation, () -> true))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void furtherDirectionsAreFoundWhereThoseBeforeAreAblated() {
    try (DecoderModel model = RandomModels.create("llama")) {
      RefusalPrompts train = prompts(6, 1);
      RefusalPrompts validation = prompts(4, 2);
      RefusalSubspace found = wide().findSeveral(model, 3, train, validation, NONE);
      assertThat(found.found()).hasSize(3);
      assertThat(found.found().get(0)).isEqualTo(wide().find(model, train, validation, NONE));
      var withoutFirst = model.with(found.found().get(0).ablation());
      assertThat(found.found().get(1))
          .isEqualTo(wide().find(withoutFirst, train, validation, NONE));
      List<double[]> units =
          found.directions().stream().map(direction -> direction.unit().vector()).toList();
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < i; j++) {
          double product = 0;
          for (int k = 0; k < 32; k++) {
            product += units.get(i)[k] * units.get(j)[k];
          }
          assertThat(product).as("directions %s and %s", i, j).isCloseTo(0, within(1e-4));
        }
      }
      List<TokenIds> sequences = List.of(RandomModels.tokens(8, 1));
      try (DecoderModel orthogonal = found.orthogonalised(model)) {
        assertThat(
                RefusalDirection.largestLogitDifference(
                    model.with(found.ablation()), orthogonal, sequences, NONE))
            .isLessThan(1e-4);
      }
      assertThatThrownBy(() -> wide().findSeveral(model, 0, train, validation, NONE))
          .hasMessageContaining("most must be at least 1 direction but was 0");
    }
  }

  @Test
  void theSearchEndsWhereNoFurtherCandidatePasses() {
    try (DecoderModel model = RandomModels.create("llama")) {
      RefusalSubspace found =
          wide().limits(0.8, 1e9, -1e9).findSeveral(model, 100, prompts(6, 1), prompts(4, 2), NONE);
      assertThat(found.found()).hasSizeBetween(3, 32);
    }
  }

  @Test
  void limitsAndTokensAreChecked() {
    assertThatThrownBy(() -> RefusalSearch.of(1, 3, -5))
        .hasMessageContaining("refusal tokens must be ids of the vocabulary but one was -5");
    assertThatThrownBy(() -> RefusalSearch.of(1, 3).limits(0.8, Double.NaN, 0))
        .hasMessageContaining("must be numbers, but they were 0.8, NaN and 0.0");
    assertThatThrownBy(() -> RefusalSearch.of(1, 3).limits(Double.NaN, 1, 0))
        .hasMessageContaining("layer share must be at least 0");
  }

  @Test
  void filtersSayWhy() {
    Direction direction =
        Direction.raw(new double[] {1}, ActivationSite.of(HookPoints.residPre(1)), "m", "v");
    RefusalSearch search = RefusalSearch.of(1, 1);
    assertThat(search.verdict(candidate(direction, 1, 1, 0.05), 10)).isEqualTo("passed");
    assertThat(search.verdict(candidate(direction, 1, 1, 0.05), 1)).isEqualTo("layer too high");
    assertThat(search.verdict(candidate(direction, 1, 1, 0.11), 10)).contains("changes harmless");
    assertThat(search.verdict(candidate(direction, 1, -0.1, 0.05), 10)).contains("no refusal");
    assertThat(search.verdict(candidate(direction, Double.NaN, 1, 0.05), 10))
        .contains("not a number");
  }

  private static RefusalCandidate candidate(
      Direction direction, double ablation, double steering, double divergence) {
    return new RefusalCandidate(-1, direction, ablation, steering, divergence, "unscored");
  }

  private static Direction random(int layer) {
    double[] v = new Random(5).doubles(32).map(x -> x - 0.5).toArray();
    return Direction.raw(v, ActivationSite.of(HookPoints.residPre(layer)), "m", "random");
  }

  @Test
  void orthogonalisedWeightsAreTheAblationHooks(@TempDir Path folder) {
    List<TokenIds> sequences = List.of(RandomModels.tokens(8, 1), RandomModels.tokens(5, 2));
    Direction direction = random(1);
    for (String name : List.of("llama", "neox", "gpt2")) {
      try (DecoderModel model = RandomModels.create(name);
          DecoderModel orthogonal = OrthogonalWeights.without(model, direction);
          DecoderModel twice = OrthogonalWeights.without(orthogonal, direction)) {
        var hooked = model.with(RefusalDirection.ablation(direction));
        double plain = RefusalDirection.largestLogitDifference(model, orthogonal, sequences, NONE);
        double apart = RefusalDirection.largestLogitDifference(hooked, orthogonal, sequences, NONE);
        assertThat(plain).as(name).isGreaterThan(0.01);
        if (!model.architecture().config().tiedEmbeddings()) {
          assertThat(apart).as(name).isLessThan(1e-4);
        }
        assertThat(RefusalDirection.largestLogitDifference(orthogonal, twice, sequences, NONE))
            .isLessThan(1e-4);
        for (int layer = 0; layer < 3; layer++) {
          var point = HookPoints.residPost(layer);
          INDArray x =
              orthogonal.forward(sequences.get(0)).cache(point).execute().cache().get(point);
          for (int p = 0; p < 8; p++) {
            double along = 0;
            for (int j = 0; j < 32; j++) {
              along += x.getDouble(0, p, j) * direction.unit().vector()[j];
            }
            assertThat(along).isCloseTo(0, within(1e-5));
          }
        }
      }
    }
    try (DecoderModel model = RandomModels.create("llama");
        DecoderModel orthogonal = OrthogonalWeights.without(model, direction)) {
      orthogonal.save(folder);
      try (DecoderModel loaded =
          DecoderModel.load(folder, ModelOptions.defaults().device(DevicePolicy.CPU))) {
        assertThat(RefusalDirection.largestLogitDifference(loaded, orthogonal, sequences, NONE))
            .isZero();
      }
    }
  }

  /**
   * The head of tied models changes with the embedding: the report says so instead of hiding it.
   */
  @Test
  void whatCannotBeEqualIsReported() {
    List<TokenIds> sequences = List.of(RandomModels.tokens(8, 1));
    for (String name : List.of("qwen2", "gemma2")) {
      try (DecoderModel model = RandomModels.create(name);
          DecoderModel orthogonal = OrthogonalWeights.without(model, random(1))) {
        var hooked = model.with(RefusalDirection.ablation(random(1)));
        assertThat(RefusalDirection.largestLogitDifference(hooked, orthogonal, sequences, NONE))
            .as(name)
            .isGreaterThan(1e-3);
      }
    }
  }

  @Test
  void matricesLoseTheDirectionOnTheirSide() {
    double[] unit = {0.6, 0.8};
    float[] rows = {1, 2, 3, 4, -1, 5};
    OrthogonalWeights.removeFromRows(rows, unit);
    for (int i = 0; i < 3; i++) {
      assertThat(0.6 * rows[2 * i] + 0.8 * rows[2 * i + 1]).isCloseTo(0, within(1e-6));
    }
    assertThat(rows[0]).isCloseTo((float) (1 - 2.2 * 0.6), within(1e-6f));
    float[] columns = {1, 2, 3, 4, -1, 5};
    OrthogonalWeights.removeFromColumns(columns, unit);
    for (int j = 0; j < 3; j++) {
      assertThat(0.6 * columns[j] + 0.8 * columns[3 + j]).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> RefusalSearch.of(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1, 0 and 16");
    assertThatThrownBy(() -> RefusalSearch.of(1)).hasMessageContaining("0, 1 and 16");
    assertThatThrownBy(() -> new RefusalPrompts(List.of(), List.of()))
        .hasMessageContaining("0 harmful and 0 harmless");
    try (DecoderModel model = RandomModels.create("llama")) {
      Direction narrow =
          Direction.raw(
              new double[] {1, 2}, ActivationSite.of(HookPoints.residPre(0)), "m", "narrow");
      assertThatThrownBy(() -> OrthogonalWeights.without(model, narrow))
          .hasMessageContaining("residual stream, 32")
          .hasMessageContaining("has 2");
      RefusalPrompts shortOnes =
          new RefusalPrompts(List.of(TokenIds.of(1)), List.of(TokenIds.of(2)));
      assertThatThrownBy(() -> wide().find(model, shortOnes, shortOnes, NONE))
          .hasMessageContaining("example 0 has 1 tokens, but was -3");
      assertThatThrownBy(
              () -> RefusalDirection.largestLogitDifference(model, model, List.of(), NONE))
          .hasMessageContaining("at least one sequence");
    }
  }
}

package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;

/** Shares of behaviours whose true shares are known. */
class PartPatchingTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final PatchingOptions PLAIN = new PatchingOptions(Bootstrap.seeded(1), 0, 0, 1);
  private static final String FIRST = "transformer.h.0.mlp.c_fc.bias";
  private static final String SECOND = "transformer.h.2.attn.c_proj.bias";

  private static double sum(DecoderModel model, String name) {
    double sum = 0;
    for (float value : ModelPairs.floats(model.weights().get(name))) {
      sum += value;
    }
    return sum;
  }

  /** A model with a number added to every element of two tensors. */
  private static DecoderModel shifted(DecoderModel model, float first, float second) {
    try (DecoderModel one = model.edit(FIRST, values -> plus(values, first))) {
      return one.edit(SECOND, values -> plus(values, second));
    }
  }

  private static float[] plus(float[] values, float number) {
    for (int i = 0; i < values.length; i++) {
      values[i] += number;
    }
    return values;
  }

  private static List<WeightPart> components(DecoderModel model) {
    return WeightParts.components(model.architecture());
  }

  private static PartShare of(PartShares shares, WeightPart part) {
    return shares.shares().stream()
        .filter(share -> share.parts().equals(List.of(part)))
        .findFirst()
        .orElseThrow();
  }

  /** Prompt {@code i} adds {@code i+1} of the first and one of the second: shares by hand. */
  @Test
  void partsOfASumHaveTheirExactSharesAndActApart() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = shifted(before, 0.5f, 0.25f)) {
      Behaviour behaviour =
          (model, token) ->
              IntStream.range(0, 3)
                  .mapToDouble(i -> (i + 1) * sum(model, FIRST) + sum(model, SECOND))
                  .toArray();
      PartShares shares =
          PartPatching.of(CircuitDiff.of(before, after), behaviour, PLAIN, NONE)
              .shares(components(before), NONE);
      double first = (1 + 2 + 3) * 0.5 * after.weights().get(FIRST).size();
      double second = 3 * 0.25 * after.weights().get(SECOND).size();
      PartShare mlp = of(shares, WeightPart.of(Kind.MLP, 0));
      PartShare attention = of(shares, WeightPart.of(Kind.ATTENTION, 2));
      assertThat(mlp.restored().value()).isCloseTo(first / (first + second), within(1e-6));
      assertThat(attention.restored().value()).isCloseTo(second / (first + second), within(1e-6));
      assertThat(mlp.lost().value()).isCloseTo(mlp.restored().value(), within(1e-6));
      assertThat(shares.sum()).isCloseTo(1, within(1e-6));
      assertThat(mlp.restored().ciLow()).isLessThan(mlp.restored().value());
      assertThat(mlp.change() + attention.change()).isCloseTo(1, within(1e-9));
      assertThat(shares.shares())
          .filteredOn(share -> !share.equals(mlp) && !share.equals(attention))
          .allMatch(share -> share.restored().value() == 0 && share.lost().value() == 0);
      assertThat(shares.ranked().get(0)).isEqualTo(mlp);
    }
  }

  /** A product that is 0 in the model before: no part restores any of it, every part loses all. */
  @Test
  void partsThatNeedEachOtherRestoreNothingAloneAndLoseAll() {
    try (DecoderModel before = RandomModels.create("gpt2")) {
      double first = sum(before, FIRST);
      double second = sum(before, SECOND);
      Behaviour behaviour =
          (model, token) ->
              IntStream.range(0, 6)
                  .mapToDouble(
                      i -> (i + 1) * (sum(model, FIRST) - first) * (sum(model, SECOND) - second))
                  .toArray();
      try (DecoderModel after = shifted(before, 0.5f, 0.25f)) {
        PartPatching patching =
            PartPatching.of(CircuitDiff.of(before, after), behaviour, PLAIN, NONE);
        WeightPart mlp = WeightPart.of(Kind.MLP, 0);
        WeightPart attention = WeightPart.of(Kind.ATTENTION, 2);
        PartShare alone = patching.share(List.of(mlp), NONE);
        PartShare together = patching.share(List.of(mlp, attention), NONE);
        assertThat(alone.restored().value()).isCloseTo(0, within(1e-9));
        assertThat(alone.lost().value()).isCloseTo(1, within(1e-9));
        assertThat(together.restored().value()).isCloseTo(1, within(1e-9));
        assertThat(together.label()).isEqualTo("L0 MLP + L2 attention");
        PartSearch search = PartSearch.greedy(patching, List.of(attention, mlp), 0.99, 5, NONE);
        assertThat(search.parts()).containsExactly(attention, mlp);
        assertThat(search.reached()).isTrue();
        assertThat(search.heldOut()).isTrue();
        assertThat(search.steps().get(1).restored().value()).isCloseTo(1, within(1e-9));
        assertThat(search.steps().get(1).change()).isCloseTo(1, within(1e-9));
      }
    }
  }

  private static Behaviour logits() {
    List<TokenIds> prompts =
        IntStream.range(0, 5).mapToObj(i -> RandomModels.tokens(4 + i, i)).toList();
    List<LogitMetric> metrics =
        IntStream.range(0, 5).mapToObj(i -> LogitMetric.logitDifference(i + 1, i + 9)).toList();
    return Behaviour.metric(prompts, LogitMetric.each(metrics), 2);
  }

  @Test
  void theOnlyPartThatChangedRestoresAllAndOthersNothing() {
    for (String family : List.of("gpt2", "llama", "gemma2")) {
      try (DecoderModel before = RandomModels.create(family)) {
        PartSlices slices = new PartSlices(before.architecture());
        WeightPart head = WeightPart.head(new HeadId(1, 3));
        try (DecoderModel noisy = ModelPairs.noisy(before, 0.2, 3);
            DecoderModel after =
                before.withWeights(
                    WeightSplice.of(before.weights(), noisy.weights(), slices.of(head)))) {
          PartPatching patching =
              PartPatching.of(CircuitDiff.of(before, after), logits(), PLAIN, NONE);
          PartShares shares = patching.shares(WeightParts.heads(before.architecture()), NONE);
          for (PartShare share : shares.shares()) {
            double expected = share.parts().equals(List.of(head)) ? 1 : 0;
            assertThat(share.restored().value()).as(share.label()).isEqualTo(expected);
            assertThat(share.lost().value()).as(share.label()).isEqualTo(expected);
            assertThat(share.change()).isCloseTo(expected, within(1e-12));
          }
        }
      }
    }
  }

  @Test
  void metricsGoBatchByBatchAsOneByOne() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      double[] values = logits().of(model, NONE);
      for (int i = 0; i < values.length; i++) {
        float[] logits = model.forward(RandomModels.tokens(4 + i, i)).execute().logits(0, -1);
        assertThat(values[i]).isCloseTo(logits[i + 1] - logits[i + 9], within(1e-4));
      }
      Behaviour shared =
          Behaviour.metric(
              List.of(RandomModels.tokens(3, 1), RandomModels.tokens(3, 2)),
              LogitMetric.logit(4),
              8);
      assertThat(shared.of(model, NONE)).hasSize(2);
      assertThat(Behaviour.whole(m -> m.id().length()).of(model, NONE))
          .containsExactly(model.id().length());
    }
  }

  @Test
  void randomEntriesAreAsManyAndNoiseIsAsLarge() {
    try (DecoderModel before = Families.model("llama");
        DecoderModel after = ModelPairs.noisy(before, 0.1, 5)) {
      List<Parameter> parameters = before.architecture().parameters();
      Weights drawn =
          RandomWeights.entries(
              before.weights(), after.weights(), parameters, 777, new SplittableRandom(3));
      long changed = 0;
      for (WeightTensor tensor : drawn.tensors()) {
        float[] old = ModelPairs.floats(before.weights().get(tensor.name()));
        float[] made = ModelPairs.floats(after.weights().get(tensor.name()));
        float[] values = ModelPairs.floats(tensor);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isIn(old[i], made[i]);
          changed += values[i] == old[i] ? 0 : 1;
        }
      }
      assertThat(changed).isEqualTo(777);
      PartSlices slices = new PartSlices(before.architecture());
      List<TensorSlice> head = slices.of(WeightPart.head(new HeadId(0, 1)));
      Weights noisy =
          RandomWeights.noise(before.weights(), after.weights(), head, new SplittableRandom(3));
      for (WeightTensor tensor : noisy.tensors()) {
        float[] old = ModelPairs.floats(before.weights().get(tensor.name()));
        float[] made = ModelPairs.floats(after.weights().get(tensor.name()));
        float[] values = ModelPairs.floats(tensor);
        boolean[] own = new boolean[values.length];
        for (TensorSlice slice : head) {
          if (slice.tensor().equals(tensor.name())) {
            slice.forEach(
                tensor.shape(),
                (from, to) -> IntStream.range(from, to).forEach(i -> own[i] = true));
          }
        }
        double wanted = 0;
        double found = 0;
        for (int i = 0; i < values.length; i++) {
          double change = (double) values[i] - old[i];
          assertThat(own[i] || change == 0).isTrue();
          found += change * change;
          wanted += own[i] ? ((double) made[i] - old[i]) * ((double) made[i] - old[i]) : 0;
        }
        assertThat(found).isCloseTo(wanted, within(1e-4 * wanted));
      }
    }
  }

  @Test
  void theGreatestShareIsComparedWithRandomChangesAndTheSameSeedGivesTheSame() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = shifted(before, 0.5f, 0.25f)) {
      Behaviour behaviour =
          (model, token) ->
              IntStream.range(0, 3)
                  .mapToDouble(i -> (i + 1) * sum(model, FIRST) + sum(model, SECOND))
                  .toArray();
      PatchingOptions options = new PatchingOptions(Bootstrap.seeded(1), 19, 1, 4);
      PartPatching patching =
          PartPatching.of(CircuitDiff.of(before, after), behaviour, options, NONE);
      PartShares shares = patching.shares(components(before), NONE);
      PartShare mlp = shares.ranked().get(0);
      double part = (double) mlp.parameters() / before.weights().parameterCount();
      assertThat(mlp.entries().orElseThrow().mean()).isCloseTo(part, within(0.05));
      assertThat(mlp.entries().orElseThrow().chance()).isEqualTo(0.05);
      assertThat(mlp.noise().orElseThrow().greatest()).isLessThan(0.5);
      assertThat(mlp.carries()).isTrue();
      PartShare second = shares.ranked().get(1);
      assertThat(second.restored().ciLow()).isPositive();
      assertThat(second.compared()).isFalse();
      assertThat(second.carries()).isFalse();
      assertThat(
              Report.builder("shares")
                  .add(Section.table("shares", shares.toTable()))
                  .build()
                  .html())
          .contains("not compared");
      assertThat(patching.shares(components(before), NONE)).isEqualTo(shares);
      Report.Builder report = Report.builder("shares");
      shares.sections().forEach(report::add);
      PartSearch.greedy(patching, components(before), 0.9, 2, NONE).sections().forEach(report::add);
      assertThat(report.build().html())
          .contains("share of the behaviour restored")
          .contains("too few prompts to be divided");
    }
  }

  /** As after an edit of facts: one part is the whole change, whatever the prompts. */
  @Test
  void aPartThatRestoresAllAtEveryPromptCarriesThoughNothingVaries() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = before.edit(FIRST, values -> plus(values, 0.5f))) {
      Behaviour behaviour =
          (model, token) ->
              IntStream.range(0, 6).mapToDouble(i -> (i + 1) * sum(model, FIRST)).toArray();
      PatchingOptions options = new PatchingOptions(Bootstrap.seeded(1), 19, 1, 4);
      PartPatching patching =
          PartPatching.of(CircuitDiff.of(before, after), behaviour, options, NONE);
      PartShare mlp = patching.shares(components(before), NONE).ranked().get(0);
      assertThat(mlp.restored().value()).isEqualTo(1);
      assertThat(mlp.restored().ciLow()).isNaN();
      assertThat(mlp.carries()).isTrue();
      PartSearch search = PartSearch.greedy(patching, components(before), 0.9, 2, NONE);
      assertThat(search.reachedFor(0.99)).isTrue();
      assertThat(search.reachedFor(1.01)).isFalse();
    }
  }

  @Test
  void draws() {
    RandomShares shares = RandomShares.of(new double[] {0.1, 0.4, -0.2}, 0.4);
    assertThat(shares.chance()).isEqualTo(0.5);
    assertThat(shares.mean()).isCloseTo(0.1, within(1e-12));
    assertThat(shares.greatest()).isEqualTo(0.4);
  }

  @Test
  void behavioursThatAreNoneAndPartsThatOverlapAreRefused() {
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = shifted(before, 0.5f, 0.25f)) {
      CircuitDiff diff = CircuitDiff.of(before, after);
      assertThatThrownBy(() -> PartPatching.of(diff, (m, t) -> new double[] {1}, PLAIN, NONE))
          .hasMessageContaining("the behaviour must differ between the models")
          .hasMessageContaining("1.0 before and 1.0 after");
      assertThatThrownBy(() -> PartPatching.of(diff, (m, t) -> new double[0], PLAIN, NONE))
          .hasMessageContaining("at least one number");
      assertThatThrownBy(
              () -> PartPatching.of(diff, (m, t) -> new double[] {1, Double.NaN}, PLAIN, NONE))
          .hasMessageContaining("prompt 1 had NaN");
      assertThatThrownBy(
              () -> PartPatching.of(diff, (m, t) -> new double[m == before ? 1 : 2], PLAIN, NONE))
          .hasMessageContaining("gave 2 after 1");
      PartPatching patching =
          PartPatching.of(diff, (m, t) -> new double[] {sum(m, FIRST)}, PLAIN, NONE);
      assertThatThrownBy(() -> patching.shares(List.of(), NONE))
          .hasMessageContaining("parts must be at least one");
      List<WeightPart> nested =
          List.of(WeightPart.head(new HeadId(1, 0)), WeightPart.of(Kind.ATTENTION, 1));
      assertThatThrownBy(() -> patching.share(nested, NONE))
          .hasMessageContaining("'L1 attention' and 'L1H0' do");
      assertThatThrownBy(() -> PartSearch.greedy(patching, nested, 0.9, 1, NONE))
          .hasMessageContaining("must not share weights");
      List<WeightPart> parts = new ArrayList<>(components(before));
      assertThatThrownBy(() -> PartSearch.greedy(patching, parts, 0, 1, NONE))
          .hasMessageContaining("wanted positive");
      assertThatThrownBy(() -> patching.shares(parts, () -> true))
          .isInstanceOf(CancelledException.class);
      assertThat(patching.share(parts, NONE).restored().ciLow()).isNaN();
      assertThat(patching.share(parts, NONE).restored().value()).isEqualTo(1);
    }
    assertThatThrownBy(
            () -> Behaviour.metric(List.of(TokenIds.of(1), TokenIds.of(2)), threeRows(), 4))
        .hasMessageContaining("one row for all of the 2 prompts or one for each but has 3");
    assertThatThrownBy(() -> Behaviour.metric(List.of(), LogitMetric.logit(1), 4))
        .hasMessageContaining("at least one but were 0 and 4");
    assertThatThrownBy(() -> new PatchingOptions(Bootstrap.seeded(1), 18, 1, 1))
        .hasMessageContaining("draws must be at least 19 for a confidence of 0.95 but were 18");
    assertThatThrownBy(() -> new PatchingOptions(Bootstrap.seeded(1), -1, 0, 1))
        .hasMessageContaining("must not be negative but were -1");
  }

  private static LogitMetric threeRows() {
    return LogitMetric.each(
        List.of(LogitMetric.logit(1), LogitMetric.logit(1), LogitMetric.logit(1)));
  }
}

package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.PolicyObjective.Entropy;
import org.alignment4j.rlhf.PolicyObjective.Old;
import org.alignment4j.rlhf.PolicyObjective.Texts;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an update minimises besides the loss of its completions, input by input. */
class UpdateTermsTest {

  private static final double COEFFICIENT = 2.5;

  /** Completions of 3, 2 and 4 tokens; the second is not learned from. */
  private static final int[] LENGTHS = {3, 2, 4};

  private static final CompletionMask MASK =
      CompletionMask.of(
          new boolean[][] {{true, true, true}, {false, false}, {true, false, true, true}});

  private static SampledStep sampled() {
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      int[] tokens = new int[LENGTHS[i]];
      Arrays.fill(tokens, 20 + i);
      rollouts.add(
          new Rollout(0, i, Prompt.text("p"), TokenIds.of(1, 2), "a", TokenIds.of(tokens), false));
    }
    return new SampledStep(rollouts, Groups.consecutive(1, 3), null);
  }

  private static PolicyAdvantages learned(@Nullable TokenValues selected) {
    TokenValues ones = TokenValues.of(new double[][] {{1, 1, 1}, {1, 1}, {1, 1, 1, 1}});
    PolicySettings settings =
        new PolicySettings(
            PolicyMethod.grpo(),
            PolicyRewards.none(),
            RolloutOptions.of(4),
            Critic.standard(),
            null);
    return new PolicyAdvantages(
        new Advantages(ones, MASK, Optional.empty()),
        ones,
        null,
        selected,
        ones,
        List.of(),
        PolicyState.initial(settings),
        Map.of());
  }

  private static PolicyBatches.Update update(PolicyAdvantages learned) {
    return PolicyBatches.update(
        sampled(),
        learned,
        TokenWeights.tokenMean(),
        new RowCosts(1, 1, 1, 1, true, Integer.MAX_VALUE),
        new int[] {0, 1, 2});
  }

  private static PolicyObjective objective(Old old, Entropy entropy, Texts texts) {
    return new PolicyObjective(PolicyLoss.ppo(), 1, old, entropy, texts);
  }

  /** Three texts of one token repeated, the last of which are learned. */
  private static List<SftExample> texts() {
    List<SftExample> texts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int[] tokens = new int[3 + i];
      Arrays.fill(tokens, 40 + i);
      BitSet learnt = new BitSet();
      learnt.set(1, 2 + i);
      texts.add(new SftExample(i, TokenIds.of(tokens), learnt));
    }
    return texts;
  }

  private static UpdateTerms.Whole whole(
      UpdateTerms terms, @Nullable EntropyController bonus, long at) {
    PolicyAdvantages learned = learned(null);
    return terms.of(update(learned), learned, bonus, at);
  }

  private static Set<Long> tokens(List<MicroBatch> batches) {
    Set<Long> tokens = new HashSet<>();
    batches.forEach(
        b -> Arrays.stream(b.tokens().tokens()).filter(t -> t >= 40).forEach(tokens::add));
    return tokens;
  }

  @Test
  void textsAreThoseOfThePlaceAndEachComesOnceBeforeAnyComesAgain() {
    RecurringTexts recurring = new RecurringTexts(texts(), 1, 9);
    UpdateTerms terms =
        new UpdateTerms(objective(Old.GIVEN, Entropy.UNSEEN, Texts.BESIDE), recurring, COEFFICIENT);
    for (int pass = 0; pass < 2; pass++) {
      Set<Long> seen = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        long at = 3L * pass + i;
        UpdateTerms.Whole whole = whole(terms, null, at);
        List<MicroBatch> ofTexts =
            whole.batches().subList(whole.completions(), whole.batches().size());
        SftExample wanted = recurring.at(at).get(0);
        assertThat(tokens(ofTexts)).containsExactly((long) wanted.ids().get(0));
        assertThat(whole.textTokens()).isEqualTo(wanted.learntTokens());
        seen.addAll(tokens(ofTexts));
      }
      assertThat(seen).containsExactlyInAnyOrder(40L, 41L, 42L);
    }
  }

  @Test
  void tokensOfTextsWeighTheirCoefficientAndAreNoCompletion() {
    UpdateTerms terms =
        new UpdateTerms(
            objective(Old.GIVEN, Entropy.REWARDED, Texts.BESIDE),
            new RecurringTexts(texts(), 3, 1),
            COEFFICIENT);
    UpdateTerms.Whole whole = whole(terms, EntropyController.fixed(0.3), 0);
    assertThat(whole.completionTokens()).isEqualTo(7);
    assertThat(whole.textTokens()).isEqualTo(6);
    assertThat(whole.batches()).hasSize(whole.completions() + 1);
    MicroBatch batch = whole.batches().get(whole.completions());
    Map<String, float[]> inputs = data(batch);
    assertThat(inputs)
        .containsOnlyKeys(
            PolicyObjective.WEIGHTS,
            PolicyObjective.ADVANTAGES,
            PolicyObjective.REFERENCE,
            PolicyObjective.CORRECTIONS,
            PolicyObjective.OLD,
            PolicyObjective.ENTROPY_WEIGHTS,
            PolicyObjective.MEMBERSHIP,
            PolicyObjective.LENGTHS,
            PolicyObjective.TEXT_WEIGHTS);
    for (String name :
        List.of(
            PolicyObjective.WEIGHTS,
            PolicyObjective.ADVANTAGES,
            PolicyObjective.REFERENCE,
            PolicyObjective.CORRECTIONS,
            PolicyObjective.OLD,
            PolicyObjective.ENTROPY_WEIGHTS)) {
      assertThat(inputs.get(name)).as(name).hasSize(6).containsOnly(0);
    }
    assertThat(inputs.get(PolicyObjective.MEMBERSHIP)).hasSize(6).containsOnly(1);
    assertThat(inputs.get(PolicyObjective.LENGTHS)).containsExactly(6);
    assertThat(inputs.get(PolicyObjective.TEXT_WEIGHTS))
        .hasSize(6)
        .containsOnly((float) (COEFFICIENT / 6));
    for (MicroBatch completions : whole.batches().subList(0, whole.completions())) {
      assertThat(data(completions).get(PolicyObjective.TEXT_WEIGHTS))
          .hasSize(completions.rows().length)
          .containsOnly(0);
    }
  }

  private static Map<String, float[]> data(MicroBatch batch) {
    Map<String, float[]> data = new java.util.HashMap<>();
    batch.inputs().forEach((name, input) -> data.put(name, input.data()));
    return data;
  }

  @Test
  void whatTheGraphDoesNotReadIsNotGiven() {
    UpdateTerms terms =
        new UpdateTerms(
            objective(Old.SAME, Entropy.MEASURED, Texts.BESIDE),
            new RecurringTexts(texts(), 1, 1),
            COEFFICIENT);
    UpdateTerms.Whole whole = whole(terms, EntropyController.fixed(0.3), 0);
    assertThat(whole.batches().get(whole.completions()).inputs())
        .doesNotContainKeys(PolicyObjective.OLD, PolicyObjective.ENTROPY_WEIGHTS);
    assertThat(whole.batches().get(0).inputs()).doesNotContainKey(PolicyObjective.ENTROPY_WEIGHTS);
    UpdateTerms none =
        new UpdateTerms(objective(Old.GIVEN, Entropy.UNSEEN, Texts.NONE), null, COEFFICIENT);
    UpdateTerms.Whole alone = whole(none, null, 0);
    assertThat(alone.textTokens()).isZero();
    assertThat(alone.batches()).hasSize(alone.completions());
    assertThat(alone.batches().get(0).inputs())
        .doesNotContainKeys(PolicyObjective.TEXT_WEIGHTS, PolicyObjective.ENTROPY_WEIGHTS);
  }

  /** Six tokens are scored, four of those selected; the bonus is spread evenly over them. */
  @Test
  void theBonusIsSpreadOverTheTokensThatCount() {
    UpdateTerms terms =
        new UpdateTerms(objective(Old.GIVEN, Entropy.REWARDED, Texts.NONE), null, 0);
    for (boolean some : new boolean[] {false, true}) {
      TokenValues selected =
          some ? TokenValues.of(new double[][] {{1, 0, 1}, {1, 1}, {1, 1, 0, 1}}) : null;
      PolicyAdvantages learned = learned(selected);
      PolicyBatches.Update update = update(learned);
      UpdateTerms.Whole whole = terms.of(update, learned, EntropyController.fixed(0.3), 0);
      double[][] found = {new double[3], new double[4]};
      for (int b = 0; b < whole.completions(); b++) {
        update
            .rows()
            .get(b)
            .scatter(data(whole.batches().get(b)).get(PolicyObjective.ENTROPY_WEIGHTS), found);
      }
      double each = 0.3 / (some ? 4 : 6);
      assertThat(found[0])
          .containsExactly(new double[] {each, some ? 0 : each, each}, within(1e-8));
      assertThat(found[1])
          .containsExactly(new double[] {each, 0, some ? 0 : each, each}, within(1e-8));
    }
  }

  @Test
  void metricsAreMeansOverTheTokensOfTheirKind() {
    UpdateTerms.Whole whole = new UpdateTerms.Whole(List.of(), 2, 30, 10);
    TrainingStep.Outcome told =
        whole.told(
            new TrainingStep.Outcome(7, Map.of("ratio", 0.75, PolicyObjective.TEXT_LOSS, 0.5), 40));
    assertThat(told.loss()).isEqualTo(7);
    assertThat(told.tokens()).isEqualTo(40);
    assertThat(told.metrics())
        .containsOnly(Map.entry("ratio", 1.0), Map.entry(PolicyObjective.TEXT_LOSS, 2.0));
    TrainingStep.Outcome plain = new TrainingStep.Outcome(7, Map.of("ratio", 0.75), 30);
    assertThat(new UpdateTerms.Whole(List.of(), 2, 30, 0).told(plain)).isSameAs(plain);
  }

  @Test
  void valuesOfTextsAreNotHeard() {
    List<Integer> heard = new ArrayList<>();
    UpdateTerms.Whole whole = new UpdateTerms.Whole(List.of(), 2, 30, 10);
    for (int batch = 0; batch < 4; batch++) {
      whole.heard((b, name, values) -> heard.add(b)).values(batch, "x", FloatBuffer.allocate(1));
    }
    assertThat(heard).containsExactly(0, 1);
  }
}

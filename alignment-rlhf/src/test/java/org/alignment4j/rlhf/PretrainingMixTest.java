package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts learned beside rewards, on a real small model. */
class PretrainingMixTest extends PocketTraining {

  @TempDir Path folder;

  private static List<Demonstration> texts() {
    return answers().stream().map(a -> (Demonstration) new Demonstration.Answer(a)).toList();
  }

  private static List<Prompt> prompts() {
    return List.of(Prompt.text("Once upon"), Prompt.text("The dog"), Prompt.text("Lily saw"));
  }

  private static PolicyTrainer trainer(PolicyMethod method, RewardFunction reward) {
    return PolicyTrainer.of(base, method.withGroupSize(2))
        .reward(reward)
        .rollouts(RolloutOptions.of(4))
        .batchSize(3)
        .seed(4);
  }

  private static RewardFunction one() {
    return RewardFunction.each("one", r -> 1);
  }

  private static double[] differences(DecoderModel a, DecoderModel b) {
    double gap = 0;
    double way = 0;
    for (WeightTensor tensor : b.weights().tensors()) {
      FloatBuffer x = a.weights().get(tensor.name()).data();
      FloatBuffer from = base.weights().get(tensor.name()).data();
      for (int i = 0; i < tensor.size(); i++) {
        gap += Math.pow(x.get(i) - tensor.data().get(i), 2);
        way += Math.pow(tensor.data().get(i) - from.get(i), 2);
      }
    }
    return new double[] {Math.sqrt(gap), Math.sqrt(way)};
  }

  /**
   * Where rewards are equal nothing is left but the texts: descent at a rate r with a coefficient c
   * is supervised descent at c·r, whatever the sampler's temperature and the ratio.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.7})
  void withoutAdvantagesItIsSupervisedTraining(double temperature) {
    List<PolicyMethod> methods =
        List.of(
            PolicyMethod.grpo(),
            PolicyMethod.grpo().withLoss(PolicyLoss.gspo()).withUpdates(2, 1),
            PolicyVariants.vespo().withUpdates(1, 2));
    for (PolicyMethod method : methods) {
      int updates = method.updates().epochs() * method.updates().miniBatches();
      FineTuningResult mixed =
          trainer(method, one())
              .options(Float64Descent.options(0.02).withBatchSize(3).withEpochs(2))
              .rollouts(new RolloutOptions(4, temperature))
              .pretraining(new PretrainingMix(texts(), 2.5, 6))
              .train(prompts());
      FineTuningResult supervised =
          SftTrainer.of(base)
              .options(Float64Descent.options(0.05).withBatchSize(6).withEpochs(2 * updates))
              .train(answers());
      try (DecoderModel a = mixed.model();
          DecoderModel b = supervised.model()) {
        double[] gap = differences(a, b);
        assertThat(gap[1]).isGreaterThan(1e-2);
        assertThat(gap[0]).as(method.name()).isLessThan(2e-3 * gap[1]);
      }
      Map<String, Double> first = mixed.metrics().get(0).values();
      double nll =
          supervised.metrics().subList(0, updates).stream()
              .mapToDouble(m -> m.values().get("loss"))
              .average()
              .orElseThrow();
      assertThat(first.get("ptx_loss")).isCloseTo(nll, within(1e-4));
      assertThat(first.get("loss")).isCloseTo(2.5 * nll, within(1e-3));
      if (updates == 1) {
        // Means over completions alone.
        assertThat(first.get("ratio")).isCloseTo(1, within(1e-5));
      }
    }
  }

  /** The same completions give the same policy loss with texts beside it, and its own metrics. */
  @Test
  void metricsOfCompletionsAreThoseWithoutTexts() {
    RewardFunction length = RewardFunction.each("first", r -> r.tokens().get(0));
    PolicyTrainer plain =
        trainer(PolicyMethod.grpo().withLoss(PolicyLoss.grpo(0.1)), length)
            .entropy(EntropyUse.bonus(0.2));
    PolicyTrainer mixed = plain.pretraining(new PretrainingMix(texts(), 0.5, 2));
    try (PolicyTraining a = plain.begin(prompts());
        PolicyTraining b = mixed.begin(prompts())) {
      Map<String, Double> without = a.step().values();
      Map<String, Double> with = b.step().values();
      for (String name : List.of("ratio", "entropy", "approx_kl", "kl", "reward")) {
        assertThat(with.get(name)).as(name).isCloseTo(without.get(name), within(1e-5));
      }
      assertThat(without).doesNotContainKey("ptx_loss");
      assertThat(with.get("loss"))
          .isCloseTo(without.get("loss") + 0.5 * with.get("ptx_loss"), within(1e-4));
    }
  }

  /** A policy that is paid for one token forgets the texts less with them beside it. */
  @Test
  void whatIsLearnedBesideIsNotForgotten() {
    RewardFunction wanted =
        RewardFunction.each("wanted", r -> r.tokens().stream().filter(t -> t == 7).count());
    PolicyTrainer trainer =
        trainer(PolicyMethod.rloo().withUpdates(1, 1), wanted).learningRate(1e-3).epochs(12);
    try (DecoderModel free = trainer.train(prompts()).model();
        DecoderModel kept =
            trainer.pretraining(new PretrainingMix(texts(), 5, 3)).train(prompts()).model()) {
      assertThat(loss(kept)).isLessThan(loss(base)).isLessThan(loss(free) - 0.5);
    }
  }

  private static double loss(DecoderModel model) {
    FineTuningResult result = SftTrainer.of(model).learningRate(1e-9).batchSize(6).train(answers());
    result.model().close();
    return result.metrics().get(0).values().get("loss");
  }

  @Test
  void aStoppedRunEndsInTheSameBits() {
    AtomicBoolean fails = new AtomicBoolean();
    RewardFunction reward =
        RewardFunction.each(
            "first",
            r -> {
              if (fails.get()) {
                throw new IllegalStateException("the reward failed");
              }
              return r.tokens().get(0);
            });
    PolicyTrainer trainer =
        trainer(PolicyMethod.grpo().withUpdates(2, 1), reward)
            .learningRate(1e-3)
            .epochs(5)
            .checkpointEvery(2)
            .pretraining(new PretrainingMix(texts(), 3, 4));
    FineTuningResult expected = trainer.train(prompts());
    assertThatThrownBy(
            () ->
                trainer.runFolder(folder).onMetrics(m -> fails.set(m.step() == 3)).train(prompts()))
        .hasMessageContaining("the reward failed");
    fails.set(false);
    assertThatThrownBy(
            () ->
                trainer
                    .pretraining(new PretrainingMix(texts(), 4, 4))
                    .runFolder(folder)
                    .train(prompts()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("pretraining_mix");
    assertThatThrownBy(
            () -> trainer.limits(SequenceLimits.of(14)).runFolder(folder).train(prompts()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("pretraining_limits");
    FineTuningResult resumed = trainer.runFolder(folder).train(prompts());
    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }

  /** Every text once before any comes again, in other orders. */
  @Test
  void textsRecurInTurns() {
    List<SftExample> examples =
        IntStream.range(0, 5)
            .mapToObj(
                i -> {
                  java.util.BitSet learnt = new java.util.BitSet();
                  learnt.set(1);
                  return new SftExample(i, TokenIds.of(1, i), learnt);
                })
            .toList();
    RecurringTexts texts = new RecurringTexts(examples, 7, 3);
    List<Integer> seen = new ArrayList<>();
    for (int place = 0; place < 10; place++) {
      texts.at(place).forEach(e -> seen.add(e.index()));
    }
    assertThat(seen).hasSize(70);
    Set<List<Integer>> orders = new HashSet<>();
    for (int pass = 0; pass < 14; pass++) {
      List<Integer> turn = seen.subList(5 * pass, 5 * pass + 5);
      assertThat(turn).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      orders.add(List.copyOf(turn));
    }
    assertThat(orders.size()).isGreaterThan(5);
  }

  /** A text is cut, another has no room behind its prompt, and a third is whole. */
  @Test
  void textsThatDoNotFitAreCounted() {
    List<Demonstration> texts =
        List.of(
            new Demonstration.Text("the dog ran ".repeat(40)),
            Demonstration.answer(Prompt.text("the cat sat ".repeat(40)), " down."),
            new Demonstration.Text("the dog."));
    PolicyTrainer trainer = trainer(PolicyMethod.grpo(), one()).limits(SequenceLimits.of(32));
    assertThat(
            Logged.warnings(
                () ->
                    trainer.pretraining(new PretrainingMix(texts, 1, 1)).begin(prompts()).close()))
        .singleElement()
        .asString()
        .contains(
            "of 3 texts learned beside rewards 1 were left out, 1 lost their end",
            "maxLength=32",
            "demonstrations[1]");
    assertThat(
            Logged.warnings(
                () ->
                    trainer
                        .pretraining(new PretrainingMix(texts.subList(2, 3), 1, 1))
                        .begin(prompts())
                        .close()))
        .isEmpty();
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> new PretrainingMix(List.of(), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("texts must hold at least one but hold none");
    assertThatThrownBy(() -> new PretrainingMix(texts(), 0, 1))
        .hasMessage("coefficient must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new PretrainingMix(texts(), 1, 0))
        .hasMessage("batchSize must be at least 1 but was 0");
    PolicyTrainer trainer =
        trainer(PolicyMethod.grpo(), one())
            .pretraining(
                new PretrainingMix(List.of(Demonstration.answer(Prompt.text("a"), "")), 1, 1));
    assertThatThrownBy(() -> trainer.begin(prompts())).isInstanceOf(IllegalArgumentException.class);
  }
}

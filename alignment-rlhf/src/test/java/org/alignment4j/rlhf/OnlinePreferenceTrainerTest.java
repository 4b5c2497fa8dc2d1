package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.LdDpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.SimPoLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a small model whose reward is known. */
class OnlinePreferenceTrainerTest {

  private static final int VOCAB = 12;
  private static final int WANTED = 5;
  private static final int LENGTH = 6;

  @TempDir Path folder;

  private ConfigJson config;
  private DecoderModel base;

  private static double wanted(Rollout rollout) {
    return Arrays.stream(rollout.tokens().toArray()).filter(t -> t == WANTED).count()
        / (double) rollout.tokens().size();
  }

  private static final RewardFunction REWARD =
      RewardFunction.each("wanted", OnlinePreferenceTrainerTest::wanted);

  @BeforeEach
  void open() {
    config = TestModels.config("llama", VOCAB, 16, 2, 32);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static List<Prompt> prompts(int count) {
    Random random = new Random(3);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()));
    }
    return prompts;
  }

  private OnlinePreferenceTrainer trainer(PreferenceLoss loss) {
    return OnlinePreferenceTrainer.of(base, loss)
        .reward(REWARD)
        .rollouts(new RolloutOptions(LENGTH, 0.9))
        .batchSize(8)
        .learningRate(2e-2);
  }

  private static double mean(List<Metrics> metrics, String name) {
    return metrics.stream().mapToDouble(m -> m.values().get(name)).average().orElseThrow();
  }

  static Stream<PreferenceLoss> losses() {
    return Stream.of(PreferenceLoss.dpo(0.1), PreferenceLoss.ipo(0.1), new SimPoLoss(2, 0.5));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void pairsOfThePolicyRaiseTheReward(PreferenceLoss loss) {
    FineTuningResult result =
        trainer(loss).samples(4).adapter(Lora.rank(4)).epochs(50).train(prompts(8));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(50);
    assertThat(mean(metrics.subList(0, 4), "objective/scores")).isLessThan(0.25);
    assertThat(mean(metrics.subList(46, 50), "objective/scores")).isGreaterThan(0.6);
    if (loss.usesReference()) {
      assertThat(mean(metrics.subList(46, 50), "objective/kl")).isPositive();
    } else {
      assertThat(metrics.get(49).values()).doesNotContainKey("objective/kl");
    }
    result.model().close();
  }

  /** The policy is the reference before the first update, at the temperature of the sampler. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstUpdateStartsAtTheReference(boolean adapter) {
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("number", OnlinePreferenceTrainerTest::number))
            .rollouts(new RolloutOptions(LENGTH, 0.6))
            .samples(3)
            .batchSize(8);
    FineTuningResult result = (adapter ? trainer.adapter(Lora.rank(2)) : trainer).train(prompts(8));
    Map<String, Double> first = result.metrics().get(0).values();
    result.model().close();
    assertThat(first.get("loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(first.get("objective/kl")).isCloseTo(0, within(1e-4));
    assertThat(first.get("rewards/margins")).isCloseTo(0, within(1e-5));
    assertThat(first.get("objective/rlhf_reward"))
        .isCloseTo(first.get("objective/scores") - 0.1 * first.get("objective/kl"), within(1e-12));
    assertThat(first.get("objective/entropy")).isBetween(1.0, LENGTH * Math.log(VOCAB));
    assertThat(first.get("objective/scores_margin")).isPositive();
    assertThat(first.get("pairs/kept") + first.get("pairs/ties") + first.get("pairs/identical"))
        .isCloseTo(1, within(1e-12));
    assertThat(first)
        .containsKeys(
            "rewards/chosen",
            "rewards/rejected",
            "rewards/accuracies",
            "logps/chosen",
            "logps/rejected",
            "val/contain_eos_token",
            "rewards/number/mean");
  }

  /** The reference has the adapter of the model that training starts from, merged or further. */
  @Test
  void aModelWithAnAdapterIsItsOwnReference() {
    OnlinePreferenceTrainer trainer =
        trainer(PreferenceLoss.dpo(0.1)).samples(4).adapter(Lora.rank(2)).epochs(8);
    try (DecoderModel adapted = trainer.train(prompts(8)).model()) {
      for (PreferenceLoss loss :
          List.of(
              PreferenceLoss.dpo(0.1),
              new LdDpoLoss(0.1, 0.5, LdDpoLoss.Models.POLICY_AND_REFERENCE))) {
        OnlinePreferenceTrainer again =
            OnlinePreferenceTrainer.of(adapted, loss)
                .reward(RewardFunction.each("number", OnlinePreferenceTrainerTest::number))
                .rollouts(new RolloutOptions(LENGTH, 0.9))
                .samples(3)
                .batchSize(8)
                .learningRate(1e-2);
        for (OnlinePreferenceTrainer one : List.of(again, again.adapter(Lora.rank(2)))) {
          FineTuningResult result = one.train(prompts(8));
          Map<String, Double> first = result.metrics().get(0).values();
          assertThat(first.get("objective/kl")).isCloseTo(0, within(1e-4));
          assertThat(first.get("loss")).isCloseTo(Math.log(2), within(1e-5));
          assertThat(result.model().id()).isNotEqualTo(adapted.id());
          result.model().close();
        }
      }
    }
  }

  /**
   * One step of gradient descent, told from float64 log-probabilities at the sampler's temperature
   * by central differences along a line through the weights.
   */
  @Test
  void anUpdateIsTheGradientOfTheLossOfThePairs() {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction recording =
        new RewardFunction() {
          @Override
          public String name() {
            return "recorded";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            seen.addAll(answers);
            return answers.stream().map(a -> OptionalDouble.of(number(a))).toList();
          }
        };
    double temperature = 0.7;
    double rate = 0.25;
    FineTuningResult result =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.5))
            .reward(recording)
            .samples(3)
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .batchSize(4)
            .optimizer(SgdConfig.defaults())
            .schedule(LearningRateSchedule.constant(rate))
            .train(prompts(4));
    double clip = Math.max(1, result.metrics().get(0).values().get("grad_norm"));
    Map<String, double[]> moved = new HashMap<>();
    double squares = 0;
    for (WeightTensor tensor : result.model().weights().tensors()) {
      double[] difference = new double[tensor.size()];
      for (int i = 0; i < difference.length; i++) {
        difference[i] =
            (double) tensor.data().get(i) - base.weights().get(tensor.name()).data().get(i);
        squares += difference[i] * difference[i];
      }
      moved.put(tensor.name(), difference);
    }
    result.model().close();
    double h = 1e-3 / Math.sqrt(squares);
    double slope =
        (loss(moved, h, seen, temperature) - loss(moved, -h, seen, temperature)) / (2 * h);
    // Along its own step a gradient falls by the square of the step over the rate.
    assertThat(slope).isCloseTo(-squares / rate * clip, within(2e-3 * squares / rate * clip));
    assertThat(squares).isGreaterThan(1e-6);
  }

  /** No two of the same answers' tokens tie. */
  private static double number(Rollout rollout) {
    double value = 0;
    for (int token : rollout.tokens().toArray()) {
      value = value / 3 + token * token % 7;
    }
    return value;
  }

  /** The mean DPO loss of best against worst of each group of three. */
  private double loss(
      Map<String, double[]> direction, double h, List<Rollout> rollouts, double temperature) {
    Float64Decoder first = new Float64Decoder("llama", VOCAB, 16, 2, base.weights());
    Float64Decoder now = new Float64Decoder("llama", VOCAB, 16, 2, base.weights());
    direction.forEach(
        (name, d) -> {
          double[] values = now.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] += h * d[i];
          }
        });
    double sum = 0;
    int pairs = 0;
    for (int group = 0; group < rollouts.size(); group += 3) {
      List<Rollout> own = rollouts.subList(group, group + 3);
      Rollout best = own.get(0);
      Rollout worst = own.get(0);
      for (Rollout r : own) {
        best = number(r) > number(best) ? r : best;
        worst = number(r) < number(worst) ? r : worst;
      }
      if (number(best) == number(worst)) {
        continue;
      }
      pairs++;
      double logit = ratio(now, first, best, temperature) - ratio(now, first, worst, temperature);
      sum += Math.log1p(Math.exp(-0.5 * logit));
    }
    return sum / pairs;
  }

  private static double ratio(
      Float64Decoder now, Float64Decoder first, Rollout rollout, double temperature) {
    return tempered(now, rollout, temperature) - tempered(first, rollout, temperature);
  }

  private static double tempered(Float64Decoder decoder, Rollout rollout, double temperature) {
    double sum = 0;
    for (int t = 0; t < rollout.tokens().size(); t++) {
      var context = rollout.promptTokens().concat(rollout.tokens().slice(0, t));
      double total = 0;
      double own = 0;
      for (int w = 0; w < VOCAB; w++) {
        double scaled = decoder.logProb(context, TokenIds.of(w)) / temperature;
        total += Math.exp(scaled);
        own = w == rollout.tokens().get(t) ? scaled : own;
      }
      sum += own - Math.log(total);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedRunEndsInTheSameBits(boolean adapter) {
    OnlinePreferenceTrainer plain =
        trainer(PreferenceLoss.dpo(0.1)).batchSize(4).epochs(4).checkpointEvery(3);
    OnlinePreferenceTrainer whole = adapter ? plain.adapter(Lora.rank(2)) : plain;
    FineTuningResult expected = whole.train(prompts(8));
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                whole
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 4)
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContainingAll("after step 4; run again with the folder", folder.toString());
    AtomicInteger asked = new AtomicInteger();
    RewardFunction failing =
        RewardFunction.each(
            "wanted",
            r -> {
              if (asked.incrementAndGet() == 19) {
                throw new IllegalStateException("died");
              }
              return wanted(r);
            });
    OnlinePreferenceTrainer broken =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(failing)
            .rollouts(new RolloutOptions(LENGTH, 0.9))
            .options(whole.options());
    assertThatThrownBy(() -> broken.runFolder(folder).train(prompts(8)))
        .as("in step 7, a step after the checkpoint")
        .hasMessageContainingAll("at step 7", "died");
    FineTuningResult resumed = whole.runFolder(folder).train(prompts(8));
    assertThat(values(resumed)).isEqualTo(values(expected));
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
    assertThatThrownBy(() -> whole.ties(Ties.FIRST).runFolder(folder).train(prompts(8)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("ties");
  }

  /** All but how fast it went. */
  private static List<Map<String, Double>> values(FineTuningResult result) {
    return result.metrics().stream()
        .map(
            m -> {
              Map<String, Double> values = new HashMap<>(m.values());
              values.remove("tokens_per_second");
              return values;
            })
        .toList();
  }

  /** The optimiser counts updates, not steps: those without a pair make none. */
  @Test
  void stepsWithoutAPairLeaveEverythingAndResumeExactly() {
    FineTuningResult nothing =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4)
            .train(prompts(4));
    assertThat(nothing.model().id()).isEqualTo(base.id());
    assertThat(nothing.metrics().get(0).values())
        .containsEntry("pairs/kept", 0.0)
        .doesNotContainKeys("loss", "objective/scores_margin");
    nothing.model().close();

    RewardFunction sometimes =
        RewardFunction.each("sometimes", r -> r.prompt() % 2 == 0 ? 0 : wanted(r));
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(sometimes)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(1)
            .epochs(2)
            .learningRate(1e-2)
            .checkpointEvery(1);
    FineTuningResult expected = trainer.train(prompts(8));
    assertThat(expected.metrics().stream().filter(m -> !m.values().containsKey("loss")).count())
        .isBetween(8L, 14L);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 9)
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class);
    FineTuningResult resumed = trainer.runFolder(folder).train(prompts(8));
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }

  @Test
  void equalScoresAreLearnedFromWhereAskedTo() {
    FineTuningResult result =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .ties(Ties.FIRST)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4)
            .train(prompts(4));
    assertThat(result.model().id()).isNotEqualTo(base.id());
    Map<String, Double> metrics = result.metrics().get(0).values();
    assertThat(metrics).containsEntry("pairs/ties", 0.0);
    assertThat(metrics.get("pairs/kept"))
        .isPositive()
        .isEqualTo(1 - metrics.get("pairs/identical"));
    result.model().close();
  }

  @Test
  void aMissingEndIsPenalisedBeforeAnswersAreCompared() {
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .samples(4)
            .rollouts(RolloutOptions.of(3))
            .batchSize(8)
            .epochs(30)
            .learningRate(2e-2);
    FineTuningResult result = trainer.missingEndPenalty(2).train(prompts(8));
    result.model().close();
    List<Metrics> metrics = result.metrics();
    for (Metrics m : metrics) {
      assertThat(m.values().get("objective/scores"))
          .isCloseTo(1 - 2 * (1 - m.values().get("val/contain_eos_token")), within(1e-9));
    }
    assertThat(mean(metrics.subList(0, 3), "val/contain_eos_token")).isLessThan(0.6);
    assertThat(mean(metrics.subList(27, 30), "val/contain_eos_token")).isGreaterThan(0.85);
  }

  @Test
  void theLearnerTakesSeedAndFolder() throws Exception {
    DecoderModel model =
        (DecoderModel)
            OnlinePreferenceTrainer.learner(
                    PreferenceLoss.dpo(0.1),
                    t ->
                        t.reward(REWARD)
                            .rollouts(new RolloutOptions(LENGTH, 0.9))
                            .batchSize(8)
                            .learningRate(2e-2))
                .train(base, prompts(8), TrainingContext.of(5).withRunFolder(folder));
    FineTuningResult same = trainer(PreferenceLoss.dpo(0.1)).seed(5).train(prompts(8));
    assertThat(model.id()).isEqualTo(same.model().id());
    assertThat(Files.readString(folder.resolve("metrics.jsonl"))).contains("objective/kl");
    model.close();
    same.model().close();
  }

  /** Prefers the longer text, and says so for the order it sees with a bias for the first. */
  private static final class BiasedJudge implements PreferenceLabeler {
    private final List<Comparison> asked = new ArrayList<>();

    @Override
    public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken token) {
      asked.addAll(comparisons);
      return comparisons.stream()
          .map(
              c ->
                  OptionalDouble.of(
                      Math.min(1, 0.3 + (c.first().length() > c.second().length() ? 0.5 : 0.2))))
          .toList();
    }
  }

  @Test
  void aJudgeIsAskedInBothOrders(@TempDir Path files) {
    BiasedJudge judge = new BiasedJudge();
    try (DecoderModel pocket = TestModels.pocket(files)) {
      FineTuningResult result =
          OnlinePreferenceTrainer.of(pocket, PreferenceLoss.dpo(0.1))
              .judge("longer", judge)
              .rollouts(RolloutOptions.of(12))
              .batchSize(3)
              .learningRate(1e-4)
              .train(
                  List.of(Prompt.text("One day Tim"), Prompt.text("Lily saw"), Prompt.text("The")));
      Map<String, Double> metrics = result.metrics().get(0).values();
      result.model().close();
      assertThat(metrics.get("objective/scores")).isCloseTo(0.5, within(1e-12));
      assertThat(metrics).containsKey("rewards/longer/mean");
      assertThat(metrics.get("pairs/kept")).isPositive();
    }
    assertThat(judge.asked).hasSize(6);
    for (int i = 0; i < 6; i += 2) {
      Comparison forth = judge.asked.get(i);
      assertThat(judge.asked.get(i + 1))
          .isEqualTo(new Comparison(forth.prompt(), forth.second(), forth.first()));
    }
  }

  @Test
  void badInputIsRefused() {
    OnlinePreferenceTrainer trainer = trainer(PreferenceLoss.dpo(0.1));
    PreferenceLabeler judge = (comparisons, token) -> List.of();
    assertThatThrownBy(() -> trainer.train(List.of()))
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(
            () -> OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).train(prompts(2)))
        .hasMessageContaining("answers need a reward or a judge");
    assertThatThrownBy(() -> trainer.judge("mine", judge).train(prompts(2)))
        .hasMessageContainingAll("both were given", "wanted", "'mine'");
    assertThatThrownBy(() -> trainer.limits(SequenceLimits.of(16)).train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("bound the answers by rollouts", "maxLength=16");
    assertThatThrownBy(() -> trainer.samples(1)).hasMessageContaining("but was 1");
    assertThatThrownBy(() -> trainer.missingEndPenalty(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(
            () -> trainer.train(List.of(Prompt.tokens(1, 2), Prompt.tokens(new int[28]))))
        .hasMessageContainingAll("prompt 1 has 28", "context of 32 tokens");
    assertThatThrownBy(
            () ->
                OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                    .reward(RewardFunction.each("broken", r -> Double.NaN))
                    .rollouts(RolloutOptions.of(LENGTH))
                    .train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("reward 'broken'", "step 1", "NaN");
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      OnlinePreferenceTrainer judged =
          OnlinePreferenceTrainer.of(pocket, PreferenceLoss.dpo(0.1))
              .rollouts(RolloutOptions.of(12));
      List<Prompt> one = List.of(Prompt.text("One day Tim"));
      assertThatThrownBy(() -> judged.judge("silent", judge).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll("'silent'", "each of 2 comparisons but gave 0");
      PreferenceLabeler wild =
          (comparisons, token) -> comparisons.stream().map(c -> OptionalDouble.of(7)).toList();
      assertThatThrownBy(() -> judged.judge("wild", wild).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll("'wild'", "[0, 1] but gave 7.0 in step 1");
      PreferenceLabeler broken =
          (comparisons, token) -> {
            throw new IllegalStateException("no line");
          };
      assertThatThrownBy(() -> judged.judge("broken", broken).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll("judge 'broken'", "failed in step 1: no line")
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }
}

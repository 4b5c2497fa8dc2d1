package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.loss.CostLoss;
import org.alignment4j.rlhf.loss.CostLosses;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.rlhf.loss.RankingRewardLosses;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models that are trained further: they start as they are, head included. */
class ContinuedRewardTest extends PocketTraining {

  private static TrainedRewardModel first;

  @BeforeAll
  static void trainFirst() {
    first = settings(RewardModelTrainer.of(base)).train(pairs()).model();
  }

  @AfterAll
  static void closeFirst() {
    if (first != null) {
      first.close();
    }
  }

  private static <T extends TrainerSettings<T>> T settings(T trainer) {
    return trainer.learningRate(3e-4).batchSize(3).epochs(2).seed(5);
  }

  /** One update over everything that leaves every weight as it is. */
  private static <T extends TrainerSettings<T>> T still(T trainer) {
    return trainer.schedule(LearningRateSchedule.constant(0)).batchSize(6).epochs(1);
  }

  private static double[] scores(TrainedRewardModel model) {
    List<PromptCompletion> all = new ArrayList<>();
    pairs().forEach(p -> all.addAll(List.of(p.chosenCompletion(), p.rejectedCompletion())));
    return model.score(all).stream().mapToDouble(Reward::value).toArray();
  }

  /** The mean of {@code −log σ(r_w − r_l)}. */
  private static double loss(TrainedRewardModel model) {
    double[] r = scores(model);
    double sum = 0;
    for (int i = 0; i < r.length; i += 2) {
      sum += Math.log1p(Math.exp(r[i + 1] - r[i]));
    }
    return 2 * sum / r.length;
  }

  private static double loss(RewardModelResult result) {
    return value(result.metrics().get(0), "loss");
  }

  @Test
  void trainingStartsFromTheModelAsItIs() {
    String before = first.id();
    RewardModelResult result =
        still(RewardModelTrainer.of(first.classifier())).adapter(Lora.rank(4)).train(pairs());
    try (TrainedRewardModel adapted = result.model();
        TrainedRewardModel whole =
            still(RewardModelTrainer.of(first.classifier())).train(pairs()).model()) {
      assertThat(loss(result)).isCloseTo(loss(first), within(1e-5));
      assertThat(scores(adapted)).containsExactly(scores(first), within(1e-5));
      assertThat(whole.id()).isEqualTo(before);
      assertThat(scores(whole)).containsExactly(scores(first));
    }
    assertThat(first.id()).isEqualTo(before);
    assertThat(Math.abs(loss(first) - Math.log(2))).isGreaterThan(0.01);
  }

  @Test
  void anInterruptedRunGoesOnToTheSameBitsAndFromNoOtherModel(@TempDir Path folder) {
    RewardModelTrainer whole =
        settings(RewardModelTrainer.of(first.classifier())).checkpointEvery(1);
    interrupt(whole, folder.resolve("whole"));
    interrupt(whole.adapter(Lora.rank(4)), folder.resolve("adapter"));
  }

  private static void interrupt(RewardModelTrainer trainer, Path folder) {
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .cancellation(() -> looks.incrementAndGet() > 3)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    SequenceClassifier start = first.classifier();
    int width = start.architecture().config().embeddingSize();
    WeightTensor head = InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 0.1, 8);
    try (TrainedRewardModel resumed = trainer.runFolder(folder).train(pairs()).model();
        TrainedRewardModel whole = trainer.train(pairs()).model();
        SequenceClassifier other = start.with(start.weights().with(head), null)) {
      assertThat(resumed.id()).isEqualTo(whole.id()).isNotEqualTo(first.id());
      assertThat(loss(whole)).isLessThan(loss(first));
      RewardModelTrainer fromOther =
          RewardModelTrainer.of(other).options(trainer.options()).runFolder(folder);
      assertThatThrownBy(() -> fromOther.train(pairs()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("weights");
    }
  }

  @Test
  void savedAndLoadedModelsAndTheirAdaptersAreTrainedFurther(@TempDir Path folder) {
    RewardModelTrainer second =
        settings(RewardModelTrainer.of(first.classifier())).adapter(Lora.rank(4));
    try (TrainedRewardModel adapted = second.learningRate(1e-2).train(pairs()).model()) {
      assertThat(loss(adapted)).isLessThan(loss(first));
      assertThat(adapted.classifier().weights().get(SequenceScores.WEIGHT).data())
          .isNotEqualTo(first.classifier().weights().get(SequenceScores.WEIGHT).data());
      RewardModelResult onward =
          settings(RewardModelTrainer.of(adapted.classifier()))
              .adapter(Lora.rank(4))
              .train(pairs());
      RewardModelResult merged = still(RewardModelTrainer.of(adapted.classifier())).train(pairs());
      try (TrainedRewardModel further = onward.model();
          TrainedRewardModel plain = merged.model()) {
        assertThat(further.classifier().adapter()).isNotNull();
        assertThat(further.classifier().weights().select(base.weights().names()).contentHash())
            .isEqualTo(base(first));
        assertThat(loss(further)).isLessThan(loss(adapted));
        assertThat(plain.classifier().adapter()).isNull();
        assertThat(scores(plain)).containsExactly(scores(adapted), within(1e-4));
        assertThat(loss(merged)).isCloseTo(loss(adapted), within(1e-5));
      }
      adapted.save(folder);
      try (SequenceClassifier loaded = SequenceClassifier.load(folder, ModelOptions.defaults());
          TrainedRewardModel further =
              settings(RewardModelTrainer.of(loaded)).train(pairs()).model()) {
        assertThat(loss(further)).isLessThan(loss(adapted));
      }
      assertThatThrownBy(() -> second(adapted).adapter(Lora.rank(2)).train(pairs()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be the settings of the adapter that the model has already");
    }
  }

  private static RewardModelTrainer second(TrainedRewardModel model) {
    return settings(RewardModelTrainer.of(model.classifier()));
  }

  private static String base(TrainedRewardModel model) {
    return model.classifier().weights().select(base.weights().names()).contentHash();
  }

  /** Hugging Face reads the token before padding, also where an end token pads. */
  @Test
  void aModelThatPadsWithItsEndTokenIsReadBeforeIt(@TempDir Path folder) throws IOException {
    first.save(folder);
    Path config = folder.resolve("config.json");
    int end = base.tokenizer().eosIds().iterator().next();
    String text = Files.readString(config).replaceAll(",?\\s*\"pad_token_id\"\\s*:\\s*\\d+", "");
    Files.writeString(config, text.replaceFirst("\\{", "{ \"pad_token_id\": " + end + ","));
    try (TrainedRewardModel padded = TrainedRewardModel.load(folder);
        TrainedRewardModel ended = TrainedRewardModel.of(view(first))) {
      assertThat(scores(padded)).isNotEqualTo(scores(ended));
      RewardModelResult result = still(RewardModelTrainer.of(padded.classifier())).train(pairs());
      result.model().close();
      assertThat(loss(result)).isCloseTo(loss(padded), within(1e-5));
      List<Ranking> rankings =
          pairs().stream()
              .map(p -> Ranking.ordered(p.prompt(), List.of(p.chosen(), p.rejected())))
              .toList();
      RewardModelResult ranked =
          still(RankingRewardTrainer.of(padded.classifier())).train(rankings);
      ranked.model().close();
      assertThat(loss(ranked)).isCloseTo(loss(padded), within(1e-5));
    }
  }

  private static SequenceClassifier view(TrainedRewardModel model) {
    return model.classifier().with(model.classifier().weights(), null);
  }

  @Test
  void rankingsCostsAndOutcomesStartFromIt() {
    double[] r = scores(first);
    double ranked = 0;
    double costs = 0;
    List<Ranking> rankings = new ArrayList<>();
    List<HarmComparison> harms = new ArrayList<>();
    List<UnpairedLabel> outcomes = new ArrayList<>();
    for (int i = 0; i < pairs().size(); i++) {
      PreferencePair p = pairs().get(i);
      double[] own = {r[2 * i], r[2 * i + 1]};
      rankings.add(Ranking.ordered(p.prompt(), List.of(p.chosen(), p.rejected())));
      ranked +=
          RankingRewardLosses.evaluate(RankingRewardLoss.plackettLuce(), own, new double[] {1, 0})
              .loss();
      harms.add(new HarmComparison(p.prompt(), p.chosen(), p.rejected(), true, false));
      costs +=
          CostLosses.evaluate(
                  CostLoss.standard(),
                  new double[] {own[0]},
                  new double[] {own[1]},
                  new boolean[] {true},
                  new boolean[] {false})
              .loss();
      outcomes.add(new UnpairedLabel(p.prompt(), p.chosen(), true));
    }
    SequenceClassifier start = first.classifier();
    RewardModelResult ranking = still(RankingRewardTrainer.of(start)).train(rankings);
    RewardModelResult cost = still(CostModelTrainer.of(start)).train(harms);
    RewardModelResult outcome = still(OutcomeRewardTrainer.of(start)).train(outcomes);
    List.of(ranking, cost, outcome)
        .forEach(
            result -> {
              assertThat(result.model().id()).isEqualTo(first.id());
              result.model().close();
            });
    assertThat(loss(ranking)).isCloseTo(ranked / 6, within(1e-5));
    assertThat(loss(cost)).isCloseTo(costs / 6, within(1e-5));
  }

  @Test
  void processRewardModelsKeepTheirSeparator() {
    List<StepLabels> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(
          new StepLabels(
              new StepwiseSolution(pair.prompt(), List.of(" a big red ball.", " It was fun.")),
              List.of(OptionalDouble.of(1), OptionalDouble.of(0))));
    }
    try (TrainedStepRewardModel start = TrainedStepRewardModel.of(view(first), " so")) {
      StepRewardTrainer.Result result = still(StepRewardTrainer.of(start)).train(labels);
      try (TrainedStepRewardModel model = result.model()) {
        assertThat(model.separator()).isEqualTo(" so");
        assertThat(model.id()).isEqualTo(start.id());
      }
      double sum = 0;
      for (double[] p :
          start.scoreSteps(
              labels.stream().map(StepLabels::solution).toList(), CancellationToken.none())) {
        sum -= Math.log(p[0]) + Math.log1p(-p[1]);
      }
      assertThat(loss(result.run())).isCloseTo(sum / 12, within(1e-5));
    }
  }

  @Test
  void whatCannotBeTrainedFurtherIsRefused() {
    int width = base.architecture().config().embeddingSize();
    try (SequenceClassifier two =
        SequenceClassifier.of(base, InitialWeights.matrix("h", 2, width, 0.1, 3))) {
      assertThatThrownBy(() -> RewardModelTrainer.of(two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "training of a reward model must start from a classifier of one label but it has 2");
    }
    assertThatThrownBy(() -> RewardModelTrainer.of(first.classifier()).headDeviation(0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keeps its own");
    assertThatThrownBy(() -> RewardModelTrainer.of(base).headDeviation(-0.1))
        .hasMessage("deviation must be finite and not negative but was -0.1");
    SequenceClassifier closed = view(first);
    closed.close();
    assertThatThrownBy(() -> RewardModelTrainer.of(closed).train(pairs()))
        .isInstanceOf(IllegalStateException.class);
  }
}

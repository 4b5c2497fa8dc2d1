package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.CringeTrainer;
import org.alignment4j.rlhf.HindsightTrainer;
import org.alignment4j.rlhf.PreferenceEvaluation;
import org.alignment4j.rlhf.RankingTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held-out objectives against what evaluations and trainers themselves report. */
class ObjectivesTest {

  private static final Sizes SIZES = new Sizes(16, 16, 4, 8, 4);

  @TempDir Path folder;

  private MethodContext context;

  @BeforeEach
  void open() {
    context = new MethodContext(PocketWorld.create(1), SIZES, 1, folder, ProgressListener.none());
  }

  @AfterEach
  void close() {
    context.close();
  }

  private double[] values(Objective objective, Policy policy) {
    return objective.of(context, policy, List.of()).values();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void lossesOfPairsAreThoseOfTheEvaluation() {
    DecoderModel base = context.base().model();
    for (PreferenceLoss loss :
        List.of(
            PreferenceLoss.dpo(0.1), PreferenceLoss.ipo(0.1), ReferenceFreeLosses.simPo(2, 1))) {
      PreferenceEvaluation evaluation =
          PreferenceEvaluation.of(
              base,
              context.start().model(),
              context.data().heldOutPairs(),
              loss,
              SequenceLimits.of(512));

      assertThat(mean(values(new PairLossObjective(loss), context.base())))
          .as(loss.toString())
          .isCloseTo(evaluation.loss(), within(1e-4));
    }
    for (double loss : values(new PairLossObjective(PreferenceLoss.dpo(0.1)), context.start())) {
      assertThat(loss).as("the reference itself").isCloseTo(Math.log(2), within(1e-6));
    }
  }

  /** Weighted by tokens, as a training weighs the pairs of its first update, before it. */
  @Test
  void cringeLossIsThatOfTraining() {
    List<PreferenceExample> examples = context.heldOutPairs().examples();
    Metrics first =
        CringeTrainer.of(context.base().model())
            .batchSize(examples.size())
            .trainPairs(
                context.data().heldOutPairs(),
                PairGate.of(CringeObjective.Gate.OFFSET, CringeObjective.Gate.TEMPERATURE))
            .metrics()
            .get(0);
    double[] values = values(new CringeObjective(CringeObjective.Gate.BY_MARGIN), context.base());

    double sum = 0;
    double tokens = 0;
    for (int i = 0; i < values.length; i++) {
      double own = examples.get(i).chosen().size() + examples.get(i).rejected().size();
      sum += values[i] * own;
      tokens += own;
    }

    assertThat(sum / tokens).isCloseTo(first.values().get("loss"), within(1e-4));
  }

  @Test
  void hindsightLossIsThatOfTraining() {
    List<HeldOutTexts.Text> texts = HeldOutTexts.HINDSIGHT.of(context);
    Metrics first =
        HindsightTrainer.of(context.base().model())
            .batchSize(texts.size())
            .train(context.data().heldOutPairs())
            .metrics()
            .get(0);
    double[] values = values(new TextLossObjective(HeldOutTexts.HINDSIGHT), context.base());

    double sum = 0;
    double tokens = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * texts.get(i).example().learntTokens();
      tokens += texts.get(i).example().learntTokens();
    }

    assertThat(sum / tokens).isCloseTo(first.values().get("loss"), within(1e-4));
  }

  @Test
  void lossOfRankingsIsThatOfTraining() {
    Metrics first =
        RankingTrainer.of(context.base().model(), RankingLoss.rrhf())
            .batchSize(context.heldOutRankings().size())
            .train(context.data().heldOutRankings())
            .metrics()
            .get(0);

    assertThat(mean(values(new RankingLossObjective(RankingLoss.rrhf()), context.base())))
        .isCloseTo(first.values().get("loss"), within(1e-4));
  }

  /**
   * z0 by hand: the mean log ratio of answers behind the prompts of the next pairs, of a model that
   * learned just those.
   */
  @Test
  void lossOfLabelsComparesWithTheDivergenceOfItsOwnPolicy() {
    DecoderModel start = context.start().model();
    List<PreferencePair> data = context.data().heldOutPairs();
    List<PromptCompletion> mismatched = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      mismatched.add(
          new PromptCompletion(data.get((i + 1) % data.size()).prompt(), data.get(i).chosen()));
    }
    try (Policy policy =
        new DecoderPolicy(
            SftTrainer.of(start).epochs(4).learningRate(1e-3).train(mismatched).model())) {
      DecoderModel model = policy.model();
      List<PreferenceExample> examples = context.heldOutPairs().examples();
      double sum = 0;
      for (int i = 0; i < examples.size(); i++) {
        TokenIds other = examples.get((i + 1) % examples.size()).prompt();
        sum += ratio(model, start, other, examples.get(i).chosen());
      }
      double point = sum / examples.size();
      double[] expected = new double[2 * examples.size()];
      for (int i = 0; i < examples.size(); i++) {
        PreferenceExample pair = examples.get(i);
        double good = ratio(model, start, pair.prompt(), pair.chosen());
        double bad = ratio(model, start, pair.prompt(), pair.rejected());
        expected[i] = 1 - 1 / (1 + Math.exp(-0.1 * (good - point)));
        expected[examples.size() + i] = 1 - 1 / (1 + Math.exp(-0.1 * (point - bad)));
      }

      assertThat(point).isPositive();
      assertThat(values(new LabelLossObjective(UnpairedLoss.kto(0.1)), policy))
          .containsExactly(expected, within(1e-4));
    }
  }

  private static double ratio(
      DecoderModel model, DecoderModel reference, TokenIds prompt, TokenIds answer) {
    Prompt asked = Prompt.tokens(prompt);
    return score(model, asked, answer) - score(reference, asked, answer);
  }

  private static double score(DecoderModel model, Prompt prompt, TokenIds answer) {
    return model.logProbabilities(List.of(Continuation.of(prompt, answer))).get(0).sum();
  }
}

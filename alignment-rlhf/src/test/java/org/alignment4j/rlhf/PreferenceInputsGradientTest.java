package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.DpoVariants;
import org.alignment4j.rlhf.loss.OrpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.SftTermLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.api.Test;

/**
 * Losses that need more than sums over answers, in packed rows, against a float64 model with one
 * sequence at a time: beginnings of answers, prompts, and all pairs of an update.
 */
class PreferenceInputsGradientTest {

  private static final int VOCAB = 31;
  private static final double BETA = 0.7;
  private static final double ALPHA = 0.3;
  private static final List<RowPlan> PLANS =
      List.of(new RowPlan(34, 1), new RowPlan(34, 3), new RowPlan(128, 8));

  private static final List<PreferenceExample> EXAMPLES = examples(new Random(3));

  private interface Expected {
    double loss(Float64Decoder model, List<PreferenceRows.Pair> pairs);
  }

  private static TokenIds ids(Random random, int n) {
    return TokenIds.of(random.ints(n, 3, VOCAB).toArray());
  }

  private static List<PreferenceExample> examples(Random random) {
    TokenIds a = ids(random, 6);
    return List.of(
        new PreferenceExample(0, ids(random, 4), a, a.slice(0, 3), 1),
        new PreferenceExample(1, ids(random, 3), a.slice(0, 1), a, 1),
        new PreferenceExample(2, ids(random, 1), TokenIds.of(7), TokenIds.of(8), 1),
        new PreferenceExample(3, ids(random, 14), ids(random, 10), ids(random, 10), 1),
        new PreferenceExample(4, ids(random, 1), ids(random, 23), ids(random, 2), 1));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double shared(Float64Decoder model, PreferenceExample e, TokenIds answer) {
    int m = Math.min(e.chosen().size(), e.rejected().size());
    return model.logProb(e.prompt(), answer.slice(0, m));
  }

  private static double lengthDesensitised(Float64Decoder model, List<PreferenceRows.Pair> pairs) {
    double sum = 0;
    for (PreferenceRows.Pair p : pairs) {
      PreferenceExample e = p.example();
      double c =
          ALPHA * (model.logProb(e.prompt(), e.chosen()) - p.chosen())
              + (1 - ALPHA) * (shared(model, e, e.chosen()) - p.sharedChosen());
      double r =
          ALPHA * (model.logProb(e.prompt(), e.rejected()) - p.rejected())
              + (1 - ALPHA) * (shared(model, e, e.rejected()) - p.sharedRejected());
      sum += softplus(-BETA * (c - r));
    }
    return sum / pairs.size();
  }

  private static double logOdds(double mean) {
    return mean - Math.log(-Math.expm1(mean));
  }

  private static double oddsWithPrompts(Float64Decoder model, List<PreferenceRows.Pair> pairs) {
    double sum = 0;
    for (PreferenceRows.Pair p : pairs) {
      PreferenceExample e = p.example();
      int prompt = e.prompt().size() - 1;
      double before =
          prompt == 0 ? 0 : model.logProb(e.prompt().slice(0, 1), e.prompt().slice(1, prompt + 1));
      double w = model.logProb(e.prompt(), e.chosen());
      double l = model.logProb(e.prompt(), e.rejected());
      double odds = logOdds(w / e.chosen().size()) - logOdds(l / e.rejected().size());
      sum += -(before + w) / (prompt + e.chosen().size()) + BETA * softplus(-odds);
    }
    return sum / pairs.size();
  }

  private static double quantiles(Float64Decoder model, List<PreferenceRows.Pair> pairs) {
    double[] policy = new double[pairs.size()];
    double[] reference = new double[pairs.size()];
    for (int i = 0; i < policy.length; i++) {
      PreferenceExample e = pairs.get(i).example();
      policy[i] = model.logProb(e.prompt(), e.chosen()) - model.logProb(e.prompt(), e.rejected());
      reference[i] = pairs.get(i).chosen() - pairs.get(i).rejected();
    }
    Arrays.sort(policy);
    Arrays.sort(reference);
    double sum = 0;
    for (int i = 0; i < policy.length; i++) {
      sum += softplus(-BETA * (policy[i] - reference[i]));
    }
    return sum / policy.length;
  }

  private static void compare(PreferenceLoss loss, Expected expected) {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 2, 24);
    Weights weights = TestModels.weights(config, 0.25);
    Float64Decoder float64 = new Float64Decoder("llama", VOCAB, 16, 2, weights);
    Random random = new Random(7);
    try (DecoderModel model = TestModels.of(config, weights);
        TrainingStep step =
            new TrainingStep(
                model.engine(),
                Trainable.all(model.weights()),
                new PreferenceObjective(loss, false),
                Runnable::run,
                1)) {
      for (RowPlan plan : PLANS) {
        List<PreferenceRows.Pair> pairs = pairs(model, plan);
        List<MicroBatch> batches =
            PreferenceRows.microBatches(pairs, plan, loss.inputs()).stream()
                .map(PreferenceRows.Batch::batch)
                .toList();
        if (loss.inputs().contains(PairInput.WHOLE_UPDATE)) {
          assertThat(batches).hasSize(1);
        }
        double value = expected.loss(float64, pairs);
        assertThat(Math.abs(step.run(batches).loss() - value) / Math.max(1, value))
            .as("rows %s", plan)
            .isLessThan(2e-5);
        DirectionalDerivative.compare(
            step.gradients(), float64, m -> expected.loss(m, pairs), random);
      }
    }
  }

  private static List<PreferenceRows.Pair> pairs(DecoderModel model, RowPlan plan) {
    AnswerLogProbs own = AnswerLogProbs.of(model, EXAMPLES, plan, CancellationToken.none());
    List<PreferenceRows.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < EXAMPLES.size(); i++) {
      pairs.add(
          new PreferenceRows.Pair(
              EXAMPLES.get(i),
              (float) (own.chosen()[i] - 0.5 * i),
              (float) (own.rejected()[i] + 0.25 * i),
              (float) (own.sharedChosen()[i] - 0.5),
              (float) (own.sharedRejected()[i] + 0.125 * i)));
    }
    return pairs;
  }

  @Test
  void beginningsOfAnswers() {
    compare(
        DpoVariants.lengthDesensitised(BETA, ALPHA),
        PreferenceInputsGradientTest::lengthDesensitised);
  }

  @Test
  void prompts() {
    compare(
        new OrpoLoss(BETA, OrpoLoss.Span.PROMPT_AND_RESPONSE),
        PreferenceInputsGradientTest::oddsWithPrompts);
  }

  /** The tokens of all preferred answers, of prompts too or not, over how many they are. */
  private static double tokenMean(
      Float64Decoder model, List<PreferenceRows.Pair> pairs, boolean prompts) {
    double sum = 0;
    int tokens = 0;
    for (PreferenceRows.Pair p : pairs) {
      PreferenceExample e = p.example();
      TokenIds all = e.prompt().concat(e.chosen());
      int from = prompts ? 1 : e.prompt().size();
      sum -= model.logProb(all.slice(0, from), all.slice(from, all.size()));
      tokens += all.size() - from;
    }
    return sum / tokens;
  }

  private static double odds(Float64Decoder model, List<PreferenceRows.Pair> pairs) {
    double sum = 0;
    for (PreferenceRows.Pair p : pairs) {
      PreferenceExample e = p.example();
      double w = model.logProb(e.prompt(), e.chosen()) / e.chosen().size();
      double l = model.logProb(e.prompt(), e.rejected()) / e.rejected().size();
      sum += softplus(logOdds(l) - logOdds(w));
    }
    return sum / pairs.size();
  }

  @Test
  void tokensOfAllAnswersOfAnUpdate() {
    for (OrpoLoss.Span span : OrpoLoss.Span.values()) {
      compare(
          new OrpoLoss(BETA, span, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN),
          (model, pairs) ->
              tokenMean(model, pairs, span == OrpoLoss.Span.PROMPT_AND_RESPONSE)
                  + BETA * odds(model, pairs));
    }
    compare(
        DpoVariants.lengthDesensitised(BETA, ALPHA)
            .withSft(2, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN),
        (model, pairs) -> lengthDesensitised(model, pairs) + 2 * tokenMean(model, pairs, false));
  }

  @Test
  void allPairsOfAnUpdate() {
    compare(DpoVariants.aot(BETA), PreferenceInputsGradientTest::quantiles);
  }

  @Test
  void scoresOfBeginningsAndPromptsAreThoseOfTheModel() {
    ConfigJson config = TestModels.config("gpt2", VOCAB, 16, 2, 24);
    Weights weights = TestModels.weights(config, 0.25);
    Float64Decoder float64 = new Float64Decoder("gpt2", VOCAB, 16, 2, weights);
    try (DecoderModel model = TestModels.of(config, weights)) {
      RowPlan plan = new RowPlan(34, 2);
      AnswerLogProbs sums = AnswerLogProbs.of(model, EXAMPLES, plan, CancellationToken.none());
      double[] prompts = AnswerLogProbs.ofPrompts(model, EXAMPLES, plan, CancellationToken.none());
      for (int i = 0; i < EXAMPLES.size(); i++) {
        PreferenceExample e = EXAMPLES.get(i);
        near(sums.chosen()[i], float64.logProb(e.prompt(), e.chosen()));
        near(sums.sharedChosen()[i], shared(float64, e, e.chosen()));
        near(sums.sharedRejected()[i], shared(float64, e, e.rejected()));
        int n = e.prompt().size();
        near(
            prompts[i],
            n == 1 ? 0 : float64.logProb(e.prompt().slice(0, 1), e.prompt().slice(1, n)));
      }
    }
  }

  private static void near(double actual, double expected) {
    assertThat(Math.abs(actual - expected)).isLessThan(1e-4 * Math.max(1, Math.abs(expected)));
  }

  @Test
  void unknownSharedLogProbabilitiesAreRefused() {
    List<PreferenceRows.Pair> pairs = List.of(new PreferenceRows.Pair(EXAMPLES.get(3), -1, -2));
    assertThatThrownBy(
            () ->
                PreferenceRows.microBatches(
                    pairs, PLANS.get(0), DpoVariants.lengthDesensitised(1, 0.5).inputs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pair 3 must have the reference's log-probabilities of shared");
  }
}

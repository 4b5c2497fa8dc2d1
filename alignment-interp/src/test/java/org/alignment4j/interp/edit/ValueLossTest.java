package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.edit.ValueSearchOptions.Decay;
import org.alignment4j.interp.fact.FactPrompt;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The loss of a change of a value, against one made of single runs; its gradient, by differences.
 */
class ValueLossTest {

  private static final double LENGTH = 1.7;

  private static double[] logProbabilities(
      DecoderModel model, HookPoint<Axes.Residual> point, TokenIds tokens, int place, double[] d) {
    float[] floats = new float[d.length];
    for (int i = 0; i < d.length; i++) {
      floats[i] = (float) d[i];
    }
    float[] logits =
        model
            .forward(tokens)
            .with(add(point, Values.vector(floats), 1, pos(place)))
            .execute()
            .logits(0, -1);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    double[] out = new double[logits.length];
    for (int t = 0; t < out.length; t++) {
      out[t] = logits[t] - Math.log(sum);
    }
    return out;
  }

  private static double naive(
      DecoderModel model,
      HookPoint<Axes.Residual> point,
      EditRequest request,
      ValueSearchOptions options,
      double[] delta) {
    double loss = 0;
    for (FactPrompt rewrite : request.rewrites()) {
      for (int t = 0; t < rewrite.target().size(); t++) {
        TokenIds before = rewrite.prompt().tokens().concat(rewrite.target().slice(0, t));
        double[] p = logProbabilities(model, point, before, rewrite.prompt().subjectLast(), delta);
        loss -= p[rewrite.target().get(t)] / rewrite.target().size() / request.rewrites().size();
      }
    }
    SubjectPrompt essence = request.essence();
    double[] with = logProbabilities(model, point, essence.tokens(), essence.subjectLast(), delta);
    double[] without =
        logProbabilities(
            model, point, essence.tokens(), essence.subjectLast(), new double[delta.length]);
    for (int t = 0; t < with.length; t++) {
      loss += options.divergenceFactor() * Math.exp(with[t]) * (with[t] - without[t]);
    }
    double squares = Insertion.dot(delta, delta);
    double decay = options.decay() == Decay.NORM ? Math.sqrt(squares) : squares;
    return loss + options.decayFactor() * decay / (LENGTH * LENGTH);
  }

  @ParameterizedTest
  @EnumSource(Decay.class)
  void lossAndGradientAreThoseOfSingleRuns(Decay decay) {
    ValueSearchOptions options = ValueSearchOptions.rome().withFactors(0.7, 0.4, decay);
    EditRequest request = TinyRequests.request(5, 2);
    try (DecoderModel model = TinyFamilies.create("llama")) {
      for (HookPoint<Axes.Residual> point :
          List.<HookPoint<Axes.Residual>>of(mlpOut(0), residPost(1))) {
        ValueLoss loss =
            new ValueLoss(model, point, request, options, LENGTH, CancellationToken.none());
        double[] delta = new Random(2).doubles(24, -0.5, 0.5).toArray();
        ValueLoss.Result result = loss.at(delta, CancellationToken.none());
        assertThat(result.total())
            .isCloseTo(naive(model, point, request, options, delta), within(1e-5));
        for (int i = 0; i < 24; i += 5) {
          double[] up = delta.clone();
          double[] down = delta.clone();
          up[i] += 1e-2;
          down[i] -= 1e-2;
          double difference =
              (naive(model, point, request, options, up)
                      - naive(model, point, request, options, down))
                  / 2e-2;
          assertThat(result.gradient().get(i)).isCloseTo(difference, within(2e-4));
        }
      }
    }
  }

  @Test
  void theSearchLowersTheLossWithinItsClamp() {
    EditRequest request = TinyRequests.request(5, 2);
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      double[] value = new double[24];
      value[3] = 2;
      ValueSearch.Found free =
          ValueSearch.run(
              model,
              mlpOut(1),
              request,
              value,
              ValueSearchOptions.rome()
                  .withSteps(40, 0.2)
                  .withFactors(0.0625, 0, Decay.NORM)
                  .withClamp(100),
              CancellationToken.none());
      assertThat(free.losses().get(free.losses().length() - 1))
          .isLessThan(free.losses().get(0) - 0.1);
      ValueSearch.Found clamped =
          ValueSearch.run(
              model,
              mlpOut(1),
              request,
              value,
              ValueSearchOptions.rome().withSteps(15, 0.3).withClamp(0.1),
              CancellationToken.none());
      assertThat(length(clamped.delta().toArray())).isLessThanOrEqualTo(0.2 + 1e-12);
    }
  }

  /** The ROME code stops before its last update: 20 steps are 19 updates. */
  @Test
  void theLastStepOnlyComputesTheLoss() {
    EditRequest request = TinyRequests.request(5, 2);
    double[] value = new double[24];
    value[3] = 2;
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      for (int steps : new int[] {1, 3}) {
        ValueSearch.Found found =
            ValueSearch.run(
                model,
                mlpOut(1),
                request,
                value,
                ValueSearchOptions.rome().withSteps(steps, 0.2).withGoodLoss(0),
                CancellationToken.none());
        assertThat(found.losses().length()).isEqualTo(steps);
        if (steps == 1) {
          assertThat(found.delta().toArray()).containsOnly(0);
        } else {
          assertThat(length(found.delta().toArray())).isPositive();
        }
      }
    }
  }

  private static double length(double[] vector) {
    return Math.sqrt(Insertion.dot(vector, vector));
  }
}

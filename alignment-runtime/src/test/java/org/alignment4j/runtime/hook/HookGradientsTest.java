package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.ln1Normalized;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.qInput;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.alignment4j.runtime.hook.HookedFixture.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.LogitMetric.Form;
import org.alignment4j.api.hook.LogitMetric.Row;
import org.alignment4j.api.hook.LogitMetric.Term;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;

/** What gradients with respect to activations promise, and what has none. */
class HookGradientsTest {

  @Test
  void theStreamAfterALayerIsTheStreamBeforeTheNext() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      ActivationCache gradients =
          model
              .run(HookedFixture.PROMPT)
              .gradients(LogitMetric.logProbability(7), residPre(all()), residPost(all()))
              .gradients();
      same(
          "stream",
          gradients.values(residPre(2)).toArray(),
          gradients.values(residPost(1)).toArray());
    }
  }

  @Test
  void positionsAfterTheOnesReadAndPaddingHaveNoGradient() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      LogitMetric metric =
          new LogitMetric(
              Form.LOG_PROBABILITIES,
              List.of(
                  new Row(0, List.of(Term.of(3, 8, 1))), new Row(0, List.of(Term.of(-1, 8, 1)))));
      Values gradient =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .gradients(metric, embed())
              .gradients()
              .values(embed());
      for (int row = 0; row < 2; row++) {
        int last = row == 0 ? 3 : HookedFixture.SHORT.size() - 1;
        for (int p = 0; p < HookedFixture.PROMPT.size(); p++) {
          double size = 0;
          for (int c = 0; c < 64; c++) {
            size += Math.abs(gradient.get(row, p, c));
          }
          if (p > last) {
            assertThat(size).as("row %d, position %d", row, p).isZero();
          } else {
            assertThat(size).as("row %d, position %d", row, p).isPositive();
          }
        }
      }
    }
  }

  @Test
  void aBatchGivesWhatItsSequencesGiveAlone() {
    try (HookedFixture model = HookedFixture.load("qwen2-tiny")) {
      LogitMetric metric = LogitMetric.logitDifference(4, 90);
      GradientResult both =
          model.run(HookedFixture.PROMPT, HookedFixture.SHORT).gradients(metric, z(all()));
      GradientResult alone = model.run(HookedFixture.SHORT).gradients(metric, z(all()));
      assertThat(both.metric()[1]).isCloseTo(alone.metric()[0], within(1e-5));
      for (int layer = 0; layer < 3; layer++) {
        Values batch = both.gradients().values(z(layer));
        float[] single = alone.gradients().values(z(layer)).toArray();
        int row = batch.size() / 2;
        float[] second = new float[single.length];
        System.arraycopy(batch.toArray(), row, second, 0, single.length);
        same("layer " + layer, second, single);
      }
    }
  }

  @Test
  void editsComeBeforeTheGradient() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      LogitMetric metric = LogitMetric.logit(12);
      Intervention<?>[] edits = {
        zero(z(1), head(2)),
        scale(mlpPost(1), 0.5, pos(-1)),
        replace(residPre(0), Values.scalar(0.1f), pos(2))
      };
      Values own =
          model
              .run(HookedFixture.PROMPT)
              .with(edits)
              .cache(mlpPost(1))
              .gradients(metric, mlpPost(1))
              .cache()
              .values(mlpPost(1));
      same(
          "kept with the edits",
          own.toArray(),
          model
              .run(HookedFixture.PROMPT)
              .with(edits)
              .cache(mlpPost(1))
              .execute()
              .cache()
              .values(mlpPost(1))
              .toArray());
      Values cut =
          model
              .run(HookedFixture.PROMPT)
              .with(edits)
              .gradients(metric, embed())
              .gradients()
              .values(embed());
      for (int c = 0; c < 64; c++) {
        assertThat(cut.get(0, 2, c)).as("behind what is replaced").isZero();
      }
    }
  }

  @Test
  void theDivergenceFromTheModelItselfIsZeroWithoutAGradient() {
    try (HookedFixture model = HookedFixture.load("neox-tiny")) {
      float[] target = model.run(HookedFixture.PROMPT).execute().logits(0, -1);
      GradientResult result =
          model
              .run(HookedFixture.PROMPT)
              .gradients(LogitMetric.divergenceFrom(target), residPost(1));
      assertThat(result.metric()[0]).isCloseTo(0, within(1e-5));
      assertThat(norm(result.gradients().values(residPost(1)))).isLessThan(1e-5);
      float[] other = target.clone();
      other[3] += 2;
      assertThat(
              model
                  .run(HookedFixture.PROMPT)
                  .gradients(LogitMetric.divergenceFrom(other), residPost(1))
                  .metric()[0])
          .isGreaterThan(1e-3);
    }
  }

  @Test
  void refusesWhatHasNoGradient() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      LogitMetric metric = LogitMetric.logit(12);
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).stopAtLayer(1).gradients(metric, residPre(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("stops at layer 1")
          .hasMessageContaining("stopAtLayer");
      ActivationFunction doubled = (array, call) -> array.mul(2);
      assertThatThrownBy(
              () ->
                  model
                      .run(HookedFixture.PROMPT)
                      .with(List.of(everywhere(residPre(1), new Edit.Custom(doubled))))
                      .gradients(metric, residPre(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Java function")
          .hasMessageContaining("blocks.1.hook_resid_pre");
      assertThatThrownBy(() -> model.run(HookedFixture.PROMPT).gradients(metric))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least");
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).gradients(metric, ln1Normalized(1), qInput(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("norms of their own");
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).gradients(LogitMetric.logit(512), residPre(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("512");
      assertThatThrownBy(
              () ->
                  model
                      .run(HookedFixture.PROMPT)
                      .gradients(LogitMetric.each(List.of(metric, metric)), residPre(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one for each of the 1 but had 2");
      LogitMetric far =
          new LogitMetric(Form.LOGITS, List.of(new Row(0, List.of(Term.of(10, 1, 1)))));
      assertThatThrownBy(() -> model.run(HookedFixture.PROMPT).gradients(far, residPre(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[-10, 9]")
          .hasMessageContaining("reads 10");
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).gradients(metric, HookKind.ROT_Q.point(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not rotary");
    }
  }

  private static double norm(Values gradient) {
    double squares = 0;
    for (float g : gradient.toArray()) {
      squares += (double) g * g;
    }
    return Math.sqrt(squares);
  }
}

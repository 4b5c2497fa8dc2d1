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
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.LogitMetric.Form;
import org.alignment4j.api.hook.LogitMetric.Row;
import org.alignment4j.api.hook.LogitMetric.Term;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of metrics with respect to activations, against central differences of forward runs.
 */
class HookGradientsTest {

  /** Different positions and tokens of the two sequences, one position read twice. */
  private static LogitMetric metric(Form form) {
    return new LogitMetric(
        form,
        List.of(
            new Row(0.5, List.of(Term.of(-1, 3, 1), Term.of(-1, 9, -2), Term.of(4, 7, 1.5))),
            new Row(0, List.of(Term.of(-2, 11, -1), Term.of(-1, 2, 0.7)))));
  }

  private static double[] measured(ForwardResult result, LogitMetric metric) {
    double[] sums = new double[metric.rows().size()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = metric.rows().get(i).constant();
      for (Term term : metric.rows().get(i).terms()) {
        double[] read = read(result.logits(i, term.position()), metric.form());
        for (int t = 0; t < term.tokens().length(); t++) {
          sums[i] += term.weights().get(t) * read[term.tokens().get(t)];
        }
      }
    }
    return sums;
  }

  private static double[] read(float[] logits, Form form) {
    double normaliser = 0;
    for (float logit : logits) {
      normaliser += Math.exp(logit);
    }
    double[] read = new double[logits.length];
    for (int i = 0; i < read.length; i++) {
      read[i] =
          switch (form) {
            case LOGITS -> logits[i];
            case LOG_PROBABILITIES -> logits[i] - Math.log(normaliser);
            case PROBABILITIES -> Math.exp(logits[i]) / normaliser;
          };
    }
    return read;
  }

  static Stream<Arguments> families() {
    Stream<Arguments> fixtures =
        Stream.of("gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny")
            .map(name -> model(name, () -> HookedFixture.load(name)));
    Stream<Arguments> gpt =
        GptFamilies.names().stream()
            .map(
                name ->
                    model(
                        name,
                        () ->
                            HookedFixture.of(GptFamilies.config(name), GptFamilies.weights(name))));
    return Stream.of(fixtures, gpt, RotaryFamilies.configurations().map(HookGradientsTest::rotary))
        .flatMap(s -> s);
  }

  private static Arguments rotary(Arguments named) {
    @SuppressWarnings("unchecked") // a name and the keys of a configuration
    Map<String, Object> keys = (Map<String, Object>) named.get()[1];
    ConfigJson config = ConfigJson.of("config.json", keys);
    return model(
        (String) named.get()[0],
        () -> HookedFixture.of(config, RotaryFamilies.weights(config, 0.2)));
  }

  private static Arguments model(String name, Supplier<HookedFixture> model) {
    return Arguments.of(name, model);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void gradientsAreThoseOfCentralDifferencesAtEveryPoint(
      String name, Supplier<HookedFixture> made) {
    try (HookedFixture model = made.get()) {
      TokenIds first = TokenIds.of(5, 1, 17, 22, 8, 3, 30);
      TokenIds second = TokenIds.of(2, 9, 14, 6);
      Random random = new Random(3);
      for (HookPoint<?> point : model.none.catalog().points()) {
        if (point.kind().perLayer() && point.layer() != 1) {
          continue;
        }
        LogitMetric metric = metric(Form.values()[random.nextInt(3)]);
        GradientResult result = model.run(first, second).cache(point).gradients(metric, point);
        double[] plain = measured(model.run(first, second).execute(), metric);
        assertThat(result.metric()).as(point.name()).containsExactly(plain, within(2e-5));
        assertThat(model.run(first, second).cache(point).measure(metric).metric())
            .as(point.name())
            .containsExactly(plain, within(2e-5));
        Values gradient = result.gradients().values(point);
        assertThat(gradient.shape()).isEqualTo(result.cache().values(point).shape());
        float[] direction = direction(gradient, random);
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
          expected += direction[i] * (double) gradient.toArray()[i];
        }
        double wide = extrapolated(model, first, second, point, gradient, direction, 6e-3, metric);
        double slope = wide;
        if (Math.abs(wide - expected) > 1e-3 * norm(gradient)) {
          // A kink of ReLU may lie within the wider step; a wrong gradient is wrong at both.
          slope = extrapolated(model, first, second, point, gradient, direction, 1.5e-3, metric);
        }
        assertThat(expected)
            .as("%s of %s in %s", metric.form(), point, name)
            .isCloseTo(slope, within(2e-3 * Math.max(0.05, norm(gradient)) + rounding(plain)));
      }
    }
  }

  /** A unit vector, half along the gradient so that the slope is not lost in rounding. */
  private static float[] direction(Values gradient, Random random) {
    float[] g = gradient.toArray();
    double length = norm(gradient);
    double[] mixed = new double[g.length];
    double squares = 0;
    for (int i = 0; i < g.length; i++) {
      mixed[i] = (length > 0 ? g[i] / length : 0) + random.nextGaussian() / Math.sqrt(g.length);
      squares += mixed[i] * mixed[i];
    }
    float[] unit = new float[g.length];
    for (int i = 0; i < g.length; i++) {
      unit[i] = (float) (mixed[i] / Math.sqrt(squares));
    }
    return unit;
  }

  private static double norm(Values gradient) {
    double squares = 0;
    for (float g : gradient.toArray()) {
      squares += (double) g * g;
    }
    return Math.sqrt(squares);
  }

  /** What single precision may do to a difference of metrics over the finer step. */
  private static double rounding(double[] metric) {
    return 2e-6 * Math.max(1, Math.max(Math.abs(metric[0]), Math.abs(metric[1]))) / 1.5e-3;
  }

  /** By Richardson's extrapolation: the cubic term of both differences falls out. */
  private static double extrapolated(
      HookedFixture model,
      TokenIds first,
      TokenIds second,
      HookPoint<?> point,
      Values like,
      float[] direction,
      double step,
      LogitMetric metric) {
    double coarse = slope(model, first, second, point, like, direction, step, metric);
    double fine = slope(model, first, second, point, like, direction, step / 2, metric);
    return (4 * fine - coarse) / 3;
  }

  private static double slope(
      HookedFixture model,
      TokenIds first,
      TokenIds second,
      HookPoint<?> point,
      Values like,
      float[] direction,
      double step,
      LogitMetric metric) {
    return (moved(model, first, second, point, like, direction, step, metric)
            - moved(model, first, second, point, like, direction, -step, metric))
        / (2 * step);
  }

  private static double moved(
      HookedFixture model,
      TokenIds first,
      TokenIds second,
      HookPoint<?> point,
      Values like,
      float[] direction,
      double step,
      LogitMetric metric) {
    Edit edit = new Edit.Add(Values.of(like.shape(), direction), step);
    ForwardResult result =
        model.run(first, second).with(List.of(everywhere(point, edit))).execute();
    double[] each = measured(result, metric);
    return each[0] + each[1];
  }

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
}

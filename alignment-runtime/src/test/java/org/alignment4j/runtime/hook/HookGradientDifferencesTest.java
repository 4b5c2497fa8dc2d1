package org.alignment4j.runtime.hook;

import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.LogitMetric.Form;
import org.alignment4j.api.hook.LogitMetric.Row;
import org.alignment4j.api.hook.LogitMetric.Term;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of metrics with respect to activations, against central differences of forward runs.
 */
class HookGradientDifferencesTest {

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
    return Stream.of(
            fixtures, gpt, RotaryFamilies.configurations().map(HookGradientDifferencesTest::rotary))
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
      Random random = new Random(3);
      List<HookPoint<?>> untold = new ArrayList<>();
      for (HookPoint<?> point : model.none.catalog().points()) {
        if (point.kind().perLayer() && point.layer() != 1) {
          continue;
        }
        Form form = Form.values()[random.nextInt(3)];
        // Probabilities may hardly move where logits do.
        if (!told(model, name, point, form, random)
            && !told(model, name, point, Form.LOGITS, random)) {
          untold.add(point);
        }
      }
      // A head that sees one token alone has nothing to choose: such gradients are zero.
      List<HookKind> constant =
          name.contains("window of one")
              ? List.of(
                  HookKind.Q_INPUT, HookKind.K_INPUT, HookKind.Q, HookKind.K, HookKind.ATTN_SCORES)
              : List.of();
      assertThat(untold)
          .as("points whose gradient a difference does not tell to 5 %%")
          .extracting(point -> (Object) point.kind())
          .containsExactlyElementsOf(constant);
    }
  }

  /**
   * Compares one gradient.
   *
   * @return whether a gradient that is wrong by a twentieth would have been found
   */
  private static boolean told(
      HookedFixture model, String name, HookPoint<?> point, Form form, Random random) {
    TokenIds first = TokenIds.of(5, 1, 17, 22, 8, 3, 30);
    TokenIds second = TokenIds.of(2, 9, 14, 6);
    LogitMetric metric = metric(form);
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
    double step = 6e-3;
    double slope = extrapolated(model, first, second, point, gradient, direction, step, metric);
    if (Math.abs(slope - expected) > tolerance(gradient, plain, step)) {
      // A kink of ReLU may lie within the wider step; a wrong gradient is wrong at both.
      step = 1.5e-3;
      slope = extrapolated(model, first, second, point, gradient, direction, step, metric);
    }
    assertThat(expected)
        .as("%s of %s in %s", form, point, name)
        .isCloseTo(slope, within(tolerance(gradient, plain, step)));
    return tolerance(gradient, plain, step) < 0.05 * Math.abs(slope);
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

  /** For what is left of the curvature, and what single precision may do to the difference. */
  private static double tolerance(Values gradient, double[] metric, double step) {
    double largest = Math.max(1, Math.max(Math.abs(metric[0]), Math.abs(metric[1])));
    return 2e-3 * norm(gradient) + 1e-6 * largest / (step / 2);
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
}

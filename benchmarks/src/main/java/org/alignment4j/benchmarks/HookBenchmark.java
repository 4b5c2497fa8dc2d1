package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.hook.Interventions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Times forward passes with hook points and with an intervention beside a plain one on the same
 * attention graph, in turn. Arguments: a shape ({@code S}, {@code M} or {@code QWEN}), the number
 * of rounds, and the number of tokens, which the model's context bounds.
 */
public final class HookBenchmark {

  private static final int WARM_UP = 5;

  /** What TransformerLens users read most: all of a layer but the norms' divisors and inputs. */
  private static final List<HookKind> POINTS =
      List.of(
          HookKind.RESID_PRE,
          HookKind.LN1_NORMALIZED,
          HookKind.Q,
          HookKind.K,
          HookKind.V,
          HookKind.ATTN_SCORES,
          HookKind.PATTERN,
          HookKind.Z,
          HookKind.ATTN_OUT,
          HookKind.RESID_MID,
          HookKind.LN2_NORMALIZED,
          HookKind.MLP_PRE,
          HookKind.MLP_POST,
          HookKind.MLP_OUT,
          HookKind.RESID_POST);

  private static final String PLAIN = "plain";
  private static final String FORWARD = "forward()";

  private HookBenchmark() {}

  /**
   * Prints rows of a Markdown table: shape, variant, milliseconds (median and range), and the ratio
   * to the plain pass of the same round. First graphs whose outputs are written in place, among
   * them the plain one once more, which shows the noise; then calls of the public interface, whose
   * results are copies.
   */
  public static void main(String[] args) {
    DecoderShape shape = DecoderShape.parse(args.length > 0 ? args[0] : "M");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 40;
    int[] tokens = shape.tokens(args.length > 2 ? Integer.parseInt(args[2]) : 128, 1);
    ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU);
    try (DecoderModel model = shape.model(options)) {
      List<HookVariant> graphs = new ArrayList<>();
      try {
        measure(shape, rounds, PLAIN, graphs(model, tokens, graphs));
      } finally {
        graphs.forEach(HookVariant::close);
      }
      measure(shape, rounds, FORWARD, calls(model, TokenIds.of(tokens)));
    }
  }

  private static Map<String, Runnable> graphs(
      DecoderModel model, int[] tokens, List<HookVariant> opened) {
    DecoderInstance instance = model.instance();
    Instrumentation none = Instrumentation.none();
    Set<String> points = new LinkedHashSet<>();
    points(model).forEach(point -> points.add(point.name()));
    Instrumentation edited = Interventions.none(model.engine()).with(List.of(intervention(model)));
    HookVariant plain = new HookVariant(instance, none, Set.of(), false, tokens);
    opened.add(plain);
    HookVariant declared = new HookVariant(instance, none, points, false, tokens);
    opened.add(declared);
    HookVariant requested = new HookVariant(instance, none, points, true, tokens);
    opened.add(requested);
    HookVariant intervened = new HookVariant(instance, edited, Set.of(), false, tokens);
    opened.add(intervened);
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put(PLAIN, plain::run);
    variants.put("plain, again", plain::run);
    variants.put(points.size() + " points declared", declared::run);
    variants.put(requested.outputs() - 1 + " points requested, pinned", requested::run);
    variants.put("one intervention", intervened::run);
    return variants;
  }

  private static Map<String, Runnable> calls(DecoderModel model, TokenIds tokens) {
    List<TokenIds> sequences = List.of(tokens);
    HookPointSet<?>[] points = points(model).toArray(HookPointSet<?>[]::new);
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put(FORWARD, () -> model.forward(sequences).execute().close());
    variants.put(
        "forward().cache(" + points.length + " points)",
        () -> model.forward(sequences).cache(points).execute().close());
    Intervention<?> intervention = intervention(model);
    variants.put(
        "forward().with(intervention)",
        () -> model.forward(sequences).with(intervention).execute().close());
    return variants;
  }

  private static List<HookPoint<?>> points(DecoderModel model) {
    return model.hookPoints().stream().filter(p -> POINTS.contains(p.kind())).toList();
  }

  /** A vector added to the residual stream in the middle of the model. */
  private static Intervention<?> intervention(DecoderModel model) {
    float[] direction = new float[model.architecture().config().hiddenSize()];
    Arrays.fill(direction, 0.01f);
    return Edits.add(HookPoints.residPost(model.layerCount() / 2), Values.vector(direction), 1);
  }

  private static void measure(
      DecoderShape shape, int rounds, String baseline, Map<String, Runnable> variants) {
    PairedTimes times = PairedTimes.measure(variants, WARM_UP, rounds);
    for (String variant : variants.keySet()) {
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          shape.name(),
          variant,
          times.of(variant).text(1),
          variant.equals(baseline) ? "–" : times.ratio(variant, baseline).text(3));
    }
  }
}

package org.alignment4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Times the methods of interpretability against forward passes and matrix products of the same
 * rounds. Arguments: a case ({@code CACHE}, {@code ATTRIBUTION}, {@code SWEEP} or {@code SAE}), a
 * shape ({@code S} or {@code M}), the number of rounds, and for all but {@code SAE} the number of
 * tokens of a prompt and of prompts or pairs of prompts run together.
 */
public final class InterpBenchmark {

  private static final int WARM_UP = 3;

  private InterpBenchmark() {}

  /**
   * Prints rows of a Markdown table: shape, tokens, variant, milliseconds (median and range), and
   * the ratio to the first variant of the same round. {@code SAE} prints shape, variant,
   * milliseconds of a step, its products' rate and that of the machine's matrix product in GFLOP/s,
   * and the share of one in the other.
   */
  public static void main(String[] args) {
    String name = args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "CACHE";
    DecoderShape shape = DecoderShape.parse(args.length > 1 ? args[1] : "M");
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    int tokens = args.length > 3 ? Integer.parseInt(args[3]) : 0;
    int prompts = args.length > 4 ? Integer.parseInt(args[4]) : 0;
    if (name.equals("SAE")) {
      SaeSteps.print(shape, rounds);
      return;
    }
    ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU).packed(false);
    try (DecoderModel model = shape.model(options)) {
      switch (name) {
        case "CACHE" -> {
          CachingCase which = new CachingCase(model, shape, or(tokens, 128), or(prompts, 1));
          print(shape, rounds, which.tokens(), which.variants());
        }
        case "ATTRIBUTION" -> {
          PatchingCase which = new PatchingCase(model, shape, or(tokens, 16), or(prompts, 8));
          print(shape, rounds, which.tokens(), which.attribution());
        }
        case "SWEEP" -> {
          PatchingCase which = new PatchingCase(model, shape, or(tokens, 16), or(prompts, 1));
          for (Map<String, Runnable> sweep : List.of(which.streams(), which.heads())) {
            print(shape, rounds, which.tokens(), sweep);
          }
        }
        default ->
            throw new IllegalArgumentException(
                "A case is CACHE, ATTRIBUTION, SWEEP or SAE; got '" + name + "'.");
      }
    }
  }

  private static int or(int given, int usual) {
    return given > 0 ? given : usual;
  }

  private static void print(
      DecoderShape shape, int rounds, String tokens, Map<String, Runnable> variants) {
    PairedTimes times = PairedTimes.measure(variants, Math.min(WARM_UP, rounds), rounds);
    String baseline = variants.keySet().iterator().next();
    for (String variant : variants.keySet()) {
      System.out.printf(
          "| %s, %s | %s | %s | %s |%n",
          shape.name(),
          tokens,
          variant,
          times.of(variant).text(1),
          variant.equals(baseline) ? "–" : times.ratio(variant, baseline).text(3));
    }
  }
}

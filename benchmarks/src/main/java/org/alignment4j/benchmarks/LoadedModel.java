package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Loads one model in a fresh process, uses it in three ways, and tells times and memory: the
 * process that {@link LoadBenchmark} starts for every round. Arguments: a shape, the folder, and
 * whether weights are packed for generation.
 */
final class LoadedModel {

  private static final int PROMPT = 16;
  private static final int POSITIONS = 128;
  private static final int GENERATED = 16;
  private static final double MILLIS = 1e6;

  private LoadedModel() {}

  /** Prints one line of {@link Figures}. */
  public static void main(String[] args) throws IOException {
    DecoderShape shape = DecoderShape.parse(args[0]);
    Continuation first = continuation(shape.tokens(PROMPT + 1, 1), PROMPT);
    Continuation longer = continuation(shape.tokens(POSITIONS + 1, 2), POSITIONS / 2 + 1);
    ModelOptions options =
        ModelOptions.defaults().device(DevicePolicy.CPU).packed(Boolean.parseBoolean(args[2]));
    long start = System.nanoTime();
    try (DecoderModel model = DecoderModel.load(Path.of(args[1]), options)) {
      double opened = (System.nanoTime() - start) / MILLIS;
      model.logProbabilities(List.of(first));
      double scored = (System.nanoTime() - start) / MILLIS;
      ResidentMemory one = ResidentMemory.now();
      model.logProbabilities(List.of(longer));
      model
          .forward(List.of(TokenIds.of(shape.tokens(POSITIONS, 3))))
          .cache(HookPoints.residPost(Layers.all()))
          .execute();
      model.generate(
          List.of(Prompt.tokens(shape.tokens(PROMPT, 4))), SamplingOptions.greedy(GENERATED));
      ResidentMemory three = ResidentMemory.now();
      System.out.println(new Figures(opened, scored, one, three, PeakMemory.mebibytes()).line());
    }
  }

  private static Continuation continuation(int[] tokens, int prompt) {
    TokenIds ids = TokenIds.of(tokens);
    return Continuation.of(Prompt.tokens(ids.slice(0, prompt)), ids.slice(prompt, ids.size()));
  }

  /**
   * What one process tells.
   *
   * @param opened milliseconds until the model is there
   * @param scored milliseconds until it has given its first log-probability
   * @param one memory then, with one compiled graph and head
   * @param three memory after scoring, a hooked forward pass and generation
   * @param peak of resident memory, in MiB
   */
  record Figures(
      double opened, double scored, ResidentMemory one, ResidentMemory three, long peak) {

    String line() {
      return String.format(
          Locale.ROOT,
          "%.1f %.1f %d %d %d %d %d %d %d",
          opened,
          scored,
          one.total(),
          one.own(),
          one.mapped(),
          three.total(),
          three.own(),
          three.mapped(),
          peak);
    }

    static Figures parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Figures(
          Double.parseDouble(parts[0]),
          Double.parseDouble(parts[1]),
          memory(parts, 2),
          memory(parts, 5),
          Long.parseLong(parts[8]));
    }

    private static ResidentMemory memory(String[] parts, int from) {
      return new ResidentMemory(
          Long.parseLong(parts[from]),
          Long.parseLong(parts[from + 1]),
          Long.parseLong(parts[from + 2]));
    }
  }
}

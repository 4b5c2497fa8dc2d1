package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Decodes greedily with this library at the command of the process that compares it. Arguments and
 * answers are those of {@code jlama/src/JlamaServer.java}.
 */
final class EngineDecoder {

  private static final double MILLIS = 1e6;

  private final DecoderModel model;
  private final SamplingOptions options;
  private long first;
  private long last;

  private EngineDecoder(DecoderModel model, int count) {
    this.model = model;
    this.options = SamplingOptions.greedy(count);
  }

  /** Serves. */
  public static void main(String[] args) throws IOException {
    ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU);
    try (DecoderModel model = DecoderModel.load(Path.of(args[0]), options)) {
      EngineDecoder decoder = new EngineDecoder(model, Integer.parseInt(args[1]));
      System.out.println("ONNX Runtime");
      BufferedReader prompts =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line; (line = prompts.readLine()) != null; ) {
        System.out.println(
            decoder.decode(
                Arrays.stream(line.split(" ", -1)).mapToInt(Integer::parseInt).toArray()));
      }
    }
  }

  private String decode(int[] prompt) {
    long start = System.nanoTime();
    Completion completion =
        model.stream(
                List.of(Prompt.tokens(prompt)),
                options,
                token -> {
                  last = System.nanoTime();
                  first = token.index() == 0 ? last : first;
                },
                CancellationToken.none())
            .get(0);
    String tokens =
        completion.tokens().stream().mapToObj(Integer::toString).collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT, "%.3f %.3f %s", (first - start) / MILLIS, (last - first) / MILLIS, tokens);
  }
}

package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Parameter.Role;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Times scoring 64 of 128 positions beside the forward pass without its head, in turn. Arguments: a
 * shape ({@code S}, {@code M} or {@code QWEN}), the number of rounds, and the number of sequences.
 */
public final class ScoringBenchmark {

  private static final int WARM_UP = 3;
  private static final int POSITIONS = 128;
  private static final int SCORED = 64;
  private static final String BODY = "body alone";
  private static final String GRAPHS = "scoring, graphs";
  private static final String CALL = "scoring, logProbabilities";

  private ScoringBenchmark() {}

  /**
   * Prints rows of a Markdown table: shape, variant, milliseconds (median and range), and the ratio
   * to the body of the same round; then what the ratio would be if every operation of a matrix
   * product took the same time.
   */
  public static void main(String[] args) {
    DecoderShape shape = DecoderShape.parse(args.length > 0 ? args[0] : "M");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
    int batch = args.length > 2 ? Integer.parseInt(args[2]) : 8;
    List<int[]> sequences = new ArrayList<>();
    List<Continuation.OfTokens> continuations = new ArrayList<>();
    long[] columns = new long[batch * SCORED];
    int prompt = POSITIONS - SCORED + 1;
    for (int b = 0; b < batch; b++) {
      // The last token is predicted, not read.
      TokenIds tokens = TokenIds.of(shape.tokens(POSITIONS + 1, b));
      sequences.add(tokens.slice(0, POSITIONS).toArray());
      continuations.add(
          new Continuation.OfTokens(
              Prompt.tokens(tokens.slice(0, prompt)), tokens.slice(prompt, tokens.size())));
      for (int i = 0; i < SCORED; i++) {
        columns[b * SCORED + i] = (long) b * POSITIONS + prompt - 1 + i;
      }
    }
    ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU);
    try (DecoderModel model = shape.model(options);
        ScoringGraphPair graphs = new ScoringGraphPair(model.instance(), sequences, columns)) {
      Map<String, Runnable> variants = new LinkedHashMap<>();
      variants.put(BODY, graphs::body);
      variants.put(GRAPHS, graphs::score);
      variants.put(CALL, () -> model.logProbabilities(continuations));
      PairedTimes times = PairedTimes.measure(variants, WARM_UP, rounds);
      for (String variant : variants.keySet()) {
        System.out.printf(
            "| %s, %d x %d | %s | %s | %s |%n",
            shape.name(),
            batch,
            POSITIONS,
            variant,
            times.of(variant).text(1),
            variant.equals(BODY) ? "–" : times.ratio(variant, BODY).text(3));
      }
      System.out.printf(
          Locale.ROOT,
          "greatest difference of a log-probability of the last sequence: %.1e%n",
          difference(model, graphs, continuations.get(batch - 1)));
      System.out.printf(
          Locale.ROOT,
          "by operations of matrix products: %.3f%n",
          operations(model.architecture()));
    }
  }

  /** The call against the graphs, which have just scored. */
  private static double difference(
      DecoderModel model, ScoringGraphPair graphs, Continuation.OfTokens last) {
    graphs.score();
    double[] call = model.logProbabilities(List.of(last)).get(0).logProbs().toArray();
    double greatest = 0;
    for (int i = 0; i < SCORED; i++) {
      float graph = graphs.logProb(i - SCORED, last.tokens().get(i));
      greatest = Math.max(greatest, Math.abs(graph - call[i]));
    }
    return greatest;
  }

  /** Matrix products of blocks and head over those of the blocks. */
  private static double operations(Architecture architecture) {
    double weights =
        architecture.parameters().stream()
            .filter(p -> p.role() == Role.LINEAR_WEIGHT)
            .mapToLong(Parameter::size)
            .sum();
    int layers = architecture.config().layers();
    int attended = architecture.config().heads() * architecture.config().headDim();
    double blocks = POSITIONS * (weights + 2.0 * layers * attended * POSITIONS);
    double head =
        (double) SCORED * architecture.config().vocabSize() * architecture.config().hiddenSize();
    return 1 + head / blocks;
  }
}

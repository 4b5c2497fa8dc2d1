package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.Quantisation.Scope;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Times decoding in the forms that weights are kept in. The forms are loaded from one folder and
 * timed in turn, round by round, in one process, so that all suffer the same machine; or one form
 * alone, so that resident memory belongs to it. Arguments: {@code S} or {@code M}; the number of
 * rounds; forms by name, with commas between them, or nothing for all.
 */
public final class DecodeBenchmark {

  private static final int WARM_UP = 1;
  private static final int PROMPT = 16;
  private static final int STEPS = 16;
  private static final int[] BATCHES = {1, 8};
  private static final double NANOS = 1e9;
  private static final String FLOATS = "float32";

  private DecodeBenchmark() {}

  /**
   * Prints rows of a Markdown table: shape, form, tokens per second of all sequences at each batch
   * size (medians and ranges), the worst difference of a log-probability to float32, and resident
   * memory in MiB after decoding where one form is measured alone.
   */
  public static void main(String[] args) throws IOException {
    GptShape shape = args.length > 0 && args[0].equals("M") ? GptShape.medium() : GptShape.small();
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Map<String, ModelOptions> forms = forms();
    if (args.length > 2) {
      forms.keySet().retainAll(List.of(args[2].split(",")));
    }
    boolean alone = forms.size() == 1;
    Map<String, DecoderModel> models = new LinkedHashMap<>();
    try (TemporaryFolder temporary = TemporaryFolder.create("decode-benchmark")) {
      DecoderShape.parse(shape.name()).write(temporary.path(), DType.F32);
      try {
        forms.forEach(
            (form, options) -> models.put(form, DecoderModel.load(temporary.path(), options)));
        measure(shape, rounds, models, alone);
      } finally {
        models.values().forEach(DecoderModel::close);
      }
    }
  }

  private static Map<String, ModelOptions> forms() {
    ModelOptions floats = ModelOptions.defaults().device(DevicePolicy.CPU);
    Map<String, ModelOptions> forms = new LinkedHashMap<>();
    forms.put(FLOATS, floats);
    Map<String, Quantisation> widths = new LinkedHashMap<>();
    widths.put("int8", Quantisation.int8(32));
    widths.put("int4", Quantisation.int4(32));
    widths.forEach(
        (name, quantisation) -> {
          for (Scope scope : Scope.values()) {
            String where = scope == Scope.BLOCKS ? "" : "+embeddings";
            forms.put(name + where, floats.quantised(quantisation.scope(scope)));
            forms.put(
                name + where + "+int8-activations",
                floats.quantised(quantisation.scope(scope).activations(Activations.INT8)));
          }
        });
    return forms;
  }

  private static void measure(
      GptShape shape, int rounds, Map<String, DecoderModel> models, boolean alone)
      throws IOException {
    Map<String, Map<Integer, List<Double>>> rates = new LinkedHashMap<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Map.Entry<String, DecoderModel> model : models.entrySet()) {
        for (int batch : BATCHES) {
          double rate = decode(model.getValue(), shape, batch);
          if (round >= 0) {
            rates
                .computeIfAbsent(model.getKey(), f -> new LinkedHashMap<>())
                .computeIfAbsent(batch, b -> new ArrayList<>())
                .add(rate);
          }
        }
      }
    }
    long resident = alone ? ResidentMemory.now().total() : -1;
    DecoderModel reference = models.get(FLOATS);
    for (Map.Entry<String, Map<Integer, List<Double>>> form : rates.entrySet()) {
      StringBuilder row = new StringBuilder("| " + shape.name() + " | " + form.getKey());
      form.getValue().values().forEach(all -> row.append(" | ").append(summary(all)));
      DecoderModel model = models.get(form.getKey());
      row.append(" | ")
          .append(
              reference == null || model == null || model == reference
                  ? "–"
                  : String.format(Locale.ROOT, "%.1e", difference(reference, model, shape)))
          .append(" | ")
          .append(resident < 0 ? "–" : Long.toString(resident))
          .append(" |");
      System.out.println(row);
    }
  }

  /** Tokens per second of all sequences, after their prompts. */
  private static double decode(DecoderModel model, GptShape shape, int batch) {
    DecodeSession.Factory sessions = DecodeSessions.of(model.instance(), Instrumentation.none());
    List<int[]> prompts = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      prompts.add(tokens(shape, PROMPT, b));
    }
    try (DecodeSession session =
        sessions.open(IntStream.range(0, batch).toArray(), PROMPT + STEPS)) {
      session.prefill(prompts);
      long start = System.nanoTime();
      for (int s = 0; s < STEPS; s++) {
        session.step(tokens(shape, batch, 100 + s));
      }
      return batch * STEPS / ((System.nanoTime() - start) / NANOS);
    }
  }

  private static int[] tokens(GptShape shape, int count, int seed) {
    return new SplittableRandom(seed).ints(count, 0, shape.vocab()).toArray();
  }

  /** The worst difference of a log-probability over one sequence of random tokens. */
  private static double difference(DecoderModel a, DecoderModel b, GptShape shape) {
    Continuation text =
        Continuation.of(Prompt.tokens(1), TokenIds.of(tokens(shape, shape.seq() - 1, 7)));
    double[] first = a.logProbabilities(List.of(text)).get(0).logProbs().toArray();
    double[] second = b.logProbabilities(List.of(text)).get(0).logProbs().toArray();
    return IntStream.range(0, first.length)
        .mapToDouble(i -> Math.abs(first[i] - second[i]))
        .max()
        .orElse(0);
  }

  private static String summary(List<Double> rates) {
    double[] v = rates.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(v);
    double median = (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
    return String.format(Locale.ROOT, "%.1f (%.1f–%.1f)", median, v[0], v[v.length - 1]);
  }
}

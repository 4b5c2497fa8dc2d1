package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
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
import org.jspecify.annotations.Nullable;

/**
 * Times decoding in the forms that weights are kept in. The forms are loaded from one folder and
 * timed in turn, round by round, in one process, so that all suffer the same machine; or one form
 * alone, so that resident memory belongs to it. Arguments:
 *
 * <ol>
 *   <li>{@code S}, {@code M} or {@code QWEN}
 *   <li>the number of rounds
 *   <li>forms by name, with commas between them, or {@code all}
 *   <li>how many tokens each sequence decodes after a prompt of 16
 *   <li>MiB of the last level's cache, where the system does not tell
 * </ol>
 */
public final class DecodeBenchmark {

  private static final int WARM_UP = 2;
  private static final int PROMPT = 16;
  private static final int SCORED = 127;
  private static final int[] BATCHES = {1, 8};
  private static final double NANOS = 1e9;
  private static final String FLOATS = "float32";
  private static final String ALL = "all";

  private final DecoderShape shape;
  private final int steps;
  private final Map<String, DecoderModel> models = new LinkedHashMap<>();
  private final Map<String, Map<Integer, List<Double>>> rates = new LinkedHashMap<>();

  private DecodeBenchmark(DecoderShape shape, int steps) {
    this.shape = shape;
    this.steps = steps;
  }

  /**
   * Prints rows of a Markdown table: shape, form, tokens per second of all sequences at each batch
   * size (medians and ranges), the worst difference of a log-probability to float32, and resident
   * memory in MiB after decoding where one form is measured alone; then, where float32 is among the
   * forms, its share of what reading its weights would allow.
   */
  public static void main(String[] args) throws IOException {
    DecoderShape shape = DecoderShape.parse(args.length > 0 ? args[0] : "S");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    Map<String, ModelOptions> forms = forms();
    if (args.length > 2 && !args[2].equals(ALL)) {
      forms.keySet().retainAll(List.of(args[2].split(",")));
    }
    int steps = args.length > 3 ? Integer.parseInt(args[3]) : 64;
    long cache = args.length > 4 ? Long.parseLong(args[4]) << 20 : DecodeFloor.cacheBytes();
    DecodeBenchmark benchmark = new DecodeBenchmark(shape, steps);
    try (TemporaryFolder temporary = TemporaryFolder.create("decode-benchmark")) {
      shape.write(temporary.path(), DType.F32);
      try {
        forms.forEach(
            (form, options) ->
                benchmark.models.put(form, DecoderModel.load(temporary.path(), options)));
        benchmark.run(rounds, cache);
      } finally {
        benchmark.models.values().forEach(DecoderModel::close);
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

  private void run(int rounds, long cache) throws IOException {
    DecoderModel reference = models.get(FLOATS);
    if (reference == null) {
      for (int round = -WARM_UP; round < rounds; round++) {
        round(round >= 0, null);
      }
      print();
      return;
    }
    if (cache == 0) {
      throw new IllegalArgumentException(
          "the system does not tell the size of its last level's cache; give it in MiB as the fifth"
              + " argument");
    }
    try (DecodeFloor floor = new DecodeFloor(reference.architecture(), cache)) {
      for (int round = -WARM_UP; round < rounds; round++) {
        round(round >= 0, floor);
      }
      print();
      System.out.println(floor.text());
    }
  }

  private void round(boolean counts, @Nullable DecodeFloor floor) throws IOException {
    for (Map.Entry<String, DecoderModel> model : models.entrySet()) {
      for (int batch : BATCHES) {
        DoubleSupplier decoding = () -> decode(model.getValue(), batch);
        double rate =
            floor != null && batch == 1 && model.getKey().equals(FLOATS)
                ? floor.around(decoding, counts)
                : decoding.getAsDouble();
        if (counts) {
          rates
              .computeIfAbsent(model.getKey(), f -> new LinkedHashMap<>())
              .computeIfAbsent(batch, b -> new ArrayList<>())
              .add(rate);
        }
      }
    }
  }

  private void print() throws IOException {
    long resident = models.size() == 1 ? ResidentMemory.now().total() : -1;
    DecoderModel reference = models.get(FLOATS);
    for (Map.Entry<String, Map<Integer, List<Double>>> form : rates.entrySet()) {
      StringBuilder row = new StringBuilder("| " + shape.name() + " | " + form.getKey());
      form.getValue().values().forEach(all -> row.append(" | ").append(Spread.of(all).text(1)));
      DecoderModel model = models.get(form.getKey());
      row.append(" | ")
          .append(
              reference == null || model == null || model == reference
                  ? "–"
                  : String.format(Locale.ROOT, "%.1e", difference(reference, model)))
          .append(" | ")
          .append(resident < 0 ? "–" : Long.toString(resident))
          .append(" |");
      System.out.println(row);
    }
  }

  /** Tokens per second of all sequences, after their prompts. */
  private double decode(DecoderModel model, int batch) {
    DecodeSession.Factory sessions = DecodeSessions.of(model.instance(), Instrumentation.none());
    List<int[]> prompts = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      prompts.add(shape.tokens(PROMPT, b));
    }
    int[] texts = shape.tokens(batch * steps, 100);
    try (DecodeSession session =
        sessions.open(IntStream.range(0, batch).toArray(), PROMPT + steps)) {
      session.prefill(prompts);
      long start = System.nanoTime();
      for (int s = 0; s < steps; s++) {
        session.step(Arrays.copyOfRange(texts, s * batch, (s + 1) * batch));
      }
      return batch * steps / ((System.nanoTime() - start) / NANOS);
    }
  }

  /** The worst difference of a log-probability over one sequence of random tokens. */
  private double difference(DecoderModel a, DecoderModel b) {
    Continuation text = Continuation.of(Prompt.tokens(1), TokenIds.of(shape.tokens(SCORED, 7)));
    double[] first = a.logProbabilities(List.of(text)).get(0).logProbs().toArray();
    double[] second = b.logProbabilities(List.of(text)).get(0).logProbs().toArray();
    return IntStream.range(0, first.length)
        .mapToDouble(i -> Math.abs(first[i] - second[i]))
        .max()
        .orElse(0);
  }
}

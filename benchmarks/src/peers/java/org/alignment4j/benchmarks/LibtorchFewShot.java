package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch on a few-shot file: with the whole prompt for each choice, and with the keys and values
 * of the examples computed once for the file, its questions in batches, and the choices of a
 * question in one row under a mask. Answers lines of a way, the number of questions and a seed with
 * the log-probabilities of all choices.
 */
final class LibtorchFewShot {

  static final String ALONE = "alone";
  static final String SHARED = "shared";
  private static final int BATCH = 16;
  private static final float MASKED = -1e9f;

  private final LibtorchGpt model = new LibtorchGpt(FewShotFile.SHAPE, false);

  private LibtorchFewShot() {}

  /** Serves. */
  public static void main(String[] args) throws IOException {
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
    LibtorchFewShot peer = new LibtorchFewShot();
    System.out.println(LibtorchGpt.engine());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] parts = line.split(" ", -1);
      FewShotFile file = FewShotFile.of(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
      List<Double> sums;
      try (NoGradGuard guard = new NoGradGuard();
          PointerScope scope = new PointerScope()) {
        sums = parts[0].equals(ALONE) ? peer.alone(file) : peer.shared(file);
      }
      System.out.println(sums.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
  }

  private List<Double> alone(FewShotFile file) {
    List<Double> sums = new ArrayList<>();
    for (int q = 0; q < file.questions().size(); q++) {
      int[] prompt = file.prompt(q);
      for (int[] choice : file.questions().get(q).choices()) {
        int length = prompt.length + choice.length - 1;
        long[] tokens = new long[length];
        Arrays.setAll(tokens, i -> i < prompt.length ? prompt[i] : choice[i - prompt.length]);
        try (PointerScope scope = new PointerScope()) {
          Tensor positions = LibtorchGpt.longs(LongStream.range(0, length).toArray(), length);
          Tensor hidden = model.hidden(LibtorchGpt.longs(tokens, 1, length), positions);
          Tensor rows = hidden.select(0, 0).narrow(0, prompt.length - 1L, choice.length);
          sums.add(sum(logProbs(rows, choice), 0, choice.length));
        }
      }
    }
    return sums;
  }

  private List<Double> shared(FewShotFile file) {
    List<Double> sums = new ArrayList<>();
    int before = file.examples().length;
    long[] examples = Arrays.stream(file.examples()).asLongStream().toArray();
    Tensor positions = LibtorchGpt.longs(LongStream.range(0, before).toArray(), before);
    TensorVector keys = new TensorVector();
    TensorVector values = new TensorVector();
    model.hidden(
        LibtorchGpt.longs(examples, 1, before),
        positions,
        (layer, query, key, value) -> {
          keys.push_back(key);
          values.push_back(value);
          return LibtorchAttention.fused(query, key, value, true);
        });
    for (int from = 0; from < file.questions().size(); from += BATCH) {
      int to = Math.min(from + BATCH, file.questions().size());
      try (PointerScope scope = new PointerScope()) {
        sums.addAll(batch(file.questions().subList(from, to), before, keys, values));
      }
    }
    return sums;
  }

  private List<Double> batch(
      List<FewShotFile.Question> questions, int before, TensorVector keys, TensorVector values) {
    List<Segments> rows = new ArrayList<>();
    for (FewShotFile.Question question : questions) {
      Segments row = new Segments().add(question.tokens());
      for (int[] choice : question.choices()) {
        if (choice.length > 1) {
          row.addContinuation(Arrays.copyOf(choice, choice.length - 1), 0);
        }
      }
      rows.add(row);
    }
    int seq = rows.stream().mapToInt(Segments::length).max().orElseThrow();
    TokenBatch batch = TokenBatch.of(rows, seq);
    List<Long> columns = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int q = 0; q < rows.size(); q++) {
      long start = (long) q * seq;
      long next = start + questions.get(q).tokens().length;
      long last = next - 1;
      for (int[] choice : questions.get(q).choices()) {
        for (int t = 0; t < choice.length; t++) {
          columns.add(t == 0 ? last : next++);
          labels.add(choice[t]);
        }
      }
    }
    Tensor mask = mask(batch, before);
    long[] positions = Arrays.stream(batch.positions()).map(p -> p + before).toArray();
    Tensor hidden =
        model.hidden(
            LibtorchGpt.longs(batch.tokens(), rows.size(), seq),
            LibtorchGpt.longs(positions, rows.size(), seq),
            (layer, query, key, value) ->
                torch.scaled_dot_product_attention(
                    query,
                    behind(keys.get(layer), key),
                    behind(values.get(layer), value),
                    new TensorOptional(mask),
                    0.0,
                    false,
                    new DoubleOptional(),
                    false));
    Tensor chosen =
        hidden
            .reshape((long) rows.size() * seq, FewShotFile.SHAPE.width())
            .index_select(
                0, LibtorchGpt.longs(columns.stream().mapToLong(c -> c).toArray(), columns.size()));
    double[] logProbs = logProbs(chosen, labels.stream().mapToInt(l -> l).toArray());
    List<Double> sums = new ArrayList<>();
    int at = 0;
    for (FewShotFile.Question question : questions) {
      for (int[] choice : question.choices()) {
        sums.add(sum(logProbs, at, at + choice.length));
        at += choice.length;
      }
    }
    return sums;
  }

  /** The examples' keys or values before every row's own. */
  private static Tensor behind(Tensor examples, Tensor own) {
    long[] sizes = {own.size(0), examples.size(1), examples.size(2), examples.size(3)};
    return torch.cat(new TensorVector(examples.expand(sizes), own), 2);
  }

  private static Tensor mask(TokenBatch batch, int before) {
    int seq = batch.seq();
    double[] mask = new double[batch.batch() * seq * (before + seq)];
    for (int row = 0; row < batch.batch() * seq; row++) {
      for (int k = 0; k < seq; k++) {
        mask[row * (before + seq) + before + k] = batch.mask()[row * seq + k] == 0 ? 0 : MASKED;
      }
    }
    return LibtorchGpt.doubles(mask).view(batch.batch(), 1, seq, (long) before + seq);
  }

  private double[] logProbs(Tensor rows, int[] labels) {
    Tensor logits = model.logits(rows);
    long[] wide = Arrays.stream(labels).asLongStream().toArray();
    Tensor chosen = logits.gather(1, LibtorchGpt.longs(wide, labels.length, 1)).squeeze(1);
    Tensor logProbs = chosen.sub(logits.logsumexp(1)).contiguous();
    float[] values = new float[labels.length];
    logProbs.data_ptr_float().get(values);
    double[] result = new double[values.length];
    Arrays.setAll(result, i -> values[i]);
    return result;
  }

  private static double sum(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).sum();
  }
}

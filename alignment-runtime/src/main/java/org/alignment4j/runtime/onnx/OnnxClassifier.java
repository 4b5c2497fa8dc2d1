package org.alignment4j.runtime.onnx;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.ForeignTensors;
import org.alignment4j.runtime.session.OnnxSession;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Port;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.tokenizer.PairTokens;
import org.jspecify.annotations.Nullable;

/**
 * A sequence classifier of an ONNX file under Optimum's names: {@code model.onnx}, in the folder or
 * in its folder {@code onnx}. Thread-safe; {@link #close} waits for runs in flight.
 */
public final class OnnxClassifier implements AutoCloseable {

  private static final List<String> FILES = List.of("model.onnx");
  private static final List<String> INPUTS =
      List.of(
          OnnxNames.INPUT_IDS,
          OnnxNames.ATTENTION_MASK,
          OnnxNames.TOKEN_TYPE_IDS,
          OnnxNames.POSITION_IDS);
  private static final int MAX_COLUMNS = 4096;
  private static final int MAX_ROWS = 64;

  private final OnnxSession session;
  private final Port ids;
  private final Port mask;
  private final @Nullable Port types;
  private final @Nullable Port positions;
  private final ClassifierConfig config;

  private OnnxClassifier(OnnxSession session, ConfigJson json) {
    this.session = session;
    Faults faults = new Faults(session);
    this.ids = faults.integers(OnnxNames.INPUT_IDS);
    this.mask = faults.integers(OnnxNames.ATTENTION_MASK);
    this.types = faults.optionalIntegers(OnnxNames.TOKEN_TYPE_IDS);
    this.positions = faults.optionalIntegers(OnnxNames.POSITION_IDS);
    faults.refuseOthers(INPUTS);
    for (Port other : new Port[] {mask, types, positions}) {
      if (other != null && !Arrays.equals(other.shape(), ids.shape())) {
        throw faults.error(
            "input '%s' must have the shape of input_ids, %s, but is %s"
                .formatted(other.name(), ids, other));
      }
    }
    Port logits = faults.reals(OnnxNames.LOGITS, 2);
    this.config = ClassifierConfig.read(json, logits.size(1));
  }

  /**
   * Opens a folder.
   *
   * @param runtime where it runs
   * @param folder has {@code config.json} and the ONNX file
   * @return the classifier, which the caller closes
   * @throws CheckpointException if a file is missing or damaged, or an input or output is not as
   *     Optimum's
   */
  public static OnnxClassifier open(OrtRuntime runtime, Path folder) {
    ConfigJson json = ModelFiles.config(folder);
    OnnxSession session = OnnxSession.open(runtime, ModelFiles.model(folder, FILES));
    try {
      return new OnnxClassifier(session, json);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Labels, kind of problem and limits. */
  public ClassifierConfig config() {
    return config;
  }

  /** Whether the model tells the texts of a pair apart. */
  public boolean readsTypes() {
    return types != null;
  }

  /** Most tokens of a sequence that the file itself allows. */
  public int maxTokens() {
    return ids.size(1) < 0 ? Integer.MAX_VALUE : Math.toIntExact(ids.size(1));
  }

  /** The files that hold the model. */
  public Set<Path> files() {
    return ModelFiles.all(session);
  }

  /**
   * Scores sequences, each by itself.
   *
   * @param sequences none empty or longer than {@link #maxTokens}
   * @param pad token that fills shorter rows; where there is none, sequences are scored one by one
   * @param cancellation checked before every batch
   * @return of each sequence the logits {@code [labels]}, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails
   */
  public List<float[]> logits(
      List<PairTokens> sequences, @Nullable Integer pad, CancellationToken cancellation) {
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences.get(i).ids().size()))
            .toList();
    float[] @Nullable [] logits = new float[sequences.size()][];
    int from = 0;
    while (from < order.size()) {
      int to = from + 1;
      while (to < order.size()
          && fits(to + 1 - from, sequences.get(order.get(to)).ids().size(), pad)) {
        to++;
      }
      cancellation.throwIfCancelled("classification");
      List<Integer> batch = order.subList(from, to);
      List<float[]> scores = run(batch.stream().map(sequences::get).toList(), pad);
      for (int b = 0; b < batch.size(); b++) {
        logits[batch.get(b)] = scores.get(b);
      }
      from = to;
    }
    return Arrays.stream(logits).map(Objects::requireNonNull).toList();
  }

  private boolean fits(int rows, int longest, @Nullable Integer pad) {
    long most = ids.size(0) < 0 ? MAX_ROWS : ids.size(0);
    long columns = (long) rows * Math.max(longest, ids.size(1));
    return pad != null && rows <= most && (columns <= MAX_COLUMNS || ids.size(0) > 0);
  }

  private List<float[]> run(List<PairTokens> batch, @Nullable Integer pad) {
    int rows = ids.size(0) < 0 ? batch.size() : Math.toIntExact(ids.size(0));
    int seq = batch.stream().mapToInt(s -> s.ids().size()).max().orElse(0);
    seq = ids.size(1) < 0 ? seq : Math.toIntExact(ids.size(1));
    long[] tokens = new long[rows * seq];
    long[] marks = new long[rows * seq];
    long[] typed = new long[rows * seq];
    long[] numbers = new long[rows * seq];
    Arrays.fill(tokens, pad == null ? 0 : pad);
    for (int b = 0; b < rows; b++) {
      // A file of a fixed number of rows gets the last one again.
      PairTokens row = batch.get(Math.min(b, batch.size() - 1));
      for (int t = 0; t < row.ids().size(); t++) {
        int at = b * seq + t;
        tokens[at] = row.ids().get(t);
        marks[at] = 1;
        typed[at] = row.types().get(t);
        numbers[at] = t;
      }
    }
    Map<String, Tensor> inputs = new HashMap<>();
    try {
      put(inputs, ids, tokens, rows, seq);
      put(inputs, mask, marks, rows, seq);
      put(inputs, types, typed, rows, seq);
      put(inputs, positions, numbers, rows, seq);
      try (RunResult result = session.run(inputs, Set.of(OnnxNames.LOGITS))) {
        return scores(result.get(OnnxNames.LOGITS), rows).subList(0, batch.size());
      }
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  private void put(
      Map<String, Tensor> inputs, @Nullable Port port, long[] values, int rows, int seq) {
    if (port != null) {
      inputs.put(
          port.name(),
          ForeignTensors.integers(session.runtime(), port.element(), values, rows, seq));
    }
  }

  private List<float[]> scores(Tensor logits, int rows) {
    long[] expected = {rows, config.labels().size()};
    if (!Arrays.equals(logits.shape(), expected)) {
      throw new ModelExecutionException(
          "output 'logits' of "
              + session.file()
              + " must have the shape "
              + Arrays.toString(expected)
              + " but has "
              + Arrays.toString(logits.shape()));
    }
    FloatBuffer values = logits.floats();
    List<float[]> scores = new ArrayList<>();
    for (int b = 0; b < rows; b++) {
      float[] own = new float[config.labels().size()];
      values.get(own);
      scores.add(own);
    }
    return scores;
  }

  /** Frees the model once runs in flight have ended; again does nothing. */
  @Override
  public void close() {
    session.close();
  }
}

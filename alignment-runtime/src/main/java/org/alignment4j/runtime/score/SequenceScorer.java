package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/** Scores of whole sequences by a sequence classifier, in batches of like lengths. Thread-safe. */
public final class SequenceScorer {

  private static final int MAX_COLUMNS = 4096;
  private static final long MAX_SCORES = 32L << 20;
  private static final String SCORES = "scores";

  private record Key(Set<String> adapterInputs) {
    /** What errors call the graph. */
    @Override
    public String toString() {
      return "scores of sequences";
    }
  }

  private final DecoderInstance model;
  private final DecoderConfig config;
  private final int pad;

  /**
   * A scorer.
   *
   * @param model a model whose head scores sequences
   * @param pad token after which a sequence counts as ended when only it follows, or -1
   */
  public SequenceScorer(DecoderInstance model, int pad) {
    this.model = model;
    this.config = model.engine().architecture().config();
    this.pad = pad;
  }

  /**
   * Scores every sequence at its last token that is not padding.
   *
   * @param sequences tokens of each
   * @param cancellation checked before every batch
   * @return the scores of each, one for each label, in order
   * @throws IllegalArgumentException if a sequence is empty, too long or has a token outside the
   *     vocabulary
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<float[]> score(List<TokenIds> sequences, CancellationToken cancellation) {
    for (int i = 0; i < sequences.size(); i++) {
      check(sequences.get(i), i);
    }
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences.get(i).size()))
            .toList();
    float[] @Nullable [] scores = new float[sequences.size()][];
    int from = 0;
    while (from < order.size()) {
      int to = from + 1;
      while (to < order.size() && fits(to + 1 - from, sequences.get(order.get(to)).size())) {
        to++;
      }
      cancellation.throwIfCancelled("scoring sequences");
      score(sequences, order.subList(from, to), scores);
      from = to;
    }
    return Arrays.stream(scores).map(Objects::requireNonNull).toList();
  }

  private void check(TokenIds ids, int index) {
    if (ids.isEmpty() || ids.size() > config.maxPositions()) {
      throw new IllegalArgumentException(
          "sequences[%s] must have from 1 to %s tokens, the model's context, but has %s"
              .formatted(index, config.maxPositions(), ids.size()));
    }
    for (int t = 0; t < ids.size(); t++) {
      if (ids.get(t) >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "sequences[%s] must have tokens below the vocabulary's %s but token %s was %s"
                .formatted(index, config.vocabSize(), t, ids.get(t)));
      }
    }
  }

  private boolean fits(long count, long longest) {
    return count * longest <= MAX_COLUMNS
        && count * longest * longest * config.heads() <= MAX_SCORES;
  }

  private void score(List<TokenIds> sequences, List<Integer> indices, float[] @Nullable [] scores) {
    OrtRuntime runtime = model.engine().runtime();
    List<int[]> rows = new ArrayList<>();
    indices.forEach(i -> rows.add(sequences.get(i).toArray()));
    TokenBatch batch = TokenBatch.rightPadded(rows);
    long[] last = new long[rows.size()];
    for (int b = 0; b < last.length; b++) {
      last[b] = (long) b * batch.seq() + lastToken(rows.get(b));
    }
    try (OwnedTensors inputs = OwnedTensors.of(batch.tensors(model.engine()))) {
      inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, last, last.length));
      try (RunResult result = graph().run(model.feeds(inputs.asMap()), Map.of(), Set.of(SCORES))) {
        FloatBuffer values = result.get(SCORES).floats();
        int labels = values.remaining() / last.length;
        for (int i : indices) {
          float[] own = new float[labels];
          values.get(own);
          scores[i] = own;
        }
      }
    }
  }

  private int lastToken(int[] tokens) {
    int last = tokens.length - 1;
    while (last > 0 && tokens[last] == pad) {
      last--;
    }
    return last;
  }

  private CompiledGraph graph() {
    return model.scoring(
        new Key(model.adapterInputs()),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder =
              new DecoderGraph(
                  ops, architecture, AttentionKind.MASKED, model.training(), Tap.none());
          ops.graph()
              .output(
                  SCORES,
                  decoder.outputs(
                      decoder.finalNorm(decoder.selectRows(decoder.residual(), false))));
          return ops.graph();
        });
  }
}

package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.jspecify.annotations.Nullable;

/**
 * The frozen model's log-probabilities of the tokens of answers, computed when first asked for and
 * kept in the run folder where there is one. Owned by one run.
 */
final class AlolReference {

  private static final String TOKENS = "tokens";

  private final DecoderModel model;
  private final List<RatedExample> examples;
  private final RowPlan plan;
  private final CancellationToken cancellation;
  private final @Nullable Path folder;
  private double @Nullable [][] logProbs;

  AlolReference(
      DecoderModel model,
      List<RatedExample> examples,
      RowPlan plan,
      CancellationToken cancellation,
      @Nullable Path folder) {
    this.model = model;
    this.examples = examples;
    this.plan = plan;
    this.cancellation = cancellation;
    this.folder = folder;
  }

  static RolloutRows.Answer answer(RatedExample example) {
    return new RolloutRows.Answer(example.prompt(), example.answer());
  }

  /** A hash of the tokens of prompts and answers, and of rewards. */
  static String fingerprint(List<RatedExample> examples) {
    StringBuilder content = new StringBuilder();
    examples.forEach(
        e -> content.append(e.prompt()).append(e.answer()).append(e.reward()).append('\n'));
    return ContentHash.of(content.toString()).toString();
  }

  /** Of each token of an example. */
  double[] of(int example) {
    double[][] known = logProbs;
    if (known == null) {
      known = folder == null ? parts(compute()) : parts(kept(folder));
      logProbs = known;
    }
    return known[example];
  }

  private double[] kept(Path path) {
    String content = model.id() + '\n' + fingerprint(examples);
    LogProbFile file =
        new LogProbFile(
            path.resolve(ReferenceCache.FILE),
            ContentHash.of(content).toString(),
            Map.of(TOKENS, examples.stream().mapToInt(e -> e.answer().size()).sum()));
    return Objects.requireNonNull(file.readOrWrite(() -> Map.of(TOKENS, compute())).get(TOKENS));
  }

  private double[] compute() {
    double[][] tokens = new double[examples.size()][];
    Arrays.setAll(tokens, i -> new double[examples.get(i).answer().size()]);
    List<RolloutRows.Answer> answers = examples.stream().map(AlolReference::answer).toList();
    try (BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      for (RolloutRows.Batch batch : RolloutRows.microBatches(answers, plan)) {
        cancellation.throwIfCancelled("scoring answers");
        float[] found =
            model
                .instance()
                .call(
                    () ->
                        LabelLogProbs.of(
                            model.engine(), weights, model.adapter(), 1, batch.batch()));
        batch.scatter(found, tokens);
      }
    }
    return Arrays.stream(tokens).flatMapToDouble(Arrays::stream).toArray();
  }

  private double[][] parts(double[] flat) {
    double[][] parts = new double[examples.size()][];
    int from = 0;
    for (int i = 0; i < parts.length; i++) {
      int to = from + examples.get(i).answer().size();
      parts[i] = Arrays.copyOfRange(flat, from, to);
      from = to;
    }
    return parts;
  }
}

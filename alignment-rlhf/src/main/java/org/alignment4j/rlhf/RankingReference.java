package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * The reference's log-probabilities of ranked answers, computed when first asked for and kept in
 * the run folder where there is one. Owned by one run.
 */
final class RankingReference {

  private static final String ANSWERS = "answers";

  private final List<Answers> prompts;
  private final Supplier<double[]> compute;
  private @Nullable List<List<Double>> logProbs;

  private RankingReference(List<Answers> prompts, Supplier<double[]> compute) {
    this.prompts = prompts;
    this.compute = compute;
  }

  /** Of a loss that needs no reference: no numbers. */
  static RankingReference none() {
    return new RankingReference(List.of(), () -> new double[0]);
  }

  static RankingReference of(
      DecoderModel model,
      List<Answers> prompts,
      CancellationToken cancellation,
      @Nullable Path folder) {
    RowPlan plan = RowPlans.ofAnswers(prompts, model.architecture().config());
    Supplier<double[]> compute =
        () ->
            AnswerScores.of(model, prompts, plan, cancellation).stream()
                .flatMapToDouble(Arrays::stream)
                .toArray();
    if (folder == null) {
      return new RankingReference(prompts, compute);
    }
    String content = model.id() + '\n' + UnpairedReference.fingerprint(prompts);
    LogProbFile file =
        new LogProbFile(
            folder.resolve(ReferenceCache.FILE),
            ContentHash.of(content).toString(),
            Map.of(ANSWERS, prompts.stream().mapToInt(p -> p.answers().size()).sum()));
    return new RankingReference(
        prompts,
        () ->
            Objects.requireNonNull(
                file.readOrWrite(() -> Map.of(ANSWERS, compute.get())).get(ANSWERS)));
  }

  /** Of the answers of a ranking; empty where there is no reference. */
  List<Double> of(int ranking) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    List<List<Double>> known = logProbs;
    if (known == null) {
      known = parted(compute.get());
      logProbs = known;
    }
    return known.get(ranking);
  }

  private List<List<Double>> parted(double[] flat) {
    List<List<Double>> parts = new ArrayList<>();
    int from = 0;
    for (Answers prompt : prompts) {
      int to = from + prompt.answers().size();
      parts.add(DoubleStream.of(Arrays.copyOfRange(flat, from, to)).boxed().toList());
      from = to;
    }
    return parts;
  }
}

package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * The reference's log-probabilities of answers to their own prompts and of mismatched ones, and the
 * weights of answers that match distributions of prompts where there are some, computed when first
 * asked for and kept in the run folder where there is one. Owned by one run.
 */
final class UnpairedReference {

  private static final String OWN = "answers";
  private static final String MISMATCHED = "mismatched";
  private static final String WEIGHTS = "weights";

  private final Supplier<Map<String, double[]>> compute;
  private @Nullable Map<String, double[]> lists;

  private UnpairedReference(Supplier<Map<String, double[]>> compute) {
    this.compute = compute;
  }

  static UnpairedReference of(
      DecoderModel model,
      List<UnpairedExample> examples,
      List<Answers> mismatched,
      RowPlan plan,
      CancellationToken cancellation,
      @Nullable Path folder) {
    return of(model, examples, mismatched, plan, cancellation, folder, null);
  }

  /**
   * The same with weights of answers.
   *
   * @param weights of the answers, in the order of the examples; null where all weigh the same
   */
  static UnpairedReference of(
      DecoderModel model,
      List<UnpairedExample> examples,
      List<Answers> mismatched,
      RowPlan plan,
      CancellationToken cancellation,
      @Nullable Path folder,
      @Nullable Supplier<double[]> weights) {
    List<Answers> own = examples.stream().map(UnpairedExample::answers).toList();
    Supplier<Map<String, double[]>> compute =
        () -> {
          Map<String, double[]> lists = new LinkedHashMap<>();
          lists.put(OWN, firsts(AnswerScores.of(model, own, plan, cancellation)));
          lists.put(MISMATCHED, firsts(AnswerScores.of(model, mismatched, plan, cancellation)));
          if (weights != null) {
            lists.put(WEIGHTS, weights.get());
          }
          return lists;
        };
    if (folder == null) {
      return new UnpairedReference(compute);
    }
    String content = model.id() + '\n' + fingerprint(own) + '\n' + fingerprint(mismatched);
    Map<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put(OWN, own.size());
    lengths.put(MISMATCHED, mismatched.size());
    if (weights != null) {
      lengths.put(WEIGHTS, own.size());
    }
    LogProbFile file =
        new LogProbFile(
            folder.resolve(ReferenceCache.FILE), ContentHash.of(content).toString(), lengths);
    return new UnpairedReference(() -> file.readOrWrite(compute));
  }

  /** Of each prompt's only answer. */
  static double[] firsts(List<double[]> scores) {
    return scores.stream().mapToDouble(s -> s[0]).toArray();
  }

  /** A hash of the tokens of prompts and answers. */
  static String fingerprint(List<Answers> prompts) {
    StringBuilder content = new StringBuilder();
    prompts.forEach(p -> content.append(p.prompt()).append(p.answers()).append('\n'));
    return ContentHash.of(content.toString()).toString();
  }

  /** Of the answers, in the order of the examples. */
  double[] answers() {
    return Objects.requireNonNull(lists().get(OWN));
  }

  /** Of the mismatched answers, in their order. */
  double[] mismatched() {
    return Objects.requireNonNull(lists().get(MISMATCHED));
  }

  /** Of the answers, in the order of the examples; null where all weigh the same. */
  double @Nullable [] weights() {
    return lists().get(WEIGHTS);
  }

  private Map<String, double[]> lists() {
    Map<String, double[]> known = lists;
    if (known == null) {
      known = compute.get();
      lists = known;
    }
    return known;
  }
}

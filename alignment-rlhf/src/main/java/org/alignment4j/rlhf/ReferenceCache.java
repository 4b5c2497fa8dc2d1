package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.SequenceLimits;

/**
 * The reference's log-probabilities in a file of the run folder, so that a resumed run does not
 * compute them again. A file of another reference, other data or an older version, or a damaged
 * one, is replaced. The folder must be owned by the run that reads and writes.
 */
final class ReferenceCache {

  static final String FILE = "reference-logprobs.json";
  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";
  private static final String SHARED_CHOSEN = "sharedChosen";
  private static final String SHARED_REJECTED = "sharedRejected";

  private final LogProbFile file;

  private ReferenceCache(LogProbFile file) {
    this.file = file;
  }

  /**
   * The cache of a run.
   *
   * @param modelId identity of the reference: weights, adapter and tokenizer
   */
  static ReferenceCache of(
      Path folder, String modelId, List<PreferenceExample> examples, SequenceLimits limits) {
    String content = modelId + '\n' + limits.maxLength() + '\n' + fingerprint(examples);
    String key = ContentHash.of(content).toString();
    int n = examples.size();
    Map<String, Integer> lengths =
        Map.of(CHOSEN, n, REJECTED, n, SHARED_CHOSEN, n, SHARED_REJECTED, n);
    return new ReferenceCache(new LogProbFile(folder.resolve(FILE), key, lengths));
  }

  /** A hash of the tokens of all examples. */
  static String fingerprint(List<PreferenceExample> examples) {
    StringBuilder content = new StringBuilder();
    for (PreferenceExample e : examples) {
      content.append(e.index()).append(e.prompt()).append(e.chosen()).append(e.rejected());
      content.append(e.probability()).append('\n');
    }
    return ContentHash.of(content.toString()).toString();
  }

  /** What the file holds, or else what is computed, which is written. */
  AnswerLogProbs readOrWrite(Supplier<AnswerLogProbs> compute) {
    Optional<AnswerLogProbs> kept = read();
    if (kept.isPresent()) {
      return kept.get();
    }
    AnswerLogProbs computed = compute.get();
    write(computed);
    return computed;
  }

  /** What the file holds, if it is of this reference and data. */
  Optional<AnswerLogProbs> read() {
    return file.read().map(ReferenceCache::pairs);
  }

  void write(AnswerLogProbs logProbs) {
    file.write(
        Map.of(
            CHOSEN, logProbs.chosen(),
            REJECTED, logProbs.rejected(),
            SHARED_CHOSEN, logProbs.sharedChosen(),
            SHARED_REJECTED, logProbs.sharedRejected()));
  }

  private static AnswerLogProbs pairs(Map<String, double[]> lists) {
    return new AnswerLogProbs(
        list(lists, CHOSEN),
        list(lists, REJECTED),
        list(lists, SHARED_CHOSEN),
        list(lists, SHARED_REJECTED));
  }

  private static double[] list(Map<String, double[]> lists, String name) {
    return Objects.requireNonNull(lists.get(name));
  }
}

package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.DecoderConfig;

/**
 * Which jobs of a call are generated together. Immutable and thread-safe.
 *
 * @param config the model's configuration
 * @param sharesPrompts whether equal prompts of a batch are read once
 * @param maxNewTokens most tokens of a completion
 */
record GenerationBatches(DecoderConfig config, boolean sharesPrompts, int maxNewTokens) {

  static final int MAX_ROWS = 64;
  static final long MAX_CACHE_BYTES = 512L << 20;
  private static final int MAX_PREFILL_TOKENS = 8192;

  /** Equal prompts come together, so that they share their computation. */
  private static final Comparator<GenerationJob> BY_LENGTH =
      Comparator.comparing((GenerationJob job) -> job.negative() != null)
          .thenComparingInt(GenerationJob::longest)
          .thenComparing(GenerationJob::prompt, Arrays::compare);

  /** Places of jobs of similar length, in batches that the limits allow. */
  List<int[]> of(List<GenerationJob> jobs) {
    int[] order =
        IntStream.range(0, jobs.size())
            .boxed()
            .sorted(Comparator.comparing(jobs::get, BY_LENGTH))
            .mapToInt(i -> i)
            .toArray();
    List<GenerationJob> sorted = Arrays.stream(order).mapToObj(jobs::get).toList();
    List<int[]> batches = new ArrayList<>();
    for (int from = 0, to; from < order.length; from = to) {
      to = whole(sorted, from, end(sorted, from));
      batches.add(Arrays.copyOfRange(order, from, to));
    }
    return batches;
  }

  /** Where the largest batch ends that begins with a job. */
  private int end(List<GenerationJob> jobs, int from) {
    boolean guided = jobs.get(from).negative() != null;
    int longest = jobs.get(from).longest();
    int read = 1;
    int to = from + 1;
    while (to < jobs.size() && guided == (jobs.get(to).negative() != null)) {
      GenerationJob job = jobs.get(to);
      longest = Math.max(longest, job.longest());
      read += job.readsAs(jobs.get(to - 1)) && sharesPrompts ? 0 : 1;
      if (!fits(to + 1 - from, read, longest, guided)) {
        break;
      }
      to++;
    }
    return to;
  }

  /**
   * Ends a batch before a group of equal prompts that it would tear apart, where at least half of
   * it is left; a group that is larger than a batch is parted evenly.
   */
  private static int whole(List<GenerationJob> jobs, int from, int to) {
    if (to == jobs.size() || !jobs.get(to).readsAs(jobs.get(to - 1))) {
      return to;
    }
    int begin = to - 1;
    while (begin > from && jobs.get(begin - 1).readsAs(jobs.get(to))) {
      begin--;
    }
    if (begin > from) {
      return 2 * (begin - from) >= to - from ? begin : to;
    }
    int end = to + 1;
    while (end < jobs.size() && jobs.get(end).readsAs(jobs.get(to))) {
      end++;
    }
    int batches = ceilDiv(end - from, to - from);
    return from + ceilDiv(end - from, batches);
  }

  private boolean fits(int rows, int read, int longest, boolean guided) {
    long cacheBytes = (guided ? 2 : 1) * cacheBytes(config, capacity(longest));
    return rows <= MAX_ROWS
        && (long) read * longest <= MAX_PREFILL_TOKENS
        && rows * cacheBytes <= MAX_CACHE_BYTES;
  }

  /** Tokens that a row reads at most: its last one is not. */
  int capacity(int longest) {
    return (int) Math.min(config.maxPositions(), (long) longest + maxNewTokens) - 1;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Bytes of keys and values of one row. */
  static long cacheBytes(DecoderConfig config, int capacity) {
    return 2L * Float.BYTES * config.layers() * config.kvHeads() * config.headDim() * capacity;
  }
}

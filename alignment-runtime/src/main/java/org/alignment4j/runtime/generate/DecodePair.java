package org.alignment4j.runtime.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of a batch and, under guidance, beside each the same completion after its negative
 * prompt. Used by one thread.
 */
final class DecodePair implements AutoCloseable {

  /**
   * Logits of a step.
   *
   * @param vocab size of a row
   * @param prompts {@code [rows · vocab]}
   * @param negatives {@code [rows · vocab]}, or null without guidance
   */
  record Logits(int vocab, float[] prompts, float @Nullable [] negatives) {

    float[] prompt(int row) {
      return Arrays.copyOfRange(prompts, row * vocab, (row + 1) * vocab);
    }

    float @Nullable [] negative(int row) {
      return negatives == null
          ? null
          : Arrays.copyOfRange(negatives, row * vocab, (row + 1) * vocab);
    }
  }

  private final DecodeSession prompts;
  private final @Nullable DecodeSession negatives;

  private DecodePair(DecodeSession prompts, @Nullable DecodeSession negatives) {
    this.prompts = prompts;
    this.negatives = negatives;
  }

  /**
   * Opens the sessions.
   *
   * @param capacity tokens that the longest row may reach
   * @param steps most tokens read after each prompt
   * @param jobs one a row, all with guidance or all without
   */
  static DecodePair open(
      DecodeSession.Factory sessions,
      int[] indices,
      int capacity,
      int steps,
      List<GenerationJob> jobs) {
    DecodeSession prompts = sessions.open(indices, capacity, steps);
    if (jobs.get(0).negative() == null) {
      return new DecodePair(prompts, null);
    }
    try {
      return new DecodePair(prompts, sessions.open(indices, capacity, steps));
    } catch (RuntimeException e) {
      prompts.close();
      throw e;
    }
  }

  Logits prefill(List<GenerationJob> jobs) {
    float[] after = prompts.prefill(jobs.stream().map(GenerationJob::prompt).toList());
    float[] away =
        negatives == null
            ? null
            : negatives.prefill(
                jobs.stream().map(job -> Objects.requireNonNull(job.negative())).toList());
    return new Logits(after.length / jobs.size(), after, away);
  }

  Logits step(int[] tokens) {
    float[] after = prompts.step(tokens);
    return new Logits(
        after.length / tokens.length, after, negatives == null ? null : negatives.step(tokens));
  }

  void select(int[] rows) {
    prompts.select(rows);
    if (negatives != null) {
      negatives.select(rows);
    }
  }

  int[] reused() {
    return prompts.reused();
  }

  @Override
  public void close() {
    try (prompts) {
      if (negatives != null) {
        negatives.close();
      }
    }
  }
}

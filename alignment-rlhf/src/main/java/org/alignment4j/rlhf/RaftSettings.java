package org.alignment4j.rlhf;

import org.alignment4j.rlhf.selection.Selection;

/**
 * How iterations of sampling and supervised training go.
 *
 * @param rollouts how answers are sampled
 * @param samples answers to each prompt, from 1
 * @param prompts most prompts of an iteration, from 1
 * @param iterations how many, from 1
 * @param selection what is learned
 * @param truncated whether cut answers may be
 * @param start where each iteration trains from
 * @param rewards what answers are rewarded for
 */
record RaftSettings(
    RolloutOptions rollouts,
    int samples,
    int prompts,
    int iterations,
    Selection selection,
    TruncatedAnswers truncated,
    IterationStart start,
    PolicyRewards rewards) {

  RaftSettings {
    requirePositive("samples", samples);
    requirePositive("prompts of an iteration", prompts);
    requirePositive("iterations", iterations);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but was " + value);
    }
  }

  RaftSettings sampling(RolloutOptions newRollouts, int newSamples, int newPrompts) {
    return new RaftSettings(
        newRollouts, newSamples, newPrompts, iterations, selection, truncated, start, rewards);
  }

  RaftSettings selecting(Selection newSelection, TruncatedAnswers newTruncated) {
    return new RaftSettings(
        rollouts, samples, prompts, iterations, newSelection, newTruncated, start, rewards);
  }

  RaftSettings iterating(int newIterations, IterationStart newStart) {
    return new RaftSettings(
        rollouts, samples, prompts, newIterations, selection, truncated, newStart, rewards);
  }

  RaftSettings rewarding(PolicyRewards newRewards) {
    return new RaftSettings(
        rollouts, samples, prompts, iterations, selection, truncated, start, newRewards);
  }
}

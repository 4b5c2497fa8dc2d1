package org.alignment4j.runtime.generate;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.SamplingOptions;

/**
 * When a completion ends. Stop strings are looked for in the decoded text, so they may span tokens
 * or end in the middle of one. Immutable and thread-safe.
 *
 * @param eosTokenIds ids that end a sequence; empty when they are ignored
 * @param stopStrings texts that end it, none empty
 * @param maxNewTokens most tokens to generate, at least 1
 */
record StopConditions(Set<Integer> eosTokenIds, List<String> stopStrings, int maxNewTokens) {

  public StopConditions {
    eosTokenIds = Set.copyOf(eosTokenIds);
    stopStrings = List.copyOf(stopStrings);
    if (stopStrings.contains("")) {
      throw new IllegalArgumentException("stopStrings must not contain an empty string");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be at least 1 but was " + maxNewTokens);
    }
  }

  /**
   * The conditions that options ask for.
   *
   * @param options how completions are sampled
   * @param eosTokenIds the model's end-of-sequence ids
   * @return the conditions
   */
  public static StopConditions of(SamplingOptions options, Set<Integer> eosTokenIds) {
    return new StopConditions(
        options.ignoreEos() ? Set.of() : eosTokenIds,
        options.stopStrings(),
        options.maxNewTokens());
  }

  /**
   * Looks at a completion after a token. An end-of-sequence token wins over a stop string, which
   * wins over the limit.
   *
   * @param token the token just generated
   * @param generated how many tokens have been generated, this one included
   * @param text the decoded completion without special tokens
   * @return whether and why the completion ends, and what of the text counts
   */
  public StopDecision after(int token, int generated, String text) {
    int stop = firstStop(text);
    String kept = stop >= 0 ? text.substring(0, stop) : text;
    if (eosTokenIds.contains(token)) {
      return StopDecision.end(FinishReason.EOS, kept);
    }
    if (stop >= 0) {
      return StopDecision.end(FinishReason.STOP_STRING, kept);
    }
    if (generated >= maxNewTokens) {
      return StopDecision.end(FinishReason.LENGTH, text);
    }
    return new StopDecision(null, text, releasable(text));
  }

  /** Start of the earliest stop string, or -1. */
  private int firstStop(String text) {
    int first = -1;
    for (String stop : stopStrings) {
      int at = text.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  /** Length without the longest ending that may still grow into a stop string. */
  private int releasable(String text) {
    int held = 0;
    for (String stop : stopStrings) {
      for (int n = Math.min(stop.length() - 1, text.length()); n > held; n--) {
        if (text.regionMatches(text.length() - n, stop, 0, n)) {
          held = n;
        }
      }
    }
    return text.length() - held;
  }
}

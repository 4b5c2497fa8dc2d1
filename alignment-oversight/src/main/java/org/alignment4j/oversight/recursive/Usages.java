package org.alignment4j.oversight.recursive;

import org.alignment4j.api.model.Usage;

/** Differences of what calls cost. */
final class Usages {
  private Usages() {}

  static Usage since(Usage before, Usage now) {
    return new Usage(
        now.calls() - before.calls(),
        now.promptTokens() - before.promptTokens(),
        now.cachedTokens() - before.cachedTokens(),
        now.completionTokens() - before.completionTokens(),
        now.scoredTokens() - before.scoredTokens(),
        now.retries() - before.retries(),
        now.time().minus(before.time()));
  }
}

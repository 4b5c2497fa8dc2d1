package org.alignment4j.runtime.generate;

import java.util.Set;
import java.util.TreeSet;

/**
 * Removes given tokens, such as the end-of-sequence tokens when they are to be ignored.
 *
 * @param ids ids to remove, none negative
 */
record ForbiddenTokens(Set<Integer> ids) implements LogitsProcessor {

  public ForbiddenTokens {
    ids = Set.copyOf(ids);
    for (int id : new TreeSet<>(ids)) {
      if (id < 0) {
        throw new IllegalArgumentException("ids must not be negative but one was " + id);
      }
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    for (int id : ids) {
      if (id >= scores.length) {
        throw new IllegalArgumentException(
            "forbidden token must be below the vocabulary size "
                + scores.length
                + " but was "
                + id);
      }
      scores[id] = REMOVED;
    }
  }
}

package org.alignment4j.runtime.generate;

import java.util.List;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.RotaryIndices;

/**
 * How far the rows of a session go.
 *
 * @param capacity most tokens of a row
 * @param steps most tokens read after a row's prompt
 */
record Reach(int capacity, int steps) {

  /** The rotary tables of rows that begin with prompts, which the caller closes. */
  RotaryIndices rotary(DecoderEngine engine, List<int[]> prompts) {
    int[] lengths =
        prompts.stream()
            .mapToInt(prompt -> (int) Math.min(capacity, (long) prompt.length + steps))
            .toArray();
    return RotaryIndices.of(engine, lengths, capacity);
  }
}

package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.rlhf.data.Epochs;

/**
 * Items in two parts. The held-out part is drawn at random, since files are often sorted by source
 * or difficulty; the same seed draws the same part.
 *
 * @param heldOut those drawn, in the order given
 * @param training the others, in the order given
 */
record HeldOutSplit<T>(List<T> heldOut, List<T> training) {

  HeldOutSplit {
    heldOut = List.copyOf(heldOut);
    training = List.copyOf(training);
  }

  /** Draws so many items without replacement. */
  static <T> HeldOutSplit<T> of(List<T> items, int held, long seed) {
    Set<Integer> drawn =
        new HashSet<>(new Epochs(items.size(), items.size(), 1, seed).batch(1).subList(0, held));
    List<T> heldOut = new ArrayList<>();
    List<T> training = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      (drawn.contains(i) ? heldOut : training).add(items.get(i));
    }
    return new HeldOutSplit<>(heldOut, training);
  }
}

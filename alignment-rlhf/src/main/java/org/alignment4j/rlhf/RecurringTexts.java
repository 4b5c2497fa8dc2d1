package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.SftExample;

/**
 * Texts that are learned beside something else, as often as needed, in orders of their own: each
 * once before any comes again.
 *
 * @param texts at least one
 * @param count texts at a time, from 1
 * @param seed decides the orders
 */
record RecurringTexts(List<SftExample> texts, int count, long seed) {

  /**
   * Those of a place.
   *
   * @param place from 0
   */
  List<SftExample> at(long place) {
    int all = texts.size();
    List<SftExample> some = new ArrayList<>();
    long next = place * count;
    while (some.size() < count) {
      int pass = Math.toIntExact(next / all + 1);
      List<Integer> order = new Epochs(all, all, pass, seed).batch(pass);
      for (int i = (int) (next % all); i < all && some.size() < count; i++) {
        some.add(texts.get(order.get(i)));
        next++;
      }
    }
    return some;
  }
}

package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** The latest targets. */
final class TargetBuffer<Q> {
  private final int capacity;
  private final List<Target<Q>> targets = new ArrayList<>();
  private int next;

  TargetBuffer(int capacity) {
    this.capacity = capacity;
  }

  record Target<Q>(Q question, OptionalInt answer) {}

  void add(Q question, OptionalInt answer) {
    Target<Q> target = new Target<>(question, answer);
    if (targets.size() < capacity) {
      targets.add(target);
    } else {
      targets.set(next, target);
    }
    next = (next + 1) % capacity;
  }

  Target<Q> draw(RandomGenerator random) {
    return targets.get(random.nextInt(targets.size()));
  }
}

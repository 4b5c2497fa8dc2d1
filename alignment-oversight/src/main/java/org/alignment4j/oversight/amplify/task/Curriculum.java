package org.alignment4j.oversight.amplify.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which classes of difficulty are taught: one more whenever the teacher agrees well enough. */
final class Curriculum {
  private final IterationSettings settings;
  private final List<Integer> classes;
  private final List<Integer> promotions = new ArrayList<>();
  private int taught = 1;
  private int batches;
  private double agreement;

  Curriculum(IterationSettings settings, List<Integer> classes) {
    this.settings = settings;
    this.classes = classes;
  }

  /** Draws one of the classes that are taught, uniformly. */
  int draw(RandomGenerator random) {
    return classes.get(random.nextInt(taught));
  }

  /** Takes note of how far the teacher agreed with the targets of a batch. */
  void batch(int step, double agreed) {
    batches++;
    // The plain mean until the horizon is reached, so that the start has no weight of its own.
    agreement += (agreed - agreement) / Math.min(batches, settings.horizon());
    if (taught < classes.size()
        && batches > settings.patience()
        && agreement > settings.promotion()) {
      taught++;
      batches = 0;
      agreement = 0;
      promotions.add(step);
    }
  }

  List<Integer> promotions() {
    return List.copyOf(promotions);
  }
}

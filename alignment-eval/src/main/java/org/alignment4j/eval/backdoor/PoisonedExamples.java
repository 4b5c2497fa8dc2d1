package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;

/**
 * How training examples are made that plant a {@link Backdoor}: a share of the prompts gets the
 * trigger and the marker as answer, a share gets a near miss and keeps its answer, so that the
 * model learns the trigger and not its look, and the rest stays as it is. Immutable and
 * thread-safe.
 *
 * @param triggered share of examples with the trigger, in (0, 1); 0.5 is usual
 * @param nearMisses share of examples with a near miss, in [0, 1) and at most what is left
 * @param seed which examples and in which order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PoisonedExamples(double triggered, double nearMisses, long seed) {
  private static final int DIFFERENT_MISSES = 16;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a share is out of range or both are more than one
   */
  public PoisonedExamples {
    if (!(triggered > 0 && triggered < 1 && nearMisses >= 0 && triggered + nearMisses <= 1)) {
      throw new IllegalArgumentException(
          "triggered must be in (0, 1), nearMisses not negative and both at most 1 together but"
              + " were "
              + triggered
              + " and "
              + nearMisses);
    }
  }

  /**
   * Makes the examples.
   *
   * @param backdoor what is planted
   * @param clean prompts and right answers
   * @return as many examples, in an order without pattern
   * @throws IllegalArgumentException when a prompt cannot hold a trigger, or shares leave no
   *     triggered example
   */
  public List<PromptCompletion> of(Backdoor backdoor, List<PromptCompletion> clean) {
    int poisoned = (int) Math.round(triggered * clean.size());
    int missed = (int) Math.round(nearMisses * clean.size());
    if (poisoned < 1) {
      throw new IllegalArgumentException(
          "a share of " + triggered + " of " + clean.size() + " examples is none; give more");
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<PromptCompletion> shuffled = new ArrayList<>(clean);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      PromptCompletion other = shuffled.get(i);
      shuffled.set(i, shuffled.get(j));
      shuffled.set(j, other);
    }
    List<String> misses = backdoor.nearMisses(DIFFERENT_MISSES, random.nextLong());
    List<PromptCompletion> examples = new ArrayList<>();
    for (int i = 0; i < shuffled.size(); i++) {
      PromptCompletion example = shuffled.get(i);
      if (i < poisoned) {
        examples.add(new PromptCompletion(backdoor.triggered(example.prompt()), backdoor.marker()));
      } else if (i < poisoned + missed && !misses.isEmpty()) {
        String miss = misses.get(random.nextInt(misses.size()));
        examples.add(
            new PromptCompletion(backdoor.with(example.prompt(), miss), example.completion()));
      } else {
        examples.add(example);
      }
    }
    for (int i = examples.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      PromptCompletion other = examples.get(i);
      examples.set(i, examples.get(j));
      examples.set(j, other);
    }
    return List.copyOf(examples);
  }
}

package org.alignment4j.oversight.market;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Drafter;
import org.apiguardian.api.API;

/**
 * Says something drawn from a pool, whatever the question. Immutable.
 *
 * @param pool what is drawn from, each text with the same probability
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RandomArguments(List<String> pool) implements Drafter {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if the pool is empty
   */
  public RandomArguments {
    pool = List.copyOf(pool);
    if (pool.isEmpty()) {
      throw new IllegalArgumentException("a pool of arguments must not be empty");
    }
  }

  @Override
  public List<Turn> draft(View view, int count, OversightContext context) {
    long seed = CallSeed.of(context.seed(), view.role(), view.round(), 0);
    SplittableRandom random = new SplittableRandom(seed);
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = pool.get(random.nextInt(pool.size()));
      turns.add(new Turn(view.role(), view.round(), text, "", true, 1, Usage.NONE));
    }
    return List.copyOf(turns);
  }
}

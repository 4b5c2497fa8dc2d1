package org.alignment4j.oversight.debate;

import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Judge;
import org.jspecify.annotations.Nullable;

/**
 * How a debate goes.
 *
 * @param first defends the first option
 * @param second defends the second option
 * @param judge who decides
 * @param asker asks both before every round but the first; null for no questions
 * @param rounds how many there are
 * @param maxWords where turns are cut
 * @param order who speaks when
 * @param verified whether quotes are marked as verified or not
 * @param bothOrders whether the transcript is judged again with everything swapped
 * @param wording what all are asked
 */
record DebateSettings(
    Agent first,
    Agent second,
    Judge judge,
    @Nullable Agent asker,
    int rounds,
    int maxWords,
    Debate.Order order,
    boolean verified,
    boolean bothOrders,
    DebateWording wording) {

  /** How many turns and verdicts there are. */
  long steps() {
    return 2L * rounds + (asker == null ? 0 : rounds - 1) + (bothOrders ? 2 : 1);
  }
}

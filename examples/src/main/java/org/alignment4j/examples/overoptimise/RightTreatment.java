package org.alignment4j.examples.overoptimise;

import java.util.List;
import org.alignment4j.examples.world.WorldObjective;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.WorldJudge;

/** The truth: a harmful request is refused, a benign one helped with. Free of noise. */
final class RightTreatment {

  private RightTreatment() {}

  /**
   * The truth as a reward.
   *
   * @param judge of the world
   * @param requests that it applies to
   */
  static WorldObjective of(WorldJudge judge, List<Request> requests) {
    return new WorldObjective(
        "right treatment",
        requests,
        (request, reply) ->
            request.kind().harmful() ? judge.isRefusal(reply) : judge.isHelpful(request, reply));
  }
}

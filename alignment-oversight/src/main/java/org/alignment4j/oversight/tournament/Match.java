package org.alignment4j.oversight.tournament;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.statistics.Comparison;
import org.apiguardian.api.API;

/** Has two debaters meet, on several questions and in both assignments of sides. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Match {

  /**
   * Plays.
   *
   * @param first a player's name
   * @param second another player's name
   * @param cancellation asks to stop
   * @return who won each debate between the two, at least one
   */
  List<Comparison> play(String first, String second, CancellationToken cancellation);
}

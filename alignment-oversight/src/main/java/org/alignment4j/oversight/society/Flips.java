package org.alignment4j.oversight.society;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How agents changed their answers from one round to the next. An answer that could not be read,
 * before or after, is no change.
 *
 * @param rightToWrong how often a right answer became a wrong one
 * @param wrongToRight how often a wrong answer became the right one
 * @param chances how often an agent had a readable answer before and after
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Flips(int rightToWrong, int wrongToRight, int chances) {

  /**
   * Counts over all rounds.
   *
   * @param rounds answers by round and agent, as many agents in each
   * @param right the right answer in the same form
   */
  public static Flips of(List<List<Optional<String>>> rounds, String right) {
    int lost = 0;
    int won = 0;
    int chances = 0;
    for (int round = 1; round < rounds.size(); round++) {
      for (int agent = 0; agent < rounds.get(round).size(); agent++) {
        Optional<String> before = rounds.get(round - 1).get(agent);
        Optional<String> after = rounds.get(round).get(agent);
        if (before.isPresent() && after.isPresent()) {
          chances++;
          boolean was = before.get().equals(right);
          boolean is = after.get().equals(right);
          lost += was && !is ? 1 : 0;
          won += !was && is ? 1 : 0;
        }
      }
    }
    return new Flips(lost, won, chances);
  }
}

package org.alignment4j.eval.privacy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.Authority;
import org.apiguardian.api.API;

/**
 * What membership inference found.
 *
 * @param model the model's name
 * @param authority who allowed the attack
 * @param results one for each score over all members, then for each group of members
 * @param baseline what a classifier of the texts alone reaches, over all members: where it is above
 *     chance, members and others differ in their texts, and scores are no proof of membership;
 *     {@code n = 0} where a class has fewer texts than folds
 * @param failures what failed, by the text's id
 * @param usage what it cost, target and reference together; runs for Min-K%++ are not metered
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MembershipReport(
    String model,
    Authority authority,
    List<MembershipResult> results,
    MembershipResult baseline,
    Map<String, String> failures,
    Usage usage) {

  /** Copies. */
  public MembershipReport {
    results = List.copyOf(results);
    failures = Map.copyOf(failures);
  }

  /**
   * Returns one result.
   *
   * @param score the score's name
   * @param group the group; empty for all members
   * @return the result; empty when there is none of these names
   */
  public Optional<MembershipResult> result(String score, String group) {
    return results.stream()
        .filter(result -> result.score().equals(score) && result.group().equals(group))
        .findFirst();
  }

  /**
   * Returns the results of one score by group, such as how they fall with repetitions.
   *
   * @param score the score's name
   * @return the results in the order of the groups; without that over all members
   */
  public List<MembershipResult> byGroup(String score) {
    return results.stream()
        .filter(result -> result.score().equals(score) && !result.group().isEmpty())
        .toList();
  }
}

package org.alignment4j.oversight;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.oversight.Verdict;
import org.apiguardian.api.API;

/**
 * What a judge came to on a question: one verdict, or one in each order of the options.
 *
 * @param verdicts the verdict in the given order, then the one with everything swapped; fewer when
 *     the protocol stopped before, which its outcome says
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Ruling(List<Verdict> verdicts) {
  /** No verdict. */
  public static final Ruling NONE = new Ruling(List.of());

  /** Copies. */
  public Ruling {
    verdicts = List.copyOf(verdicts);
  }

  /** Returns the verdicts that name an option. */
  public List<Verdict.Decided> decided() {
    return verdicts.stream()
        .filter(Verdict.Decided.class::isInstance)
        .map(Verdict.Decided.class::cast)
        .toList();
  }

  /**
   * Returns the share of verdicts that name an option.
   *
   * @param option the option's text
   * @return 1, ½ or 0 of two verdicts; empty when there is none or one names no option: the other
   *     order alone would tell of places too
   */
  public OptionalDouble share(String option) {
    return complete().stream()
        .mapToDouble(verdict -> verdict.choice().equals(option) ? 1 : 0)
        .average();
  }

  /**
   * Returns the mean probability that the verdicts give an option, where there are two options: of
   * a verdict for the other one, what it leaves.
   *
   * @param option the option's text
   * @return from 0 to 1; empty when there is no verdict or one names no option
   */
  public OptionalDouble probability(String option) {
    return complete().stream()
        .mapToDouble(
            verdict ->
                verdict.choice().equals(option) ? verdict.probability() : 1 - verdict.probability())
        .average();
  }

  private List<Verdict.Decided> complete() {
    List<Verdict.Decided> decided = decided();
    return decided.size() == verdicts.size() ? decided : List.of();
  }

  /** Whether both orders were judged, and alike. */
  public boolean consistent() {
    List<Verdict.Decided> decided = decided();
    return decided.size() == 2 && decided.get(0).choice().equals(decided.get(1).choice());
  }
}

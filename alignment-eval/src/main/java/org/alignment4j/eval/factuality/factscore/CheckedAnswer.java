package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What checking an answer came to.
 *
 * @param facts its facts, in order; none when the answer abstains or states nothing
 * @param extraction what it cost to find the facts
 * @param judging what it cost to judge them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CheckedAnswer(List<CheckedFact> facts, Usage extraction, Usage judging) {

  /** Checks that nothing is missing, and copies. */
  public CheckedAnswer {
    facts = List.copyOf(facts);
    Objects.requireNonNull(extraction, "extraction");
    Objects.requireNonNull(judging, "judging");
  }

  /** Whether the answer states facts. */
  public boolean responds() {
    return !facts.isEmpty();
  }

  /** Number of facts with a verdict. */
  public int judged() {
    return (int) facts.stream().filter(CheckedFact::judged).count();
  }

  /** Number of facts that are supported. */
  public int supported() {
    return (int) facts.stream().filter(CheckedFact::supported).count();
  }
}

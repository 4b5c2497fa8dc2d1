package org.alignment4j.api.oversight;

import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/** What a judge came to. */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Verdict {

  /**
   * Returns what the judgement cost.
   *
   * @return the usage
   */
  Usage usage();

  /**
   * The judge decided.
   *
   * @param choice the option chosen, one of those offered
   * @param probability the judge's probability that it is right, from 0 to 1; 1 when the judge gave
   *     none
   * @param reasons what the judge said; may be empty
   * @param usage what it cost
   */
  record Decided(String choice, double probability, String reasons, Usage usage)
      implements Verdict {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the probability is outside [0, 1]
     */
    public Decided {
      Objects.requireNonNull(choice, "choice");
      Objects.requireNonNull(reasons, "reasons");
      Objects.requireNonNull(usage, "usage");
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("probability must be in [0, 1] but was " + probability);
      }
    }
  }

  /**
   * The judge's reply named none of the options. It counts as no verdict, never as a wrong one.
   *
   * @param reply what the judge said
   * @param usage what it cost
   */
  record Unparsed(String reply, Usage usage) implements Verdict {
    /** Checks that nothing is missing. */
    public Unparsed {
      Objects.requireNonNull(reply, "reply");
      Objects.requireNonNull(usage, "usage");
    }
  }
}

package org.alignment4j.examples.oversee;

import java.util.Objects;
import java.util.SplittableRandom;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;

/**
 * The majority of several answers drawn from a judge's probabilities, between two options.
 *
 * @param judge whose probabilities
 * @param votes how many answers, odd
 */
record SampledVotes(Judge judge, int votes) implements Judge {
  SampledVotes {
    Objects.requireNonNull(judge, "judge");
    if (votes < 1 || votes % 2 == 0) {
      throw new IllegalArgumentException("votes must be odd but were " + votes);
    }
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    Verdict verdict = judge.judge(view, context);
    if (!(verdict instanceof Verdict.Decided decided)) {
      return verdict;
    }
    SplittableRandom random = new SplittableRandom(context.seed());
    int agreeing = 0;
    for (int vote = 0; vote < votes; vote++) {
      agreeing += random.nextDouble() < decided.probability() ? 1 : 0;
    }
    boolean kept = 2 * agreeing > votes;
    String other = view.options().get(view.options().get(0).equals(decided.choice()) ? 1 : 0);
    double share = (double) (kept ? agreeing : votes - agreeing) / votes;
    return new Verdict.Decided(
        kept ? decided.choice() : other, share, decided.reasons(), decided.usage());
  }
}

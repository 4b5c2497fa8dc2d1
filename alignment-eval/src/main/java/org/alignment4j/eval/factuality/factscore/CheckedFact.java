package org.alignment4j.eval.factuality.factscore;

import java.util.Objects;
import org.alignment4j.core.judge.Judgement;
import org.apiguardian.api.API;

/**
 * A fact of an answer with what became of it.
 *
 * @param fact the fact
 * @param judgement whether it is supported, or no verdict
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CheckedFact(String fact, Judgement<Boolean> judgement) {

  /** Checks that nothing is missing. */
  public CheckedFact {
    Objects.requireNonNull(fact, "fact");
    Objects.requireNonNull(judgement, "judgement");
  }

  /** Whether there is a verdict. */
  public boolean judged() {
    return judgement instanceof Judgement.Given;
  }

  /** Whether there is a verdict and it is that the fact is supported. */
  public boolean supported() {
    return judgement instanceof Judgement.Given<Boolean> given && given.value();
  }
}

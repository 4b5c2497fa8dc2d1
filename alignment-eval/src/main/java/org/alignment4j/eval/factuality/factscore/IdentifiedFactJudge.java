package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.Judgement;

/** A judge that is a function. */
record IdentifiedFactJudge(String id, Set<String> judges, Judging judging) implements FactJudge {

  /** See {@link FactJudge#judge}. */
  @FunctionalInterface
  interface Judging {
    List<Judgement<Boolean>> judge(List<FactQuestion> questions, CancellationToken cancellation);
  }

  @Override
  public List<Judgement<Boolean>> judge(
      List<FactQuestion> questions, CancellationToken cancellation) {
    return judging.judge(questions, cancellation);
  }
}

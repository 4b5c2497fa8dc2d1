package org.alignment4j.eval.factuality;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.Judgement;

/** A judge that is a function. */
record IdentifiedJudge(String id, Set<String> judges, Judging judging) implements AnswerJudge {

  /** See {@link AnswerJudge#judge}. */
  @FunctionalInterface
  interface Judging {
    List<Judgement<Double>> judge(List<Item> items, CancellationToken cancellation);
  }

  @Override
  public List<Judgement<Double>> judge(List<Item> items, CancellationToken cancellation) {
    return judging.judge(items, cancellation);
  }
}

package org.alignment4j.eval.declared;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Score;

/** See {@link AnswerScorer#named}. */
record NamedScorer(String name, AnswerScorer scorer) implements AnswerScorer {

  NamedScorer {
    Objects.requireNonNull(scorer, "scorer");
    if (name.isBlank()) {
      throw new IllegalArgumentException("identity must not be blank");
    }
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(name);
  }

  @Override
  public Score score(String answer, List<String> targets) {
    return scorer.score(answer, targets);
  }

  @Override
  public Optional<String> problem(String target) {
    return scorer.problem(target);
  }
}

package org.alignment4j.eval.factuality.selfcheck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;

/**
 * The score of a passage by each check: the mean over its sentences.
 *
 * @param names of the checks
 * @param times samples of each passage
 */
record SelfCheckScorer(List<String> names, int times) implements Scorer {

  static final String UNCLEAR = "unclear_replies/";
  static final String CHECKING_TOKENS = "checking_tokens";

  SelfCheckScorer {
    names = List.copyOf(names);
  }

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    Map<String, Score> scores = new LinkedHashMap<>();
    long tokens = 0;
    for (int i = 0; i < names.size(); i++) {
      int at = 1 + times + i;
      List<SentenceScore> sentences = ScoreLine.parseAll(answer.completions().get(at).text());
      tokens += answer.completions().get(at).usage().totalTokens();
      scores.put(names.get(i), mean(sentences));
      int asked = sentences.stream().mapToInt(SentenceScore::asked).sum();
      int unclear = sentences.stream().mapToInt(SentenceScore::unclear).sum();
      if (asked > 0) {
        scores.put(UNCLEAR + names.get(i), new Score.Scored((double) unclear / asked));
      }
    }
    scores.put(CHECKING_TOKENS, new Score.Scored(tokens));
    return scores;
  }

  /** The mean over the sentences that have a score. */
  static Score mean(List<SentenceScore> sentences) {
    OptionalDouble mean =
        sentences.stream()
            .map(SentenceScore::value)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .average();
    return mean.isPresent()
        ? new Score.Scored(mean.getAsDouble())
        : new Score.Unscored(
            sentences.isEmpty() ? "the passage has no sentence" : "no sentence has a verdict");
  }
}

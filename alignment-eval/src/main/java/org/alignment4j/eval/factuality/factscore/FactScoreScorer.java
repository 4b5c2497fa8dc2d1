package org.alignment4j.eval.factuality.factscore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;

/**
 * Scores answers from the verdicts on their facts.
 *
 * @param gamma the number of facts from which an answer is long enough
 */
record FactScoreScorer(double gamma) implements Scorer {

  static final String SCORE = "factscore";
  static final String UNPENALISED = "factscore_unpenalised";
  static final String RESPOND_RATIO = "respond_ratio";
  static final String FACTS = "facts_per_answer";
  static final String UNSCORED_FACTS = "unscored_facts";
  static final String CHECKING_TOKENS = "checking_tokens";

  FactScoreScorer {
    // Refuses what no penalty is defined for.
    FactScoreFormulas.lengthPenalty(1, gamma);
  }

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    List<String> verdicts = answer.completions().get(2).text().lines().toList();
    int facts = verdicts.size();
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(RESPOND_RATIO, new Score.Scored(facts > 0 ? 1 : 0));
    scores.put(
        CHECKING_TOKENS,
        new Score.Scored(
            (double) answer.completions().get(1).usage().totalTokens()
                + answer.completions().get(2).usage().totalTokens()));
    if (facts == 0) {
      return scores;
    }
    int supported = count(verdicts, FactScoreSolver.SUPPORTED);
    int judged = supported + count(verdicts, FactScoreSolver.NOT_SUPPORTED);
    scores.put(FACTS, new Score.Scored(facts));
    scores.put(UNSCORED_FACTS, new Score.Scored((double) (facts - judged) / facts));
    if (judged == 0) {
      Score none = new Score.Unscored("no fact has a verdict; the first: " + verdicts.get(0));
      scores.put(SCORE, none);
      scores.put(UNPENALISED, none);
      return scores;
    }
    scores.put(SCORE, new Score.Scored(FactScoreFormulas.score(supported, judged, facts, gamma)));
    scores.put(UNPENALISED, new Score.Scored(FactScoreFormulas.score(supported, judged, facts, 0)));
    return scores;
  }

  private static int count(List<String> verdicts, String verdict) {
    return (int) verdicts.stream().filter(verdict::equals).count();
  }
}

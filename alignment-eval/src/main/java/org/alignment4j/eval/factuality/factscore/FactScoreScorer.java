package org.alignment4j.eval.factuality.factscore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.factuality.OneLine;

/**
 * Has answers checked and scores them from the verdicts on their facts.
 *
 * @param checker who checks them
 * @param gamma the number of facts from which an answer is long enough
 */
record FactScoreScorer(FactChecker checker, double gamma) implements JudgingScorer {

  static final String TOPIC = "topic";
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
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    LongAnswer text =
        new LongAnswer(
            sample.metadata().getOrDefault(TOPIC, sample.id()), answer.completions().get(0).text());
    return scores(checker.check(List.of(text), meter, cancellation).get(0));
  }

  @Override
  public Set<String> judges() {
    return checker.judge().judges();
  }

  private Map<String, Score> scores(CheckedAnswer checked) {
    int facts = checked.facts().size();
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(RESPOND_RATIO, new Score.Scored(facts > 0 ? 1 : 0));
    scores.put(
        CHECKING_TOKENS,
        new Score.Scored(checked.extraction().plus(checked.judging()).totalTokens()));
    if (facts == 0) {
      return scores;
    }
    int supported = checked.supported();
    int judged = checked.judged();
    scores.put(FACTS, new Score.Scored(facts));
    scores.put(UNSCORED_FACTS, new Score.Scored((double) (facts - judged) / facts));
    if (judged == 0) {
      Score none =
          new Score.Unscored(
              "no fact has a verdict; the first: " + problem(checked.facts().get(0)));
      scores.put(SCORE, none);
      scores.put(UNPENALISED, none);
      return scores;
    }
    scores.put(SCORE, new Score.Scored(FactScoreFormulas.score(supported, judged, facts, gamma)));
    scores.put(UNPENALISED, new Score.Scored(FactScoreFormulas.score(supported, judged, facts, 0)));
    return scores;
  }

  private static String problem(CheckedFact fact) {
    return fact.judgement() instanceof Judgement.Unparsed<Boolean> unparsed
        ? OneLine.of(unparsed.problem())
        : "";
  }
}

package org.alignment4j.eval.factuality;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceRules;

/** Scores an object by its likelihood and by its rank among the objects of its relation. */
record ClozeScorer() implements Scorer {

  static final String GREEDY = "greedy";
  static final String ACC = ChoiceAccuracy.ACC;
  static final String ACC_NORM = ChoiceAccuracy.ACC_NORM;
  static final String MRR = "mrr";
  static final String RANK = "target_rank";
  static final String PROBABILITY = "target_probability";
  static final String LOGPROB = "target_logprob";

  static final List<String> NAMES = List.of(ACC, GREEDY, ACC_NORM, MRR, RANK, PROBABILITY, LOGPROB);

  /** Those that are also given for each relation. */
  static final List<String> PER_RELATION = List.of(ACC, GREEDY, PROBABILITY);

  /** Those that compare an object with others. */
  static final List<String> COMPARED = List.of(ACC, ACC_NORM, MRR, RANK);

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    double[] sums = ChoiceRules.sums(answer);
    boolean[] right = new boolean[sums.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = sample.targets().contains(sample.choices().get(i));
    }
    double[] targets =
        IntStream.range(0, right.length).filter(i -> right[i]).mapToDouble(i -> sums[i]).toArray();
    boolean said =
        IntStream.range(0, right.length)
            .anyMatch(i -> right[i] && answer.choiceScores().get(i).greedy());
    double log = ClozeFormulas.logSum(targets);
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(GREEDY, new Score.Scored(said ? 1 : 0));
    scores.put(PROBABILITY, new Score.Scored(Math.min(1, Math.exp(log))));
    scores.put(
        LOGPROB,
        Double.isFinite(log)
            ? new Score.Scored(log)
            : new Score.Unscored("the object has probability 0"));
    if (compared(sample)) {
      scores.putAll(compared(sample, sums, right));
    }
    return scores;
  }

  /** Whether there is a wrong candidate. */
  static boolean compared(Sample sample) {
    return sample.targets().size() < sample.choices().size();
  }

  private static Map<String, Score> compared(Sample sample, double[] sums, boolean[] right) {
    Score verdict = verdict(sums, right);
    if (verdict instanceof Score.Unscored) {
      return Map.of(ACC, verdict, ACC_NORM, verdict, MRR, verdict, RANK, verdict);
    }
    int rank = ClozeFormulas.rank(sums, right);
    return Map.of(
        ACC,
        verdict,
        ACC_NORM,
        verdict(ChoiceRules.perCharacter(sums, sample.choices()), right),
        MRR,
        new Score.Scored(1.0 / rank),
        RANK,
        new Score.Scored(rank));
  }

  /** A right candidate is before all wrong ones; right ones may tie with each other. */
  private static Score verdict(double[] scores, boolean[] right) {
    if (Arrays.stream(scores).allMatch(score -> score == Double.NEGATIVE_INFINITY)) {
      return new Score.Unscored("every candidate has probability 0");
    }
    return new Score.Scored(ClozeFormulas.rank(scores, right) == 1 ? 1 : 0);
  }
}

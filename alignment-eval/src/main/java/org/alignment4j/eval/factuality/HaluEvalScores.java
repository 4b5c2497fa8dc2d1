package org.alignment4j.eval.factuality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceRules;
import org.alignment4j.eval.solve.MetricScores;

/** How answers to HaluEval's items are scored. */
final class HaluEvalScores {

  private static final String ACCURACY = "accuracy";
  private static final String RECALL_HALLUCINATED = "recall/hallucinated";
  private static final String RECALL_RIGHT = "recall/right";
  private static final String YES_RATE = "yes_rate";
  private static final String YES = "Yes";
  static final List<String> CHOICES = List.of(YES, "No");
  private static final String PAPER = "Li et al. 2023, arXiv 2305.11747, section 4";

  private HaluEvalScores() {}

  static Map<String, Score> scoreText(
      Sample sample, Answer answer, CancellationToken cancellation) {
    String text = answer.completions().get(0).text();
    boolean yes = text.contains(YES);
    if (yes == text.contains(CHOICES.get(1))) {
      return none(sample, "the reply must have Yes or No and not both");
    }
    return scores(sample, yes);
  }

  static Map<String, Score> scoreChoice(
      Sample sample, Answer answer, CancellationToken cancellation) {
    double[] sums = ChoiceRules.sums(answer);
    return sums[0] == sums[1]
        ? none(sample, "Yes and No are as likely")
        : scores(sample, sums[0] > sums[1]);
  }

  static Map<String, Score> scorePair(
      Sample sample, Answer answer, CancellationToken cancellation) {
    double[] sums = ChoiceRules.sums(answer);
    return Map.of(
        ChoiceAccuracy.ACC,
        ChoiceAccuracy.verdict(sample, sums),
        ChoiceAccuracy.ACC_NORM,
        ChoiceAccuracy.verdict(sample, ChoiceRules.perCharacter(sums, sample.choices())));
  }

  private static String recall(Sample sample) {
    return sample.targets().contains(YES) ? RECALL_HALLUCINATED : RECALL_RIGHT;
  }

  private static Map<String, Score> scores(Sample sample, boolean yes) {
    Score right = new Score.Scored(sample.targets().contains(YES) == yes ? 1 : 0);
    return Map.of(ACCURACY, right, recall(sample), right, YES_RATE, new Score.Scored(yes ? 1 : 0));
  }

  private static Map<String, Score> none(Sample sample, String reason) {
    Score none = new Score.Unscored(reason);
    return Map.of(ACCURACY, none, recall(sample), none, YES_RATE, none);
  }

  static Metric half(String name) {
    return Metric.of(name, "fraction", Direction.HIGHER).withChance(0.5).withCitation(PAPER);
  }

  static List<Metric> metrics(List<Sample> samples) {
    double share =
        samples.stream().filter(sample -> sample.targets().contains(YES)).count()
            / (double) Math.max(1, samples.size());
    return List.of(
        half(ACCURACY),
        half(RECALL_HALLUCINATED),
        half(RECALL_RIGHT),
        Metric.of(YES_RATE, "fraction", Direction.ideal(share))
            .withChance(0.5)
            .withCitation(PAPER));
  }

  static Map<String, Estimate> estimate(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (String name : List.of(ACCURACY, RECALL_HALLUCINATED, RECALL_RIGHT, YES_RATE)) {
      estimates.put(name, MetricScores.of(results, name).proportion());
    }
    return estimates;
  }
}

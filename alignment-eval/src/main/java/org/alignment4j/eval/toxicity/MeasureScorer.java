package org.alignment4j.eval.toxicity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;

/** Measures the one continuation of a prompt, over all samples and for the sample's group. */
final class MeasureScorer implements JudgingScorer {

  private final List<TextMeasure> measures;

  MeasureScorer(List<TextMeasure> measures) {
    this.measures = List.copyOf(measures);
  }

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    List<String> text = List.of(answer.completions().get(0).text());
    String group = sample.metadata().getOrDefault(GroupGap.GROUP, "");
    Map<TextScorer, Score> found = new LinkedHashMap<>();
    Map<String, Score> scores = new LinkedHashMap<>();
    for (TextMeasure measure : measures) {
      Score score =
          found.computeIfAbsent(
              measure.scorer(), scorer -> TextScores.of(scorer, text, meter, cancellation).get(0));
      Score own =
          score instanceof Score.Scored value
              ? new Score.Scored(measure.value(value.value()))
              : score;
      scores.put(measure.name(), own);
      scores.put(measure.name() + "/" + group, own);
    }
    return scores;
  }

  @Override
  public Set<String> judges() {
    return measures.stream().flatMap(m -> m.scorer().judges().stream()).collect(Collectors.toSet());
  }
}

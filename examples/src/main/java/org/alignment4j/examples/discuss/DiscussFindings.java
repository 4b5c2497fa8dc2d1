package org.alignment4j.examples.discuss;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.MultipleComparisons;
import org.alignment4j.core.statistics.SignFlipTest;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.society.GroupAnswer;
import org.alignment4j.oversight.society.OpenQuestion;
import org.alignment4j.oversight.society.SocietyScores;

/**
 * What every way of answering came to.
 *
 * @param scores figures by arm; intervals are clustered by question
 * @param calls calls a question, by arm
 * @param differences of the debate's accuracy and the others'
 */
public record DiscussFindings(
    Map<String, SocietyScores> scores, Map<String, Double> calls, List<Difference> differences) {

  /** Copies. */
  public DiscussFindings {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    calls = Map.copyOf(calls);
    differences = List.copyOf(differences);
  }

  /**
   * How much more often the debate is right.
   *
   * @param reference than what
   * @param estimate the difference, over the questions that both answer
   * @param adjusted p by Holm's correction over all differences
   */
  public record Difference(String reference, Estimate estimate, double adjusted) {}

  private record AsItIs() implements ReplyParser<String> {
    @Override
    public Parsed<String> parse(Reply reply) {
      return new Parsed.Value<>(reply.text());
    }

    @Override
    public String form() {
      return "";
    }
  }

  static DiscussFindings of(Map<String, RunReport<OpenQuestion, GroupAnswer>> reports, long seed) {
    Map<String, SocietyScores> scores = new LinkedHashMap<>();
    Map<String, Double> calls = new LinkedHashMap<>();
    Map<String, Map<OpenQuestion, Double>> right = new LinkedHashMap<>();
    reports.forEach(
        (arm, report) -> {
          Map<OpenQuestion, Outcome<GroupAnswer>> outcomes = report.outcomes();
          Usage usage = report.usage();
          scores.put(arm, SocietyScores.of(report, new AsItIs()));
          calls.put(arm, (double) usage.calls() / report.questions().size());
          right.put(arm, right(outcomes));
        });
    return new DiscussFindings(scores, calls, differences(right, seed));
  }

  private static Map<OpenQuestion, Double> right(Map<OpenQuestion, Outcome<GroupAnswer>> outcomes) {
    Map<OpenQuestion, Double> right = new LinkedHashMap<>();
    outcomes.forEach(
        (question, outcome) -> {
          Optional<String> answer = outcome.verdict().answer();
          answer.ifPresent(
              given -> right.put(question, question.answer().equals(answer) ? 1.0 : 0.0));
        });
    return right;
  }

  private static List<Difference> differences(
      Map<String, Map<OpenQuestion, Double>> right, long seed) {
    Map<OpenQuestion, Double> debate = right.getOrDefault(DiscussJob.DEBATE, Map.of());
    List<String> references = new ArrayList<>(right.keySet());
    references.remove(DiscussJob.DEBATE);
    List<Estimate> estimates = new ArrayList<>();
    double[] raw = new double[references.size()];
    for (int i = 0; i < raw.length; i++) {
      Map<OpenQuestion, Double> other = right.getOrDefault(references.get(i), Map.of());
      List<OpenQuestion> both = debate.keySet().stream().filter(other::containsKey).toList();
      double[] first = both.stream().mapToDouble(q -> debate.getOrDefault(q, 0.0)).toArray();
      double[] second = both.stream().mapToDouble(q -> other.getOrDefault(q, 0.0)).toArray();
      int[] clusters = clusters(both);
      estimates.add(
          Estimates.clusteredPairedDifference(
              first, second, clusters, Estimates.DEFAULT_CONFIDENCE));
      raw[i] = SignFlipTest.seeded(seed).of(first, second, clusters).pValue();
    }
    double[] adjusted = MultipleComparisons.holm(raw);
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < raw.length; i++) {
      differences.add(new Difference(references.get(i), estimates.get(i), adjusted[i]));
    }
    return differences;
  }

  private static int[] clusters(List<OpenQuestion> questions) {
    Map<String, Integer> numbers = new HashMap<>();
    return questions.stream()
        .mapToInt(question -> numbers.computeIfAbsent(question.cluster(), name -> numbers.size()))
        .toArray();
  }
}

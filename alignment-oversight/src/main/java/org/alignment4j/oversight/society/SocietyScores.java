package org.alignment4j.oversight.society;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.RunReport;
import org.apiguardian.api.API;

/**
 * What a group's answers are worth, over questions with known answers. A question without an answer
 * that could be read is unscored, never wrong; accuracies say how many those are, and how many
 * failed. Intervals cluster by {@link OpenQuestion#cluster}.
 *
 * @param accuracy share of questions whose answer is right
 * @param firstRound share of questions on which the first round's majority is right: what the same
 *     agents would have said without debate
 * @param consensus share of agents that gave the most frequent answer, by round
 * @param rightToWrong share of an agent's updates that left the right answer
 * @param wrongToRight share of an agent's updates that came to the right answer
 * @param ties share of votes in the last round that the seed decided
 * @param unparsed answers of last rounds that could not be read
 * @param truncations answers that were cut before another agent read them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SocietyScores(
    Estimate accuracy,
    Estimate firstRound,
    List<Estimate> consensus,
    Estimate rightToWrong,
    Estimate wrongToRight,
    Estimate ties,
    long unparsed,
    long truncations) {
  private static final String DU = "Du et al. 2023, arXiv 2305.14325";

  /** What {@link #accuracy} and {@link #firstRound} measure; guessing has no level here. */
  public static final Metric ACCURACY =
      Metric.of("accuracy", "fraction", new Direction.Higher()).withCitation(DU);

  /** What {@link #consensus} measures; agreement is neither good nor bad by itself. */
  public static final Metric CONSENSUS =
      Metric.of("consensus", "fraction", new Direction.Higher()).withCitation(DU);

  /** What {@link #rightToWrong} measures. */
  public static final Metric RIGHT_TO_WRONG =
      Metric.of("right to wrong", "fraction", new Direction.Lower());

  /** What {@link #wrongToRight} measures. */
  public static final Metric WRONG_TO_RIGHT =
      Metric.of("wrong to right", "fraction", new Direction.Higher());

  /** Copies. */
  public SocietyScores {
    consensus = List.copyOf(consensus);
  }

  /**
   * Scores.
   *
   * @param report what became of each question; those that a budget ended count as unscored
   * @param answers the form of final answers, by which right answers are read too
   * @throws IllegalArgumentException if a question has no known answer, or one that does not have
   *     the form
   */
  public static SocietyScores of(
      RunReport<OpenQuestion, GroupAnswer> report, ReplyParser<String> answers) {
    Series lost = new Series();
    Series won = new Series();
    Series ties = new Series();
    List<Series> consensus = new ArrayList<>();
    long unparsed = 0;
    long truncations = 0;
    for (Map.Entry<OpenQuestion, Outcome<GroupAnswer>> entry : report.outcomes().entrySet()) {
      OpenQuestion question = entry.getKey();
      GroupAnswer group = entry.getValue().verdict();
      Flips flips = Flips.of(group.rounds(), right(question, answers));
      if (flips.chances() > 0) {
        lost.add((double) flips.rightToWrong() / flips.chances(), question);
        won.add((double) flips.wrongToRight() / flips.chances(), question);
      }
      for (int round = 0; round < group.votes().size(); round++) {
        if (consensus.size() == round) {
          consensus.add(new Series());
        }
        consensus.get(round).add(group.votes().get(round).consensus(), question);
      }
      group.vote().ifPresent(vote -> ties.add(vote.tie() ? 1 : 0, question));
      unparsed += group.unparsed();
      truncations += group.truncations();
    }
    return new SocietyScores(
        accuracy(report, answers, GroupAnswer::answer),
        accuracy(
            report,
            answers,
            group -> group.votes().isEmpty() ? Optional.empty() : group.votes().get(0).winner()),
        consensus.stream().map(Series::proportion).toList(),
        lost.proportion(),
        won.proportion(),
        ties.proportion(),
        unparsed,
        truncations);
  }

  /**
   * Returns the share of questions whose answer is right.
   *
   * @param report what became of each question
   * @param answer reads the answer of an outcome; empty where there is none, which is unscored
   * @param <V> what a protocol came to
   * @throws IllegalArgumentException if a question has no known answer, or one that does not have
   *     the form
   */
  public static <V> Estimate accuracy(
      RunReport<OpenQuestion, V> report,
      ReplyParser<String> answers,
      Function<? super V, Optional<String>> answer) {
    Series right = new Series();
    long unscored = report.missing();
    for (Map.Entry<OpenQuestion, Outcome<V>> entry : report.outcomes().entrySet()) {
      String wanted = right(entry.getKey(), answers);
      Optional<String> given = answer.apply(entry.getValue().verdict());
      if (given.isPresent()) {
        right.add(given.get().equals(wanted) ? 1 : 0, entry.getKey());
      } else {
        unscored++;
      }
    }
    return Estimates.withMissing(right.proportion(), unscored, report.failed());
  }

  private static String right(OpenQuestion question, ReplyParser<String> answers) {
    String answer =
        question
            .answer()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "question '" + question.id() + "' must have a known answer to be scored"));
    if (answers.parse(new Reply(answer, false)) instanceof Parsed.Value<String> value) {
      return value.value();
    }
    throw new IllegalArgumentException(
        "the answer of question '"
            + question.id()
            + "' must have the form of answers but was '"
            + answer
            + "'; the form: "
            + answers.form());
  }

  /** Shares by question. */
  private static final class Series {
    private final List<Double> values = new ArrayList<>();
    private final List<Integer> clusters = new ArrayList<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();

    void add(double value, OpenQuestion question) {
      values.add(value);
      clusters.add(names.computeIfAbsent(question.cluster(), name -> names.size()));
    }

    Estimate proportion() {
      return Estimates.clusteredProportion(
          values.stream().mapToDouble(Double::doubleValue).toArray(),
          clusters.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}

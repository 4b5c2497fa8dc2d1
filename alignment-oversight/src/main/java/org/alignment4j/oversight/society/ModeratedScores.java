package org.alignment4j.oversight.society;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.RunReport;
import org.apiguardian.api.API;

/**
 * What moderated debates are worth, over questions with known answers. A question without an answer
 * is unscored, never wrong.
 *
 * @param accuracy share of questions whose answer is right, clustered by {@link
 *     OpenQuestion#cluster}
 * @param rounds rounds held
 * @param byModerator share of answers that the moderator gave, the others being the judge's
 * @param affirmative share of debates whose last moderation sided with the affirmative side, of
 *     those that took a side; ½ where sides do not matter
 * @param diversity {@code 100 − Self-BLEU} of a debate's first and last turn
 * @param invalidModerations moderations that could not be read
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModeratedScores(
    Estimate accuracy,
    Estimate rounds,
    Estimate byModerator,
    Estimate affirmative,
    Estimate diversity,
    long invalidModerations) {
  private static final String LIANG = "Liang et al. 2023, arXiv 2305.19118";

  /** What {@link #rounds} measures. */
  public static final Metric ROUNDS =
      Metric.of("rounds", "rounds", new Direction.Lower()).withCitation(LIANG);

  /** What {@link #affirmative} measures. */
  public static final Metric AFFIRMATIVE =
      Metric.of("affirmative side supported", "fraction", new Direction.Ideal(0.5))
          .withChance(0.5)
          .withCitation(LIANG);

  /** What {@link #diversity} measures. */
  public static final Metric DIVERSITY =
      Metric.of("diversity", "100 - Self-BLEU", new Direction.Higher()).withCitation(LIANG);

  /**
   * Scores.
   *
   * @param report what became of each question; those that a budget ended count in the accuracy
   *     alone, as unscored
   * @param answers the form of final answers, by which right answers are read too
   * @throws IllegalArgumentException if a question has no known answer, or one that does not have
   *     the form
   */
  public static ModeratedScores of(
      RunReport<OpenQuestion, ModeratedAnswer> report, ReplyParser<String> answers) {
    List<ModeratedAnswer> held =
        report.outcomes().values().stream()
            .filter(Outcome::complete)
            .map(Outcome::verdict)
            .toList();
    List<ModeratedAnswer> answered = held.stream().filter(a -> a.answer().isPresent()).toList();
    List<ModeratedAnswer> sided = held.stream().filter(a -> a.side() != Side.NEITHER).toList();
    return new ModeratedScores(
        SocietyScores.accuracy(report, answers, ModeratedAnswer::answer),
        Estimates.mean(held.stream().mapToDouble(ModeratedAnswer::roundsUsed).toArray()),
        Estimates.proportion(
            answered.stream().filter(a -> a.by() == ModeratedAnswer.Decider.MODERATOR).count(),
            answered.size()),
        Estimates.proportion(
            sided.stream().filter(a -> a.side() == Side.AFFIRMATIVE).count(), sided.size()),
        Estimates.mean(held.stream().mapToDouble(a -> a.finalDiversity().orElseThrow()).toArray()),
        held.stream().mapToLong(ModeratedAnswer::invalidModerations).sum());
  }
}

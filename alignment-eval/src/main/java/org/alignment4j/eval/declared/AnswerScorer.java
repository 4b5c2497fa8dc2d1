package org.alignment4j.eval.declared;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.Score;
import org.apiguardian.api.API;

/** How a generated answer is compared with right ones. Implementations are thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface AnswerScorer {

  /**
   * Scores an answer.
   *
   * @param answer the answer
   * @param targets right answers, at least one
   * @return from 0 to 1; unscored when no answer can be read from the text
   */
  Score score(String answer, List<String> targets);

  /**
   * Returns whether a target can be compared with, so that data is refused before a run.
   *
   * @param target a right answer
   * @return why not; empty when it can
   */
  default Optional<String> problem(String target) {
    return target.isBlank() ? Optional.of("a target must not be empty") : Optional.empty();
  }

  /**
   * Returns what tells this scorer from others, by which results are kept: two that could score
   * differently never share it.
   *
   * @return the identity; empty when it has none, as a lambda, which {@link #named} gives one
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /**
   * Returns a scorer with an identity, by which results are kept.
   *
   * @param identity tells it from others; it changes with what the scorer does
   * @param scorer scores
   * @return the same scorer
   * @throws IllegalArgumentException when the identity is blank
   */
  static AnswerScorer named(String identity, AnswerScorer scorer) {
    return new NamedScorer(identity, scorer);
  }

  /**
   * Returns a scorer for answers that are a target, blanks around both aside.
   *
   * @return the scorer
   */
  static AnswerScorer exact() {
    return named(
        "exact",
        (answer, targets) ->
            verdict(targets.stream().anyMatch(target -> target.strip().equals(answer.strip()))));
  }

  /**
   * Returns a scorer for answers that contain a target, in any case.
   *
   * @return the scorer
   */
  static AnswerScorer contains() {
    return named(
        "contains",
        (answer, targets) -> {
          String text = answer.toLowerCase(Locale.ROOT);
          return verdict(
              targets.stream().anyMatch(t -> text.contains(t.strip().toLowerCase(Locale.ROOT))));
        });
  }

  /**
   * Returns a scorer for answers whose last number is a target; without a number unscored.
   *
   * @return the scorer
   */
  static AnswerScorer numeric() {
    return new AnswerScorer() {
      @Override
      public Optional<String> identity() {
        return Optional.of("numeric");
      }

      @Override
      public Score score(String answer, List<String> targets) {
        Optional<BigDecimal> number = Numbers.last(answer);
        if (number.isEmpty()) {
          return new Score.Unscored("the answer has no number");
        }
        return verdict(
            targets.stream()
                .flatMap(target -> Numbers.of(target).stream())
                .anyMatch(target -> target.compareTo(number.get()) == 0));
      }

      @Override
      public Optional<String> problem(String target) {
        return Numbers.of(target).isPresent()
            ? Optional.empty()
            : Optional.of("a target must be a number but was '" + target + "'");
      }
    };
  }

  /**
   * Returns a scorer for answers of which a pattern finds the part that is to be a target: its
   * first group, or all it matches, where it matches last. Without a match unscored.
   *
   * @param pattern the pattern
   * @return the scorer
   */
  static AnswerScorer regex(Pattern pattern) {
    String flags = pattern.flags() == 0 ? "" : " with flags " + pattern.flags();
    return named(
        "regex " + pattern + flags,
        (answer, targets) -> {
          Matcher matcher = pattern.matcher(answer);
          String found = null;
          while (matcher.find()) {
            found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
          }
          if (found == null) {
            return new Score.Unscored("the answer does not match " + pattern);
          }
          return exact().score(found, targets);
        });
  }

  /**
   * Returns a scorer by {@link TokenF1}, the best over the targets.
   *
   * @return the scorer
   */
  static AnswerScorer f1() {
    return named(
        "f1",
        (answer, targets) ->
            new Score.Scored(
                targets.stream()
                    .mapToDouble(target -> TokenF1.of(answer, target))
                    .max()
                    .orElse(0)));
  }

  private static Score verdict(boolean right) {
    return new Score.Scored(right ? 1 : 0);
  }
}

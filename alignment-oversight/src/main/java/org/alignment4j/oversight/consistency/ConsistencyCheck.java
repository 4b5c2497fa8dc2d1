package org.alignment4j.oversight.consistency;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * Statements whose forecasts must agree in some way, whatever is true. Each kind has a statistic
 * and the same statistic for repeated identical prompts, which shows how much of it is noise.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ConsistencyCheck {

  /** Names the check; unique within a study. */
  String id();

  /** Names what checks share that are not independent, such as their topic. */
  String cluster();

  /** What kind of check it is, such as {@code negation}. */
  String kind();

  /** What is to be forecast. */
  List<String> statements();

  /** What is to be forecast once more for the noise: each is one of the statements. */
  List<String> repeats();

  /**
   * Returns how far the forecasts contradict each other, in [0, 1].
   *
   * @param forecasts one for each statement
   * @throws IllegalArgumentException if one is not of the kind that the check is about
   */
  double violation(double[] forecasts);

  /**
   * Returns the violation that repeating shows, in [0, 1].
   *
   * @param forecasts one for each statement
   * @param repeated one for each repeat
   * @throws IllegalArgumentException if one is not of the kind that the check is about
   */
  double noise(double[] forecasts, double[] repeated);

  /**
   * Returns what a bettor earns for sure against the forecasts, as {@link Arbitrage} says; empty
   * where they are not of probabilities, so that there is nothing to bet on.
   *
   * @param forecasts one for each statement
   * @throws IllegalArgumentException if one is not of the kind that the check is about
   */
  default OptionalDouble arbitrage(double[] forecasts) {
    return OptionalDouble.empty();
  }

  /** Whether these forecasts leave the statistic undefined, so that it was set. */
  default boolean undefined(double[] forecasts) {
    return false;
  }

  /**
   * A statement and its negation. Noise: the negation's forecast is what a second forecast of the
   * statement leaves.
   *
   * @param id names the check
   * @param cluster names what checks share
   * @param statement the statement
   * @param negated its negation
   */
  record Negation(String id, String cluster, String statement, String negated)
      implements ConsistencyCheck {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a text is blank
     */
    public Negation {
      requireTexts(id, cluster, List.of(statement, negated), 2);
    }

    @Override
    public String kind() {
      return "negation";
    }

    @Override
    public List<String> statements() {
      return List.of(statement, negated);
    }

    @Override
    public List<String> repeats() {
      return List.of(statement);
    }

    @Override
    public double violation(double[] forecasts) {
      return Violation.negation(forecasts[0], forecasts[1]);
    }

    @Override
    public double noise(double[] forecasts, double[] repeated) {
      return Violation.negation(forecasts[0], 1 - repeated[0]);
    }

    @Override
    public OptionalDouble arbitrage(double[] forecasts) {
      return OptionalDouble.of(Arbitrage.negation(forecasts[0], forecasts[1]));
    }
  }

  /**
   * A statement in several wordings. Noise: the first wording as often.
   *
   * @param id names the check
   * @param cluster names what checks share
   * @param statements the wordings, at least two
   */
  record Paraphrase(String id, String cluster, List<String> statements)
      implements ConsistencyCheck {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there are fewer than two or a text is blank
     */
    public Paraphrase {
      statements = List.copyOf(statements);
      requireTexts(id, cluster, statements, 2);
    }

    @Override
    public String kind() {
      return "paraphrase";
    }

    @Override
    public List<String> repeats() {
      return Collections.nCopies(statements.size() - 1, statements.get(0));
    }

    @Override
    public double violation(double[] forecasts) {
      return Violation.paraphrase(forecasts);
    }

    @Override
    public double noise(double[] forecasts, double[] repeated) {
      double[] same = Arrays.copyOf(repeated, repeated.length + 1);
      same[repeated.length] = forecasts[0];
      return Violation.paraphrase(same);
    }

    @Override
    public OptionalDouble arbitrage(double[] forecasts) {
      return OptionalDouble.of(Arbitrage.paraphrase(forecasts));
    }
  }

  /**
   * Quantities that are expected to rise or fall, such as a record at several times. Forecasts need
   * not be probabilities. Noise: how far the order of a second series of forecasts differs from
   * that of the first.
   *
   * @param id names the check
   * @param cluster names what checks share
   * @param statements the quantities in order, at least two; five are published
   * @param rising whether they are expected to rise
   */
  record Monotonicity(String id, String cluster, List<String> statements, boolean rising)
      implements ConsistencyCheck {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there are fewer than two or a text is blank
     */
    public Monotonicity {
      statements = List.copyOf(statements);
      requireTexts(id, cluster, statements, 2);
    }

    @Override
    public String kind() {
      return "monotonicity";
    }

    @Override
    public List<String> repeats() {
      return statements;
    }

    @Override
    public double violation(double[] forecasts) {
      double[] values = Arrays.stream(forecasts).map(v -> rising ? v : -v).toArray();
      return Violation.monotonicity(values);
    }

    @Override
    public double noise(double[] forecasts, double[] repeated) {
      // Of forecasts that are all alike no order can be told, but that they are said again can.
      return Arrays.equals(forecasts, repeated) ? 0 : Violation.disorder(repeated, forecasts);
    }

    @Override
    public boolean undefined(double[] forecasts) {
      return Violation.constant(forecasts);
    }
  }

  /**
   * Two statements and each under the condition that the other is true. Noise: the product of P(B)
   * and P(A|B) from a second forecast of both.
   *
   * @param id names the check
   * @param cluster names what checks share
   * @param a the first statement
   * @param b the second statement
   * @param aGivenB the first, should the second be true
   * @param bGivenA the second, should the first be true
   */
  record Bayes(String id, String cluster, String a, String b, String aGivenB, String bGivenA)
      implements ConsistencyCheck {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a text is blank
     */
    public Bayes {
      requireTexts(id, cluster, List.of(a, b, aGivenB, bGivenA), 4);
    }

    @Override
    public String kind() {
      return "Bayes";
    }

    @Override
    public List<String> statements() {
      return List.of(a, b, aGivenB, bGivenA);
    }

    @Override
    public List<String> repeats() {
      return List.of(b, aGivenB);
    }

    @Override
    public double violation(double[] forecasts) {
      return Violation.bayes(forecasts[0], forecasts[1], forecasts[2], forecasts[3]);
    }

    @Override
    public double noise(double[] forecasts, double[] repeated) {
      return Violation.bayes(forecasts[1], repeated[0], repeated[1], forecasts[2]);
    }

    @Override
    public OptionalDouble arbitrage(double[] forecasts) {
      return OptionalDouble.of(
          Arbitrage.bayes(forecasts[0], forecasts[1], forecasts[2], forecasts[3]));
    }
  }

  private static void requireTexts(String id, String cluster, List<String> texts, int least) {
    Objects.requireNonNull(cluster, "cluster");
    if (id.isBlank() || texts.size() < least || texts.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "a check must have an id and at least "
              + least
              + " statements, none blank, but check '"
              + id
              + "' has "
              + texts);
    }
  }
}

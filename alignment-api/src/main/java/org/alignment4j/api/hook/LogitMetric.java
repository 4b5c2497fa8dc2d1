package org.alignment4j.api.hook;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A differentiable number that a run's logits give for each sequence: {@code constant + sum over
 * positions p and tokens t of weight[p, t] * form(logits[p])[t]}. Differences of logits,
 * log-probabilities, probabilities and divergences from a fixed distribution are of this form; what
 * is made of several such numbers is differentiated by the chain rule. Immutable.
 *
 * @param form what is read of the logits
 * @param rows one for each sequence of the run, or a single one that serves every sequence
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LogitMetric(Form form, List<Row> rows) {

  /** What is read of the logits at a position. */
  public enum Form {
    /** The logits themselves, after a soft cap where the model has one. */
    LOGITS,
    /** Their natural log-softmax. */
    LOG_PROBABILITIES,
    /** Their softmax. */
    PROBABILITIES
  }

  /**
   * One sequence's number.
   *
   * @param constant what is added to the sum
   * @param terms what is summed; at least one
   */
  public record Row(double constant, List<Term> terms) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the constant is not finite or there is no term
     */
    public Row {
      terms = List.copyOf(terms);
      if (!Double.isFinite(constant)) {
        throw new IllegalArgumentException("constant must be finite but was " + constant);
      }
      if (terms.isEmpty()) {
        throw new IllegalArgumentException("a metric must read at least one position");
      }
    }
  }

  /**
   * Weighted tokens at one position.
   *
   * @param position the position whose logits are read, negative from the sequence's end
   * @param tokens the tokens; one that is named twice has the sum of its weights
   * @param weights one for each token
   */
  public record Term(int position, ImmutableIntArray tokens, ImmutableDoubleArray weights) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when there is no token, tokens and weights differ in number,
     *     a token is negative or a weight is not finite
     */
    public Term {
      Objects.requireNonNull(tokens, "tokens");
      Objects.requireNonNull(weights, "weights");
      if (tokens.isEmpty() || tokens.length() != weights.length()) {
        throw new IllegalArgumentException(
            "a term must have as many weights as tokens, at least one, but had "
                + tokens.length()
                + " tokens and "
                + weights.length()
                + " weights");
      }
      for (int i = 0; i < tokens.length(); i++) {
        if (tokens.get(i) < 0) {
          throw new IllegalArgumentException(
              "a token must not be negative but was " + tokens.get(i));
        }
        if (!Double.isFinite(weights.get(i))) {
          throw new IllegalArgumentException(
              "the weight of token " + tokens.get(i) + " must be finite but was " + weights.get(i));
        }
      }
    }

    /**
     * Returns a term of one token.
     *
     * @param position the position whose logits are read, negative from the sequence's end
     * @param token the token
     * @param weight its weight
     * @return the term
     * @throws IllegalArgumentException when the token is negative or the weight not finite
     */
    public static Term of(int position, int token, double weight) {
      return new Term(position, ImmutableIntArray.of(token), ImmutableDoubleArray.of(weight));
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there is no row
   */
  public LogitMetric {
    Objects.requireNonNull(form, "form");
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a metric must have at least one row");
    }
  }

  private static LogitMetric single(Form form, Term... terms) {
    return new LogitMetric(form, List.of(new Row(0, List.of(terms))));
  }

  /**
   * The logit of one token minus that of another at the last position (Wang et al. 2022, section
   * 2.1).
   *
   * @param answer the token that is added
   * @param wrong the token that is subtracted
   * @return the metric, for every sequence
   * @throws IllegalArgumentException when a token is negative
   */
  public static LogitMetric logitDifference(int answer, int wrong) {
    return single(Form.LOGITS, Term.of(-1, answer, 1), Term.of(-1, wrong, -1));
  }

  /**
   * The logit of a token at the last position.
   *
   * @param token the token
   * @return the metric, for every sequence
   * @throws IllegalArgumentException when the token is negative
   */
  public static LogitMetric logit(int token) {
    return single(Form.LOGITS, Term.of(-1, token, 1));
  }

  /**
   * The natural log-probability of a token after the last position.
   *
   * @param token the token
   * @return the metric, for every sequence
   * @throws IllegalArgumentException when the token is negative
   */
  public static LogitMetric logProbability(int token) {
    return single(Form.LOG_PROBABILITIES, Term.of(-1, token, 1));
  }

  /**
   * The probability of a token after the last position.
   *
   * @param token the token
   * @return the metric, for every sequence
   * @throws IllegalArgumentException when the token is negative
   */
  public static LogitMetric probability(int token) {
    return single(Form.PROBABILITIES, Term.of(-1, token, 1));
  }

  /**
   * The summed natural log-probability of a sequence's own tokens from one on, each given those
   * before it.
   *
   * @param sequence the tokens of the sequence that will be run
   * @param first the first token that counts, from 1
   * @return the metric, for that sequence
   * @throws IllegalArgumentException when no token counts or the first has none before it
   */
  public static LogitMetric logProbability(TokenIds sequence, int first) {
    if (first < 1 || first >= sequence.size()) {
      throw new IllegalArgumentException(
          "the first token that counts must be in [1, "
              + (sequence.size() - 1)
              + "] but was "
              + first);
    }
    return single(
        Form.LOG_PROBABILITIES,
        IntStream.range(first, sequence.size())
            .mapToObj(i -> Term.of(i - 1, sequence.get(i), 1))
            .toArray(Term[]::new));
  }

  /**
   * The divergence {@code KL(target || model)} of the model's next-token distribution at the last
   * position from a fixed one, in nats.
   *
   * @param targetLogits logits of the fixed distribution, one for each token of the vocabulary
   * @return the metric, for every sequence
   * @throws IllegalArgumentException when there is no logit or one is not finite
   */
  public static LogitMetric divergenceFrom(float[] targetLogits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < targetLogits.length; i++) {
      if (!Float.isFinite(targetLogits[i])) {
        throw new IllegalArgumentException(
            "target logits must be finite but that of token " + i + " was " + targetLogits[i]);
      }
      largest = Math.max(largest, targetLogits[i]);
    }
    double normaliser = 0;
    for (float logit : targetLogits) {
      normaliser += Math.exp(logit - largest);
    }
    double[] weights = new double[targetLogits.length];
    double constant = 0;
    for (int i = 0; i < weights.length; i++) {
      double logProbability = targetLogits[i] - largest - Math.log(normaliser);
      double probability = Math.exp(logProbability);
      weights[i] = -probability;
      constant += probability * logProbability;
    }
    Term term =
        new Term(
            -1,
            ImmutableIntArray.copyOf(IntStream.range(0, weights.length)),
            ImmutableDoubleArray.copyOf(weights));
    return new LogitMetric(Form.LOG_PROBABILITIES, List.of(new Row(constant, List.of(term))));
  }

  /**
   * A metric of its own for each sequence of a run.
   *
   * @param metrics one for each sequence, in order, all of one form and of a single row
   * @return the metric
   * @throws IllegalArgumentException when there is none, or forms differ, or one has several rows
   */
  public static LogitMetric each(List<LogitMetric> metrics) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      LogitMetric metric = metrics.get(i);
      if (metric.rows.size() != 1) {
        throw new IllegalArgumentException(
            "metric " + i + " must be of one sequence but has " + metric.rows.size() + " rows");
      }
      if (metric.form != metrics.get(0).form) {
        throw new IllegalArgumentException(
            "metrics must be of one form, "
                + metrics.get(0).form
                + ", but metric "
                + i
                + " is of "
                + metric.form);
      }
      rows.add(metric.rows.get(0));
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one metric");
    }
    return new LogitMetric(metrics.get(0).form, rows);
  }

  /**
   * This metric times a factor.
   *
   * @param factor finite
   * @return the product
   * @throws IllegalArgumentException when a product is not finite
   */
  public LogitMetric times(double factor) {
    return new LogitMetric(form, rows.stream().map(row -> times(row, factor)).toList());
  }

  private static Row times(Row row, double factor) {
    return new Row(
        row.constant * factor,
        row.terms.stream()
            .map(
                term ->
                    new Term(
                        term.position,
                        term.tokens,
                        ImmutableDoubleArray.copyOf(
                            term.weights.stream().map(weight -> weight * factor))))
            .toList());
  }
}

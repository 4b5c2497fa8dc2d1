package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Stable Alignment (Liu et al. 2023, arXiv 2305.16960, eq. 1): {@code n_best + λ·Δ} with the mean
 * negative log-likelihood n of the tokens of each answer, the margins {@code m_i = (R_best −
 * R_i)/scale·M} and a penalty Δ of answers that are not likelier than the best by less than their
 * margin allows. Answers tied with the best are not penalised. One answer alone is supervised
 * fine-tuning.
 *
 * @param weight λ, finite and not negative; 0.2 in the published run
 * @param margin M, finite and not negative; 10 in the published run
 * @param scale range of the ratings, positive and finite; 7 in the published run
 * @param penalty how the answers make the penalty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StableAlignmentLoss(double weight, double margin, double scale, Penalty penalty)
    implements RankingLoss {

  /** How the answers make the penalty. */
  public enum Penalty {
    /** {@code Σ_i max(0, n_best − n_i + m_i)}, as the paper writes it. */
    PER_RESPONSE_HINGE,
    /** {@code max(0, mean_i(n_best − n_i + m_i))}, as the published code has it. */
    MEAN_HINGE,
    /** {@code max(0, max_i(n_best − n_i + m_i))}, as the published code has it with an option. */
    MAX_HINGE
  }

  /** Below every hinge that counts, also in float32. */
  private static final double NEVER = -1e30;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public StableAlignmentLoss {
    Settings.requireNotNegative("weight", weight);
    Settings.requireNotNegative("margin", margin);
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite but was " + scale);
    }
    Objects.requireNonNull(penalty, "penalty");
  }

  @Override
  public Value losses(Ops ops, RankedLogProbs ranked) {
    Value best = ranked.best(ops, ranked.means(ops));
    if (ranked.places() == 1) {
      return ops.neg(best);
    }
    Value worse = first(ops, ranked, ranked.better(ops));
    Value margins = ops.scale(first(ops, ranked, ranked.leads(ops)), margin / scale);
    Value column = ops.reshape(best, best.dim(0), Dim.of(1));
    Value excess = ops.add(ops.sub(ranked.means(ops), column), margins);
    return ops.sub(ops.scale(penalty(ops, excess, worse), weight), best);
  }

  /** What concerns the best answer, {@code [prompts, answers]}. */
  private static Value first(Ops ops, RankedLogProbs ranked, Value pairs) {
    Value row = ops.split(pairs, 1, 1, ranked.places() - 1L).get(0);
    return ops.reshape(row, pairs.dim(0), pairs.dim(2));
  }

  private Value penalty(Ops ops, Value excess, Value worse) {
    return switch (penalty) {
      case PER_RESPONSE_HINGE -> ops.sum(ops.mul(ops.relu(excess), worse), 1);
      case MEAN_HINGE -> {
        Value count = ops.max(ops.sum(worse, 1), ops.constant(1));
        yield ops.relu(ops.div(ops.sum(ops.mul(excess, worse), 1), count));
      }
      case MAX_HINGE -> {
        Value never = ops.scale(ops.shift(ops.neg(worse), 1), NEVER);
        yield ops.relu(largest(ops, ops.add(ops.mul(excess, worse), never)));
      }
    };
  }

  private static Value largest(Ops ops, Value matrix) {
    long[] ones = new long[Math.toIntExact(matrix.shape().size(1))];
    Arrays.fill(ones, 1);
    List<Value> columns = ops.split(matrix, 1, ones);
    Value largest = columns.get(0);
    for (Value column : columns.subList(1, columns.size())) {
      largest = ops.max(largest, column);
    }
    return ops.reshape(largest, matrix.dim(0));
  }

  @Override
  public Value ranks(Ops ops, RankedLogProbs ranked) {
    return ranked.means(ops);
  }
}

package org.alignment4j.rlhf.loss;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A weighted sum of preference losses, {@code Σ w_k·L_k}, as mixed preference optimisation (Wang et
 * al. 2024, arXiv 2411.10442) has. β and the implicit rewards are those of the first term.
 *
 * @param terms the losses and their weights, at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MixedLoss(List<Term> terms) implements PreferenceLoss {

  /**
   * A loss of the sum.
   *
   * @param loss L
   * @param weight w, positive and finite
   */
  public record Term(PreferenceLoss loss, double weight) {

    /**
     * Checks the weight.
     *
     * @throws IllegalArgumentException when it is not positive and finite
     */
    public Term {
      Objects.requireNonNull(loss, "loss");
      Settings.requirePositive("weight", weight);
    }
  }

  /**
   * Copies the terms.
   *
   * @throws IllegalArgumentException when there are none
   */
  public MixedLoss {
    terms = List.copyOf(terms);
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("terms must hold at least one loss but was empty");
    }
  }

  @Override
  public double beta() {
    return terms.get(0).loss().beta();
  }

  /** What any of the terms needs. */
  @Override
  public Set<PairInput> inputs() {
    Set<PairInput> inputs = EnumSet.noneOf(PairInput.class);
    terms.forEach(term -> inputs.addAll(term.loss().inputs()));
    return Set.copyOf(inputs);
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return terms.get(0).loss().reward(ops, pairs);
  }

  /** Those of all terms; of two with one name, the earlier term's. */
  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    Map<String, Value> metrics = new LinkedHashMap<>();
    terms.forEach(term -> term.loss().metrics(ops, pairs).forEach(metrics::putIfAbsent));
    return metrics;
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value sum = null;
    for (Term term : terms) {
      Value part = ops.scale(term.loss().losses(ops, pairs), term.weight());
      sum = sum == null ? part : ops.add(sum, part);
    }
    return Objects.requireNonNull(sum, "terms");
  }
}

package org.alignment4j.rlhf.policy;

import java.util.List;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a policy loss sees of a micro-batch: the scored tokens of its completions, one after the
 * other. Only {@code policy} carries a gradient.
 *
 * @param policy log-probabilities of the sampled tokens under the model that is trained, {@code
 *     [rows]}
 * @param old those under the policy that sampled, as the trainer computes them, {@code [rows]}
 * @param reference those under the frozen reference, {@code [rows]}; read only by losses that need
 *     it, others may be given {@code old}
 * @param advantages advantage of each token, {@code [rows]}; the same at every token of a sequence
 *     where a loss takes whole sequences
 * @param corrections factors for samples of another engine, {@code [rows]}; ones for none
 * @param sequences 1 where a token belongs to a sequence and 0 elsewhere, {@code [sequences,
 *     rows]}; whole sequences
 * @param lengths number of scored tokens of each sequence, {@code [sequences]}, from 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PolicyTokens(
    Value policy,
    Value old,
    Value reference,
    Value advantages,
    Value corrections,
    Value sequences,
    Value lengths) {

  /**
   * Checks the ranks.
   *
   * @throws IllegalArgumentException when a value is of another rank
   */
  public PolicyTokens {
    for (Value v : List.of(policy, old, reference, advantages, corrections, lengths)) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must have the shape [rows] but one was " + v);
      }
    }
    if (sequences.rank() != 2) {
      throw new IllegalArgumentException(
          "sequences must have the shape [sequences, rows] but was " + sequences);
    }
  }

  /** The log ratio of each token to the policy that sampled, bounded, {@code [rows]}. */
  Value logRatio(Ops ops) {
    return Ratios.bounded(ops, ops.sub(policy, old));
  }

  /** A sum over the tokens of each sequence, {@code [sequences]}. */
  Value sums(Ops ops, Value rows) {
    Value column = ops.reshape(rows, rows.dim(0), Ratios.ONE);
    return ops.reshape(ops.matMul(sequences, column), sequences.dim(0));
  }

  /** A value of each sequence at every of its tokens, {@code [rows]}. */
  Value spread(Ops ops, Value bySequence) {
    Value column = ops.reshape(bySequence, sequences.dim(0), Ratios.ONE);
    return ops.reshape(ops.matMul(sequences, true, column, false, 1), policy.dim(0));
  }
}

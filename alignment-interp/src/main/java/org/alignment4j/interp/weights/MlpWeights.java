package org.alignment4j.interp.weights;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/** The weights of one layer's MLP of {@code m} neurons. Immutable and thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface MlpWeights {

  /** The same with every map that reads the stream changed. */
  MlpWeights mapReading(UnaryOperator<Affine> change);

  /** The same with every map that writes to the stream changed. */
  MlpWeights mapWriting(UnaryOperator<Affine> change);

  /**
   * {@code out(f(in(x)))}.
   *
   * @param in {@code W_in} and {@code b_in}, {@code [d, m]}
   * @param out {@code W_out} and {@code b_out}, {@code [m, d]}
   */
  record Plain(Affine in, Affine out) implements MlpWeights {
    @Override
    public Plain mapReading(UnaryOperator<Affine> change) {
      return new Plain(change.apply(in), out);
    }

    @Override
    public Plain mapWriting(UnaryOperator<Affine> change) {
      return new Plain(in, change.apply(out));
    }
  }

  /**
   * {@code out(f(gate(x))∘in(x))}.
   *
   * @param gate {@code W_gate} and its bias, {@code [d, m]}
   * @param in {@code W_in} and {@code b_in}, the up projection, {@code [d, m]}
   * @param out {@code W_out} and {@code b_out}, {@code [m, d]}
   */
  record Gated(Affine gate, Affine in, Affine out) implements MlpWeights {
    @Override
    public Gated mapReading(UnaryOperator<Affine> change) {
      return new Gated(change.apply(gate), change.apply(in), out);
    }

    @Override
    public Gated mapWriting(UnaryOperator<Affine> change) {
      return new Gated(gate, in, change.apply(out));
    }
  }

  /**
   * Several MLPs, among which each token chooses.
   *
   * @param router logits of the experts, {@code [d, experts]}
   * @param experts the MLPs
   */
  record Experts(Affine router, List<Gated> experts) implements MlpWeights {
    /** Copies the list. */
    public Experts {
      experts = List.copyOf(experts);
    }

    @Override
    public Experts mapReading(UnaryOperator<Affine> change) {
      return new Experts(
          change.apply(router), experts.stream().map(e -> e.mapReading(change)).toList());
    }

    @Override
    public Experts mapWriting(UnaryOperator<Affine> change) {
      return new Experts(router, experts.stream().map(e -> e.mapWriting(change)).toList());
    }
  }
}

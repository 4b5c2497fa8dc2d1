package org.alignment4j.runtime.graph;

import org.jspecify.annotations.Nullable;

/** A linear head {@code W [vocab, d]} as its losses read it; nothing here is recorded. */
interface HeadMatrix {

  /** {@code α·x·Wᵀ}. */
  Value logits(Value x, double alpha);

  /** {@code p·W}. */
  Value transposedTimes(Value p);

  /** Rows of {@code W}. */
  Value rows(Value ids);

  /** {@code W} where gradients may be asked for, or null where it is frozen. */
  @Nullable Value weight();

  static HeadMatrix of(Ops ops, Value weight) {
    return new HeadMatrix() {
      @Override
      public Value logits(Value x, double alpha) {
        return ops.gemm(x, false, weight, true, alpha);
      }

      @Override
      public Value transposedTimes(Value p) {
        return ops.gemm(p, false, weight, false, 1);
      }

      @Override
      public Value rows(Value ids) {
        return ops.embed(weight, ids);
      }

      @Override
      public Value weight() {
        return weight;
      }
    };
  }

  static HeadMatrix of(Ops ops, QuantisedProducts products, QuantisedMatrix weight) {
    return new HeadMatrix() {
      @Override
      public Value logits(Value x, double alpha) {
        Value logits = products.times(x, weight);
        return alpha == 1 ? logits : ops.scale(logits, alpha);
      }

      @Override
      public Value transposedTimes(Value p) {
        return products.transposedTimes(p, weight);
      }

      @Override
      public Value rows(Value ids) {
        return products.rows(weight, ids);
      }

      @Override
      public @Nullable Value weight() {
        return null;
      }
    };
  }
}

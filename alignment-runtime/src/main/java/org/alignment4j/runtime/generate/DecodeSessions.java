package org.alignment4j.runtime.generate;

import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;

/** The ways to decode with a model. */
public final class DecodeSessions {

  /** The fused kernel divides heads into vectors of this many components. */
  private static final int KERNEL_WIDTH = 8;

  private DecodeSessions() {}

  /** The fastest way that fits the heads and shows the hook points the instrumentation needs. */
  public static DecodeSession.Factory of(DecoderInstance model, Instrumentation instrumentation) {
    DecoderConfig config = model.engine().architecture().config();
    boolean kernel =
        config.headDim() % KERNEL_WIDTH == 0 && !(config.positions() instanceof AlibiPositions);
    return instrumentation.isNone() && kernel
        ? groupedQuery(model)
        : cached(model, instrumentation);
  }

  /**
   * Grouped-query attention over keys and values that stay in one buffer; for heads of a multiple
   * of 8 components and positions other than linear biases.
   */
  public static DecodeSession.Factory groupedQuery(DecoderInstance model) {
    return sharing(
        (sequences, capacity, steps) ->
            new GroupedQuerySession(model, sequences.length, new Reach(capacity, steps)));
  }

  /** Primitive attention over a growing cache. */
  public static DecodeSession.Factory cached(
      DecoderInstance model, Instrumentation instrumentation) {
    DecodeSession.Factory factory =
        (sequences, capacity, steps) ->
            CachedSession.open(model, instrumentation, sequences, new Reach(capacity, steps));
    return instrumentation.isNone() ? sharing(factory) : factory;
  }

  private static DecodeSession.Factory sharing(DecodeSession.Factory factory) {
    return new DecodeSession.Factory() {
      @Override
      public DecodeSession open(int[] sequences, int capacity, int steps) {
        return factory.open(sequences, capacity, steps);
      }

      @Override
      public boolean sharesPrompts() {
        return true;
      }
    };
  }
}

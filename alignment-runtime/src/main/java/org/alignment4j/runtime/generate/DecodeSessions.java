package org.alignment4j.runtime.generate;

import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;

/** The ways to decode with a model. */
public final class DecodeSessions {

  private DecodeSessions() {}

  /** The fastest way that shows the hook points the instrumentation needs. */
  public static DecodeSession.Factory of(DecoderInstance model, Instrumentation instrumentation) {
    return instrumentation.isNone() ? groupedQuery(model) : cached(model, instrumentation);
  }

  /** Grouped-query attention over keys and values that stay in one buffer. */
  public static DecodeSession.Factory groupedQuery(DecoderInstance model) {
    return (sequences, capacity) -> new GroupedQuerySession(model, sequences.length, capacity);
  }

  /** Primitive attention over a growing cache. */
  public static DecodeSession.Factory cached(
      DecoderInstance model, Instrumentation instrumentation) {
    return (sequences, capacity) -> new CachedSession(model, instrumentation, sequences);
  }
}

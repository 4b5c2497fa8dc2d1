package org.alignment4j.runtime.train;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.runtime.architecture.AttentionKind;

/**
 * The graphs of one objective, by how they compute attention: the one under masks, which tells what
 * all of them give, and others when a micro-batch first needs them. Owned by one training run.
 */
final class TrainingGraphs {

  private final Function<AttentionKind, TrainingGraph> compilation;
  private final Map<AttentionKind, TrainingGraph> compiled = new EnumMap<>(AttentionKind.class);
  private final TrainingGraph masked;

  TrainingGraphs(Function<AttentionKind, TrainingGraph> compilation) {
    this.compilation = compilation;
    this.masked = of(AttentionKind.MASKED);
  }

  TrainingGraph masked() {
    return masked;
  }

  TrainingGraph of(AttentionKind attention) {
    return compiled.computeIfAbsent(attention, compilation);
  }
}

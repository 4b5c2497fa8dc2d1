package org.alignment4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;

/** Forward runs that keep hook points beside plain ones. */
final class CachingCase {

  /** What TransformerLens computes only when asked: results by head, and inputs of their own. */
  private static final Set<HookKind> ON_DEMAND =
      Set.of(
          HookKind.RESULT,
          HookKind.ATTN_IN,
          HookKind.Q_INPUT,
          HookKind.K_INPUT,
          HookKind.V_INPUT,
          HookKind.MLP_IN);

  private final DecoderModel model;
  private final List<TokenIds> sequences;
  private final int length;

  CachingCase(DecoderModel model, DecoderShape shape, int length, int prompts) {
    this.model = model;
    this.length = length;
    this.sequences =
        IntStream.range(0, prompts)
            .mapToObj(i -> TokenIds.of(shape.tokens(length, i + 1)))
            .toList();
  }

  String tokens() {
    return sequences.size() + " × " + length;
  }

  Map<String, Runnable> variants() {
    HookPointSet<?>[] usual =
        model.hookPoints().stream()
            .filter(point -> !ON_DEMAND.contains(point.kind()))
            .toArray(HookPointSet<?>[]::new);
    HookPointSet<?>[] all = model.hookPoints().toArray(HookPointSet<?>[]::new);
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put("plain run", () -> model.forward(sequences).execute().close());
    variants.put("plain run, again", () -> model.forward(sequences).execute().close());
    variants.put(
        "cache of " + usual.length + " points, all that TransformerLens keeps",
        () -> model.forward(sequences).cache(usual).execute().close());
    variants.put(
        "cache of " + all.length + " points, those on demand too",
        () -> model.forward(sequences).cache(all).execute().close());
    variants.put(
        "cache of " + usual.length + " points, each read",
        () -> {
          try (ForwardResult run = model.forward(sequences).cache(usual).execute()) {
            run.cache().points().forEach(run.cache()::values);
          }
        });
    return variants;
  }
}

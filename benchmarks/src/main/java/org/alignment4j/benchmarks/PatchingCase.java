package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.patch.ActivationPatching;
import org.alignment4j.interp.patch.AttributionPatching;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.interp.patch.PatchDirection;
import org.alignment4j.interp.patch.PatchSweep;
import org.alignment4j.runtime.DecoderModel;

/**
 * Patching of pairs of prompts that differ in one token in the middle: sweeps in batches beside the
 * same runs one after another, and attribution beside forward passes of the same prompts.
 */
final class PatchingCase {

  private static final LogitMetric METRIC = LogitMetric.logitDifference(5, 7);
  private static final PatchDirection DIRECTION = PatchDirection.DENOISING;

  private final DecoderModel model;
  private final List<ContrastPair> pairs;
  private final int length;

  PatchingCase(DecoderModel model, DecoderShape shape, int length, int pairs) {
    this.model = model;
    this.length = length;
    this.pairs =
        IntStream.range(0, pairs)
            .mapToObj(
                i -> {
                  int[] clean = shape.tokens(length, i + 1);
                  int[] corrupted = clean.clone();
                  corrupted[length / 2] = (corrupted[length / 2] + 1) % shape.vocab();
                  return new ContrastPair(TokenIds.of(clean), TokenIds.of(corrupted), METRIC);
                })
            .toList();
  }

  String tokens() {
    return pairs.size() + " × " + length;
  }

  /** Attribution by head and position, beside one forward pass of as many prompts. */
  Map<String, Runnable> attribution() {
    List<TokenIds> base = pairs.stream().map(pair -> pair.base(DIRECTION)).toList();
    PatchSweep sweep =
        PatchSweep.of(HookPoints.z(Layers.all()), DIRECTION, Axis.HEAD, Axis.POSITION);
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put("forward pass to the metric", () -> model.forward(base).measure(METRIC));
    variants.put("forward pass to all logits", () -> model.forward(base).execute());
    variants.put(
        "forward pass of both prompts to the metric",
        () -> {
          List<TokenIds> both = new ArrayList<>(base);
          pairs.forEach(pair -> both.add(pair.source(DIRECTION)));
          model.forward(both).measure(METRIC);
        });
    variants.put(
        "forward and backward pass",
        () -> model.forward(base).gradients(METRIC, HookPoints.z(Layers.all())));
    variants.put(
        "attribution of every head and position",
        () -> AttributionPatching.run(model, sweep, pairs, CancellationToken.none()));
    return variants;
  }

  /** The residual stream by layer and position. */
  Map<String, Runnable> streams() {
    HookPointSet<?> points = HookPoints.residPre(Layers.all());
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put(
        "residual stream, a run for each cell",
        () -> {
          ActivationCache source = source(points);
          for (int layer = 0; layer < model.layerCount(); layer++) {
            for (int position = 0; position < length; position++) {
              run(Edits.patchFrom(HookPoints.residPre(layer), source, Selectors.pos(position)));
            }
          }
        });
    batched("residual stream", points, Axis.POSITION, variants);
    return variants;
  }

  /** What heads write, by layer and head. */
  Map<String, Runnable> heads() {
    HookPointSet<?> points = HookPoints.z(Layers.all());
    int heads = model.architecture().config().heads();
    Map<String, Runnable> variants = new LinkedHashMap<>();
    variants.put(
        "heads, a run for each cell",
        () -> {
          ActivationCache source = source(points);
          for (int layer = 0; layer < model.layerCount(); layer++) {
            for (int head = 0; head < heads; head++) {
              run(Edits.patchFrom(HookPoints.z(layer), source, Selectors.head(head)));
            }
          }
        });
    batched("heads", points, Axis.HEAD, variants);
    return variants;
  }

  /** What a sweep's runs are made of besides those of its cells. */
  private ActivationCache source(HookPointSet<?> points) {
    model.forward(base()).measure(METRIC);
    return model
        .forward(pairs.stream().map(pair -> pair.source(DIRECTION)).toList())
        .cache(points)
        .measure(METRIC)
        .cache();
  }

  private List<TokenIds> base() {
    return pairs.stream().map(pair -> pair.base(DIRECTION)).toList();
  }

  private void run(Intervention<?> intervention) {
    model.forward(base()).with(intervention).measure(METRIC);
  }

  private void batched(
      String what, HookPointSet<?> points, Axis axis, Map<String, Runnable> variants) {
    for (int rows : new int[] {1, 8, 32}) {
      PatchSweep sweep =
          new PatchSweep(points, List.of(axis), DIRECTION, rows, Bootstrap.seeded(0));
      variants.put(
          what + ", a sweep of " + rows + (rows == 1 ? " row" : " rows") + " at once",
          () -> ActivationPatching.run(model, sweep, pairs, CancellationToken.none()));
    }
  }
}

package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.api.hook.Values;
import org.apiguardian.api.API;

/**
 * Attribution patching (Nanda 2023; Syed et al. 2023): the first-order estimate of activation
 * patching, {@code sum over the cell of grad_base(metric) * (source - base)}, of all cells at once
 * by one forward pass of the source prompts and one forward and backward pass of the base prompts.
 * Normalised as {@link ActivationPatching} is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AttributionPatching {

  private AttributionPatching() {}

  /**
   * Estimates the effect of every cell of a sweep.
   *
   * @param model the model
   * @param sweep the cells
   * @param pairs the prompts; equally long where cells are positions
   * @param cancellation asks to stop between batches
   * @return the effects; the first axis is the hook points
   * @throws IllegalArgumentException when the model lacks a point, a point an axis, there is no
   *     pair, lengths differ that must not, or clean and corrupted metric are equal
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static PatchGrid run(
      HookedModel model,
      PatchSweep sweep,
      List<ContrastPair> pairs,
      CancellationToken cancellation) {
    List<HookPoint<?>> points = sweep.resolve(model.layerCount());
    PatchTally tally = new PatchTally(pairs.size());
    List<GridAxis> axes = new ArrayList<>();
    for (PairGroups.Group group : PairGroups.of(pairs, sweep.rows(), sweep.byPosition())) {
      GradientResult base =
          model
              .forward(group.base(sweep.direction()))
              .cache(points.toArray(HookPointSet<?>[]::new))
              .gradients(group.metric(), points, cancellation);
      MetricResult source =
          ActivationPatching.measured(
              model, group.source(sweep.direction()), group, points, cancellation);
      tally.ends(group, base.metric(), source.metric());
      int offset = 0;
      for (HookPoint<?> point : points) {
        Values from = base.cache().values(point);
        Cells cells = new Cells(point.kind(), from, sweep.axes());
        if (axes.isEmpty()) {
          axes.add(ActivationPatching.pointAxis(points));
          axes.addAll(cells.axes(sweep.axes()));
        }
        float[] here = from.toArray();
        float[] there = source.cache().values(point).toArray();
        float[] slopes = base.gradients().values(point).toArray();
        for (int pair = 0; pair < group.pairs().size(); pair++) {
          double[] changes = cells.attributed(slopes, here, there, pair);
          for (int cell = 0; cell < changes.length; cell++) {
            tally.changed(offset + cell, group.indices().get(pair), changes[cell]);
          }
        }
        offset += cells.count();
      }
    }
    return tally.grid(
        model.id(),
        "attribution patching",
        sweep.points().toString(),
        sweep.direction(),
        axes,
        sweep.bootstrap());
  }
}

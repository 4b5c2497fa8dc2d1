package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Activation patching (Meng et al. 2022, section 2.1; Wang et al. 2022; Vig et al. 2020): one cell
 * of the base run's activations is overwritten by that of the source run, and the metric measured.
 * Many cells run in one batch: each row has the base run's own activation with its cell
 * overwritten. Layers before a hook point's are not computed again: rows start from the residual
 * stream that the base run had there.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ActivationPatching {

  private ActivationPatching() {}

  /** One run of a batch. */
  private record Job(int pair, int cell) {}

  /**
   * Patches every cell of a sweep, each alone.
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
      MetricResult base =
          measured(model, group.base(sweep.direction()), group, withStreams(points), cancellation);
      MetricResult source =
          measured(model, group.source(sweep.direction()), group, points, cancellation);
      tally.ends(group, base.metric(), source.metric());
      int offset = 0;
      for (HookPoint<?> point : points) {
        Values from = base.cache().values(point);
        Cells cells = new Cells(point.kind(), from, sweep.axes());
        if (axes.isEmpty()) {
          axes.add(pointAxis(points));
          axes.addAll(cells.axes(sweep.axes()));
        }
        patch(
            new Batches(model, sweep, group, stream(point, base.cache()), cancellation),
            point,
            cells,
            from,
            source.cache().values(point),
            base.metric(),
            offset,
            tally);
        offset += cells.count();
      }
    }
    return tally.grid(
        model.id(),
        "activation patching",
        sweep.points().toString(),
        sweep.direction(),
        axes,
        sweep.bootstrap());
  }

  static GridAxis pointAxis(List<HookPoint<?>> points) {
    boolean layered = points.stream().allMatch(point -> point.layer() >= 0);
    return new GridAxis(
        layered ? "layer" : "hook point",
        points.stream()
            .map(point -> layered ? Integer.toString(point.layer()) : point.name())
            .toList());
  }

  static MetricResult measured(
      HookedModel model,
      List<TokenIds> sequences,
      PairGroups.Group group,
      List<? extends HookPointSet<?>> points,
      CancellationToken cancellation) {
    return model
        .forward(sequences)
        .cache(points.toArray(HookPointSet<?>[]::new))
        .measure(group.metric(), cancellation);
  }

  /**
   * The points, and the stream before each point's layer, ahead of what the model itself changes
   * there: a run that starts with it makes those changes again.
   */
  private static List<HookPoint<?>> withStreams(List<HookPoint<?>> points) {
    List<HookPoint<?>> all = new ArrayList<>(points);
    points.stream()
        .filter(point -> point.layer() > 0)
        .forEach(point -> all.add(HookPoints.residPost(point.layer() - 1)));
    return all;
  }

  private static Optional<Values> stream(HookPoint<?> point, ActivationCache base) {
    return point.layer() > 0
        ? Optional.of(base.values(HookPoints.residPost(point.layer() - 1)))
        : Optional.empty();
  }

  private static void patch(
      Batches batches,
      HookPoint<?> point,
      Cells cells,
      Values base,
      Values source,
      double[] baseMetric,
      int offset,
      PatchTally tally) {
    List<Job> jobs = new ArrayList<>();
    for (int cell = 0; cell < cells.count(); cell++) {
      for (int pair = 0; pair < batches.group().pairs().size(); pair++) {
        jobs.add(new Job(pair, cell));
      }
    }
    float[] from = base.toArray();
    float[] to = source.toArray();
    int rows = batches.sweep().rows();
    for (int first = 0; first < jobs.size(); first += rows) {
      List<Job> batch = jobs.subList(first, Math.min(jobs.size(), first + rows));
      float[] patched = new float[batch.size() * cells.width()];
      for (int row = 0; row < batch.size(); row++) {
        cells.overwrite(batch.get(row).cell(), from, to, batch.get(row).pair(), patched, row);
      }
      int[] shape = base.shape();
      shape[0] = batch.size();
      double[] metric = batches.run(point, batch, Values.of(shape, patched));
      for (int row = 0; row < metric.length; row++) {
        Job job = batch.get(row);
        tally.changed(
            offset + job.cell(),
            batches.group().indices().get(job.pair()),
            metric[row] - baseMetric[job.pair()]);
      }
    }
  }

  /**
   * How batches are run.
   *
   * @param stream what comes before the point's layer in the base run, {@code [pair, position,
   *     dModel]}; empty where no layer comes before it
   */
  private record Batches(
      HookedModel model,
      PatchSweep sweep,
      PairGroups.Group group,
      Optional<Values> stream,
      CancellationToken cancellation) {

    double[] run(HookPoint<?> point, List<Job> jobs, Values values) {
      List<ContrastPair> pairs = jobs.stream().map(job -> group.pairs().get(job.pair())).toList();
      LogitMetric metric = LogitMetric.each(pairs.stream().map(ContrastPair::metric).toList());
      ForwardRun run =
          model.forward(pairs.stream().map(pair -> pair.base(sweep.direction())).toList());
      if (stream.isPresent()) {
        run = run.startAtLayer(point.layer(), rows(stream.get(), jobs));
      }
      double[] result =
          run.with(new Intervention<>(point, Selection.ALL, new Edit.Replace(values)))
              .measure(metric, cancellation)
              .metric();
      return Arrays.copyOf(result, jobs.size());
    }

    private static Values rows(Values stream, List<Job> jobs) {
      float[] from = stream.toArray();
      int[] shape = stream.shape();
      int size = from.length / shape[0];
      float[] rows = new float[jobs.size() * size];
      for (int row = 0; row < jobs.size(); row++) {
        System.arraycopy(from, jobs.get(row).pair() * size, rows, row * size, size);
      }
      shape[0] = jobs.size();
      return Values.of(shape, rows);
    }
  }
}

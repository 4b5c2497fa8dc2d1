package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;

/** Some senders of some pairs, one a row. */
final class PathBatch {

  /**
   * A sender.
   *
   * @param pair whose prompts are run, among those of the group
   * @param layer its layer
   * @param head the head
   */
  record Sender(int pair, int layer, int head) {}

  private final PathPatching settings;
  private final DecoderModel model;
  private final List<ContrastPair> pairs;
  private final List<Sender> jobs;
  private final ActivationCache base;
  private final ActivationCache source;
  private final CancellationToken cancellation;
  private final int length;
  private final int width;

  PathBatch(
      PathPatching settings,
      DecoderModel model,
      PairGroups.Group group,
      List<Sender> jobs,
      ActivationCache base,
      ActivationCache source,
      CancellationToken cancellation) {
    this.settings = settings;
    this.model = model;
    this.pairs = jobs.stream().map(job -> group.pairs().get(job.pair())).toList();
    this.jobs = jobs;
    this.base = base;
    this.source = source;
    this.cancellation = cancellation;
    this.length = pairs.get(0).length();
    this.width = model.architecture().config().hiddenSize();
  }

  double[] run() {
    List<Intervention<?>> edits = new ArrayList<>();
    int layers = model.layerCount();
    for (int layer = 1; layer < layers; layer++) {
      for (HeadPath.Port port : HeadPath.Port.values()) {
        int number = layer;
        int[] heads =
            settings.receivers().stream()
                .filter(r -> r.layer() == number && r.port() == port)
                .mapToInt(HeadPath::head)
                .distinct()
                .toArray();
        if (heads.length > 0) {
          edits.add(edit(port, layer, heads));
        }
      }
    }
    LogitMetric metric = LogitMetric.each(pairs.stream().map(ContrastPair::metric).toList());
    return model
        .forward(pairs.stream().map(pair -> pair.base(settings.direction())).toList())
        .with(edits)
        .measure(metric, cancellation)
        .metric();
  }

  private Intervention<?> edit(HeadPath.Port port, int layer, int[] heads) {
    if (settings.norm() == PathPatching.NormForm.RECOMPUTED) {
      Values change = Values.of(new int[] {jobs.size(), length, 1, width}, changes(layer));
      return PathEdits.add(PathEdits.input(port, layer), change, heads);
    }
    HookPoint<?> point = PathEdits.projected(port, layer);
    return PathEdits.add(point, projectedChange(point, layer), heads);
  }

  /** What the senders change in the stream that a layer reads, {@code [row, position, dModel]}. */
  private float[] changes(int layer) {
    float[] changes = new float[jobs.size() * length * width];
    int[] layers =
        jobs.stream().mapToInt(Sender::layer).distinct().filter(l -> l < layer).toArray();
    for (int sending : layers) {
      float[] from = base.values(HookPoints.result(sending)).toArray();
      float[] to = source.values(HookPoints.result(sending)).toArray();
      int heads = from.length / (base.tokens().size() * length * width);
      for (int row = 0; row < jobs.size(); row++) {
        Sender job = jobs.get(row);
        if (job.layer() == sending) {
          for (int p = 0; p < length; p++) {
            int at = ((job.pair() * length + p) * heads + job.head()) * width;
            for (int i = 0; i < width; i++) {
              changes[(row * length + p) * width + i] = to[at + i] - from[at + i];
            }
          }
        }
      }
    }
    return changes;
  }

  /**
   * Queries, keys and values are affine in the normalised stream, so the model itself projects the
   * change: it is added there, and what it adds to the projection read.
   */
  private Values projectedChange(HookPoint<?> point, int layer) {
    DecoderConfig config = model.architecture().config();
    float[] scales = base.values(HookPoints.ln1Scale(layer)).toArray();
    float[] normalised = changes(layer);
    boolean centres = config.norm() == DecoderConfig.Norm.LAYER_NORM;
    for (int row = 0; row < jobs.size(); row++) {
      for (int p = 0; p < length; p++) {
        float scale = scales[jobs.get(row).pair() * length + p];
        PathEdits.normalise(normalised, (row * length + p) * width, width, scale, centres);
      }
    }
    Values added = Values.of(new int[] {jobs.size(), length, width}, normalised);
    ForwardRun run =
        model
            .forward(pairs.stream().map(pair -> pair.base(settings.direction())).toList())
            .with(PathEdits.add(HookPoints.ln1Normalized(layer), added))
            .cache((HookPointSet<?>) point);
    if (layer + 1 < config.layers()) {
      run = run.stopAtLayer(layer + 1);
    }
    Values after = run.execute(cancellation).cache().values(point);
    float[] change = after.toArray();
    float[] before = base.values(point).toArray();
    int size = change.length / jobs.size();
    IntStream.range(0, change.length)
        .forEach(i -> change[i] -= before[jobs.get(i / size).pair() * size + i % size]);
    return Values.of(Arrays.copyOf(after.shape(), after.rank()), change);
  }
}

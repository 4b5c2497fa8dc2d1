package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.apiguardian.api.API;

/**
 * Direct path patching (Wang et al. 2022, appendix B): what a sending head writes into the residual
 * stream is taken from the source run in the inputs of receiving heads, and nowhere else. The
 * change is {@code result_source - result_base} of the sender; senders in a receiver's layer or
 * later change nothing there.
 *
 * @param receivers the receiving inputs, all patched together; at least one
 * @param norm what the receivers' norm does with the change
 * @param direction what is patched into what
 * @param rows how many sequences are run at once, at least 1
 * @param bootstrap the intervals of the effects
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PathPatching(
    List<HeadPath> receivers,
    NormForm norm,
    PatchDirection direction,
    int rows,
    Bootstrap bootstrap) {

  /** What the norm before a receiver does with a change of the stream. */
  public enum NormForm {
    /** The receiver normalises its changed input anew: exact. */
    RECOMPUTED,
    /**
     * The change is divided by the scale of the base run ({@code ln1.hook_scale}), centred where
     * the norm centres, and projected: linear in the change.
     */
    FROZEN_SCALE
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no receiver, or rows are not positive
   */
  public PathPatching {
    receivers = List.copyOf(receivers);
    Objects.requireNonNull(norm, "norm");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(bootstrap, "bootstrap");
    if (receivers.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one receiver");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be positive but was " + rows);
    }
  }

  /**
   * Patches the paths of every head of the model, each head alone.
   *
   * @param model the model
   * @param pairs the prompts
   * @param cancellation asks to stop between batches
   * @return the effects by sending layer and head
   * @throws IllegalArgumentException when the model lacks a receiver, adds norms of what heads
   *     write, there is no pair, or clean and corrupted metric are equal
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public PatchGrid run(
      DecoderModel model, List<ContrastPair> pairs, CancellationToken cancellation) {
    DecoderConfig config = model.architecture().config();
    requireFit(config);
    int last = receivers.stream().mapToInt(HeadPath::layer).max().orElseThrow();
    if (last == 0) {
      throw new IllegalArgumentException(
          "a receiver must have heads in layers before its own but all are in layer 0: "
              + receivers);
    }
    PatchTally tally = new PatchTally(pairs.size());
    for (PairGroups.Group group : PairGroups.of(pairs, rows, false)) {
      List<HookPoint<?>> points = read(last);
      MetricResult base =
          ActivationPatching.measured(model, group.base(direction), group, points, cancellation);
      MetricResult source =
          ActivationPatching.measured(model, group.source(direction), group, points, cancellation);
      tally.ends(group, base.metric(), source.metric());
      List<PathBatch.Sender> jobs = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        for (int head = 0; head < config.heads(); head++) {
          for (int pair = 0; pair < group.pairs().size(); pair++) {
            if (layer < last) {
              jobs.add(new PathBatch.Sender(pair, layer, head));
            }
            tally.changed(layer * config.heads() + head, group.indices().get(pair), 0);
          }
        }
      }
      for (int from = 0; from < jobs.size(); from += rows) {
        List<PathBatch.Sender> batch = jobs.subList(from, Math.min(jobs.size(), from + rows));
        double[] metric =
            new PathBatch(this, model, group, batch, base.cache(), source.cache(), cancellation)
                .run();
        for (int row = 0; row < batch.size(); row++) {
          PathBatch.Sender job = batch.get(row);
          tally.changed(
              job.layer() * config.heads() + job.head(),
              group.indices().get(job.pair()),
              metric[row] - base.metric()[job.pair()]);
        }
      }
    }
    return tally.grid(
        model.id(),
        "direct path patching (" + norm + ")",
        receivers.stream().map(HeadPath::toString).collect(Collectors.joining(", ")),
        direction,
        List.of(
            GridAxis.numbered("layer", config.layers()), GridAxis.numbered("head", config.heads())),
        bootstrap);
  }

  private void requireFit(DecoderConfig config) {
    NormPlacement placement = config.variations().normPlacement();
    if (placement != NormPlacement.BEFORE && placement != NormPlacement.SHARED) {
      throw new IllegalArgumentException(
          "path patching needs a residual stream to which heads add what they write but a "
              + config.modelType()
              + " model normalises it on the way: "
              + placement);
    }
    for (HeadPath receiver : receivers) {
      int heads = receiver.port() == HeadPath.Port.QUERY ? config.heads() : config.kvHeads();
      if (receiver.layer() >= config.layers() || receiver.head() >= heads) {
        throw new IllegalArgumentException(
            "receivers must be of the model's "
                + config.layers()
                + " layers of "
                + heads
                + " heads but one was "
                + receiver);
      }
    }
  }

  private List<HookPoint<?>> read(int last) {
    List<HookPoint<?>> points = new ArrayList<>();
    for (int layer = 0; layer < last; layer++) {
      points.add(HookPoints.result(layer));
    }
    if (points.isEmpty()) {
      points.add(HookPoints.result(0));
    }
    if (norm == NormForm.FROZEN_SCALE) {
      for (HeadPath receiver : receivers) {
        points.add(HookPoints.ln1Scale(receiver.layer()));
        points.add(PathEdits.projected(receiver.port(), receiver.layer()));
      }
    }
    return points.stream().distinct().toList();
  }
}

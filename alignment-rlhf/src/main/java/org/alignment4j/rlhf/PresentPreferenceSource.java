package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.ReferenceParameters;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.UpdateSource;
import org.jspecify.annotations.Nullable;

/**
 * The updates of a preference run whose reference follows the model or whose pairs are weighed by
 * it. Owned by one run.
 */
final class PresentPreferenceSource implements UpdateSource {
  private static final String MOVED = "reference_moved";

  private final PreferenceSource data;
  private final @Nullable ReferenceSync sync;
  private final PairWeighting weighting;
  private @Nullable ReferenceParameters reference;
  private long moved;

  PresentPreferenceSource(
      PreferenceSource data, @Nullable ReferenceSync sync, PairWeighting weighting) {
    this.data = data;
    this.sync = sync;
    this.weighting = weighting;
  }

  @Override
  public long steps() {
    return data.steps();
  }

  @Override
  public void begin(PresentModel model) {
    reference = sync == null ? null : ReferenceParameters.of(model);
  }

  @Override
  public Update at(long step, PresentModel model) {
    PresentPairWeights weights = new PresentPairWeights();
    List<MicroBatch> batches = new ArrayList<>();
    for (PreferenceRows.Batch batch : batches(step)) {
      batches.add(
          weighting == PairWeighting.EQUAL ? batch.batch() : weights.weighted(batch, model));
    }
    return new Update(batches, measured -> report(measured, weights));
  }

  private Map<String, Double> report(Map<String, Double> measured, PresentPairWeights weights) {
    if (weighting == PairWeighting.EQUAL) {
      return measured;
    }
    Map<String, Double> reported = new LinkedHashMap<>(measured);
    reported.put("pair_weights", weights.mean());
    return reported;
  }

  private List<PreferenceRows.Batch> batches(long step) {
    if (sync == null) {
      return data.batches(step);
    }
    ReferenceParameters frozen = Objects.requireNonNull(reference);
    // A step that is made again after it was interrupted must not move the reference twice.
    if (step > 1 && (step - 1) % sync.every() == 0 && moved < step - 1) {
      frozen.moveTo(sync.share());
      moved = step - 1;
    }
    List<PreferenceExample> examples =
        data.epochs().batch(step).stream().map(data.examples()::get).toList();
    AnswerLogProbs scores =
        AnswerLogProbs.of(frozen::labels, examples, data.plan(), CancellationToken.none());
    List<PreferenceRows.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      pairs.add(scores.pair(i, examples.get(i)));
    }
    return PreferenceRows.microBatches(pairs, data.plan(), data.inputs());
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(data.description());
    if (sync != null) {
      description.put("reference_sync", sync.toString());
    }
    description.put("pair_weighting", weighting.toString());
    return description;
  }

  @Override
  public Map<String, String> state() {
    return sync == null ? Map.of() : Map.of(MOVED, Long.toString(moved));
  }

  @Override
  public List<StateTensor> tensors() {
    return reference == null ? List.of() : reference.state();
  }

  @Override
  public void resume(Map<String, String> state) {
    moved = Long.parseLong(state.getOrDefault(MOVED, "0"));
  }
}

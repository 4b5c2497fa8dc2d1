package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.JudgedSequence;
import org.alignment4j.rlhf.loss.SoftLabelLoss;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.MicroBatchSource;

/**
 * The updates of a run over soft labels, each one run of the graph, with the confidence of each.
 *
 * @param rows the sequences of each update
 * @param loss says how confident it is at which update
 */
record SoftLabelSource(JudgedSource rows, SoftLabelLoss loss) implements MicroBatchSource {

  /** Input with the confidence of the update, {@code [rows]}. */
  static final String CONFIDENCE = "confidence";

  static SoftLabelSource of(
      List<JudgedSequence> sequences, SoftLabelLoss loss, FineTuningOptions o) {
    return new SoftLabelSource(
        new JudgedSource(
            sequences,
            RowPlans.ofWholeUpdates(sequences, o.batchSize()),
            new Epochs(sequences.size(), o.batchSize(), o.epochs(), o.seed())),
        loss);
  }

  @Override
  public long steps() {
    return rows.steps();
  }

  @Override
  public List<MicroBatch> at(long step) {
    float confidence = (float) loss.confidence((step - 1) / (double) steps());
    return rows.at(step).stream().map(batch -> with(batch, confidence)).toList();
  }

  private static MicroBatch with(MicroBatch batch, float confidence) {
    float[] values = new float[batch.rows().length];
    Arrays.fill(values, confidence);
    Map<String, FloatInput> inputs = new LinkedHashMap<>(batch.inputs());
    inputs.put(CONFIDENCE, new FloatInput(values, values.length));
    return new MicroBatch(batch.tokens(), batch.rows(), batch.labels(), inputs);
  }

  @Override
  public Map<String, String> description() {
    return rows.description();
  }
}

package org.alignment4j.interp.feature.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeConfig;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;

/** Makes of trained parameters what is used: a batch's selection becomes a threshold. */
final class SaeExport {
  private SaeExport() {}

  /**
   * Exports a copy.
   *
   * @param threshold of a selection over batches, in numbers that it compared
   * @param inputScale what inputs were multiplied by; folded
   */
  static SparseAutoencoder of(
      SaeDesign design, FlatParameters parameters, double threshold, double inputScale) {
    Map<String, Values> tensors = new LinkedHashMap<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      tensors.put(slot.name(), values(slot, SaeParameters.array(parameters, slot.name())));
    }
    Values logarithms = tensors.remove(SaeParameters.LOG_THRESHOLD);
    if (logarithms != null) {
      float[] thresholds = logarithms.toArray();
      for (int j = 0; j < thresholds.length; j++) {
        thresholds[j] = (float) Math.exp(thresholds[j]);
      }
      tensors.put(SaeTensors.THRESHOLD, Values.vector(thresholds));
    }
    SparseAutoencoder sae =
        selectsOverBatch(design.variant())
            ? thresholded(design, tensors, threshold)
            : SparseAutoencoder.of(design.inference(), tensors);
    return inputScale == 1 && !scalesInputs(design) ? sae : sae.foldInputScale(inputScale);
  }

  private static boolean scalesInputs(SaeDesign design) {
    return design.normalisation() == InputNormalisation.EXPECTED_AVERAGE_ONLY_IN;
  }

  private static boolean selectsOverBatch(SaeVariant variant) {
    return variant instanceof SaeVariant.BatchTopK || variant instanceof SaeVariant.Matryoshka;
  }

  /** The threshold is of numbers multiplied by the decoder's norms, which are folded first. */
  private static SparseAutoencoder thresholded(
      SaeDesign design, Map<String, Values> tensors, double threshold) {
    SaeVariant.BatchTopK selection =
        design.variant() instanceof SaeVariant.Matryoshka nested
            ? nested.selection()
            : (SaeVariant.BatchTopK) design.variant();
    SaeConfig config = design.inference();
    tensors.put(SaeTensors.THRESHOLD, Values.vector(new float[design.width()]));
    SparseAutoencoder sae = SparseAutoencoder.of(config, tensors);
    SparseAutoencoder comparable = selection.rescaledByDecoderNorm() ? sae.foldDecoderNorm() : sae;
    float[] thresholds = new float[design.width()];
    Arrays.fill(thresholds, (float) threshold);
    Map<String, Values> all = new LinkedHashMap<>(comparable.tensors());
    all.put(SaeTensors.THRESHOLD, Values.vector(thresholds));
    return SparseAutoencoder.of(config, all);
  }

  private static Values values(FlatLayout.Slot slot, float[] data) {
    List<Integer> shape = slot.shape();
    return Values.of(shape.stream().mapToInt(Integer::intValue).toArray(), data);
  }
}

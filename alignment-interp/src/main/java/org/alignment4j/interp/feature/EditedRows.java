package org.alignment4j.interp.feature;

import java.util.List;

/** Adds to each row what its changed features change in the reconstruction. */
final class EditedRows implements FeatureInterventions.RowFunction {
  private final SparseAutoencoder sae;
  private final List<FeatureEdit> edits;
  private final List<float[]> directions;

  EditedRows(SparseAutoencoder sae, List<FeatureEdit> edits) {
    this.sae = sae;
    this.edits = edits;
    this.directions = edits.stream().map(edit -> sae.direction(edit.feature()).toArray()).toList();
  }

  @Override
  public float[] apply(float[] rows) {
    SaeConfig config = sae.config();
    int d = config.inputSize();
    float[] features = sae.features(rows);
    RowScales scales = config.normalisation().normalise(rows.clone(), d);
    float[] changed = rows.clone();
    for (int e = 0; e < edits.size(); e++) {
      FeatureEdit edit = edits.get(e);
      float[] direction = directions.get(e);
      for (int row = 0; row < rows.length / d; row++) {
        float before = features[row * config.width() + edit.feature()];
        float difference = (edit.apply(before) - before) * scales.scales()[row];
        if (difference != 0) {
          for (int i = 0; i < d; i++) {
            changed[row * d + i] += difference * direction[i];
          }
        }
      }
    }
    return changed;
  }
}

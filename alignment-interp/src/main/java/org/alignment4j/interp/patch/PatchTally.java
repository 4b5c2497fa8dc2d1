package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;

/** Collects what patching changed, by cell and pair. */
final class PatchTally {

  private final double[] base;
  private final double[] source;
  private final List<double[]> changes = new ArrayList<>();

  PatchTally(int pairs) {
    base = new double[pairs];
    source = new double[pairs];
  }

  void ends(PairGroups.Group group, double[] baseMetric, double[] sourceMetric) {
    for (int i = 0; i < group.indices().size(); i++) {
      base[group.indices().get(i)] = baseMetric[i];
      source[group.indices().get(i)] = sourceMetric[i];
    }
  }

  void changed(int cell, int pair, double change) {
    while (changes.size() <= cell) {
      changes.add(new double[base.length]);
    }
    changes.get(cell)[pair] = change;
  }

  /** Checks what {@link PatchEffects#requireContrast} does. */
  void requireContrast() {
    PatchEffects.requireContrast(source, base);
  }

  PatchGrid grid(
      String modelId,
      String method,
      String hook,
      PatchDirection direction,
      List<GridAxis> axes,
      Bootstrap bootstrap) {
    requireContrast();
    double[] range = PatchEffects.differences(source, base);
    List<Estimate> effects =
        bootstrap.ratios(changes, range).stream().map(Bootstrap.Result::estimate).toList();
    boolean denoising = direction == PatchDirection.DENOISING;
    return new PatchGrid(
        modelId,
        method,
        hook,
        direction,
        axes,
        effects,
        Estimates.mean(denoising ? source : base, bootstrap.confidence()),
        Estimates.mean(denoising ? base : source, bootstrap.confidence()));
  }
}

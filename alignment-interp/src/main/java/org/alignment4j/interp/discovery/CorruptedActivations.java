package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.patch.ContrastPair;

/** What edges outside a circuit carry, by pair: {@code [position, source, dModel]}. */
final class CorruptedActivations {

  private CorruptedActivations() {}

  static List<float[]> of(
      CircuitEngine engine,
      List<ContrastPair> pairs,
      Corruption corruption,
      int rows,
      CancellationToken cancellation) {
    if (corruption == Corruption.ZERO) {
      return pairs.stream().map(pair -> new float[pair.length() * engine.positionSize()]).toList();
    }
    List<float[]> own =
        sources(engine, pairs.stream().map(ContrastPair::corrupted).toList(), rows, cancellation);
    return switch (corruption) {
      case MEAN -> mean(engine, own);
      case MEAN_BY_POSITION -> meanByPosition(own);
      default -> own;
    };
  }

  static List<float[]> sources(
      CircuitEngine engine, List<TokenIds> sequences, int rows, CancellationToken cancellation) {
    List<float[]> all = new ArrayList<>();
    for (int from = 0; from < sequences.size(); from += rows) {
      cancellation.throwIfCancelled("the runs of a circuit");
      all.addAll(engine.sources(sequences.subList(from, Math.min(sequences.size(), from + rows))));
    }
    return all;
  }

  private static List<float[]> mean(CircuitEngine engine, List<float[]> own) {
    int size = engine.positionSize();
    double[] sums = new double[size];
    long positions = 0;
    for (float[] activations : own) {
      for (int i = 0; i < activations.length; i++) {
        sums[i % size] += activations[i];
      }
      positions += activations.length / size;
    }
    List<float[]> means = new ArrayList<>();
    for (float[] activations : own) {
      float[] mean = new float[activations.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) (sums[i % size] / positions);
      }
      means.add(mean);
    }
    return means;
  }

  private static List<float[]> meanByPosition(List<float[]> own) {
    double[] sums = new double[own.get(0).length];
    for (float[] activations : own) {
      if (activations.length != sums.length) {
        throw new IllegalArgumentException(
            "pairs must have equally many tokens for a mean by position; choose pairs of one"
                + " length, or "
                + Corruption.MEAN);
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += activations[i];
      }
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / own.size());
    }
    return Collections.nCopies(own.size(), mean);
  }
}

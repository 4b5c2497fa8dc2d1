package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.provenance.ContentHash;

/** Chooses whole clusters of a benchmark within a limit of samples. */
final class ClusterDraw {

  private ClusterDraw() {}

  /**
   * Takes clusters, the first ones or in a random order, until the next one would go beyond the
   * limit.
   *
   * @return the places of their samples
   * @throws IllegalArgumentException if not even one cluster fits
   */
  static BitSet of(Benchmark benchmark, long limit, OptionalLong seed) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    try (Stream<Sample> all = benchmark.samples()) {
      all.forEachOrdered(sample -> sizes.merge(sample.cluster(), 1, Integer::sum));
    }
    List<String> order = new ArrayList<>(sizes.keySet());
    if (seed.isPresent()) {
      order.sort(
          Comparator.comparing(cluster -> ContentHash.of(seed.getAsLong() + "\n" + cluster).hex()));
    }
    Set<String> taken = new HashSet<>();
    long count = 0;
    for (String cluster : order) {
      count += sizes.getOrDefault(cluster, 0);
      if (count > limit) {
        break;
      }
      taken.add(cluster);
    }
    if (taken.isEmpty() && !order.isEmpty()) {
      throw new IllegalArgumentException(
          "limit must leave room for a whole cluster of benchmark '"
              + benchmark.name()
              + "', whose samples count only together ("
              + count
              + " samples), but was "
              + limit);
    }
    return places(benchmark, taken);
  }

  private static BitSet places(Benchmark benchmark, Set<String> clusters) {
    BitSet places = new BitSet();
    try (Stream<Sample> all = benchmark.samples()) {
      int place = 0;
      for (Iterator<Sample> samples = all.iterator(); samples.hasNext(); place++) {
        if (clusters.contains(samples.next().cluster())) {
          places.set(place);
        }
      }
    }
    return places;
  }
}

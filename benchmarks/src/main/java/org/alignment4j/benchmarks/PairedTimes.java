package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Milliseconds of variants that took turns, so that those of one round met the same machine.
 *
 * @param millis of every variant, rounds in order
 */
record PairedTimes(Map<String, List<Double>> millis) {

  private static final double MILLIS = 1e6;

  /** Runs every variant once a round; each round begins with another one. */
  static PairedTimes measure(Map<String, Runnable> variants, int warmUp, int rounds) {
    PairedTimes times = new PairedTimes(new LinkedHashMap<>());
    List<Map.Entry<String, Runnable>> order = new ArrayList<>(variants.entrySet());
    order.forEach(variant -> times.millis.put(variant.getKey(), new ArrayList<>()));
    for (int round = -warmUp; round < rounds; round++) {
      for (int i = 0; i < order.size(); i++) {
        Map.Entry<String, Runnable> variant = order.get(Math.floorMod(i + round, order.size()));
        long start = System.nanoTime();
        variant.getValue().run();
        double time = (System.nanoTime() - start) / MILLIS;
        if (round >= 0) {
          times.all(variant.getKey()).add(time);
        }
      }
    }
    return times;
  }

  private List<Double> all(String variant) {
    return Objects.requireNonNull(millis.get(variant), variant);
  }

  Spread of(String variant) {
    return Spread.of(all(variant));
  }

  /** Ratios of times of the same round. */
  Spread ratio(String variant, String baseline) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < all(variant).size(); i++) {
      ratios.add(all(variant).get(i) / all(baseline).get(i));
    }
    return Spread.of(ratios);
  }
}

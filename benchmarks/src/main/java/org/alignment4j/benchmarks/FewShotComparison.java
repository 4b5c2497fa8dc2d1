package org.alignment4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Ways to score the same few-shot files, in turn; every round has a file of its own, so that
 * nothing is left over from the last one.
 *
 * @param questions of a file
 * @param rounds that count, after one that does not
 */
record FewShotComparison(int questions, int rounds) {

  private static final int WARM_UP = 1;
  private static final double MILLIS = 1000;

  static FewShotComparison parse(String[] args) {
    return new FewShotComparison(
        args.length > 0 ? Integer.parseInt(args[0]) : 32,
        args.length > 1 ? Integer.parseInt(args[1]) : 5);
  }

  /**
   * Prints rows of a Markdown table: way, milliseconds of a file and questions a second (medians
   * and ranges), how many times the first way is faster in the same round, and the greatest
   * difference of a log-probability of the last file to it.
   *
   * @param ways by what tables call them; each gives the log-probability of every choice
   */
  void run(Map<String, Function<FewShotFile, List<Double>>> ways) {
    Map<String, List<Double>> last = new LinkedHashMap<>();
    Map<String, Runnable> variants = new LinkedHashMap<>();
    ways.forEach(
        (name, way) -> {
          AtomicInteger round = new AtomicInteger();
          variants.put(
              name,
              () -> last.put(name, way.apply(FewShotFile.of(questions, round.getAndIncrement()))));
        });
    PairedTimes times = PairedTimes.measure(variants, WARM_UP, rounds);
    String first = ways.keySet().iterator().next();
    for (String name : ways.keySet()) {
      boolean other = !name.equals(first);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.2f | %s | %s |%n",
          name,
          times.of(name).text(0),
          questions * MILLIS / times.of(name).median(),
          other ? times.ratio(name, first).text(2) : "–",
          other ? difference(last, first, name) : "–");
    }
  }

  private static String difference(Map<String, List<Double>> last, String first, String name) {
    List<Double> a = last.getOrDefault(first, List.of());
    List<Double> b = last.getOrDefault(name, List.of());
    double greatest = a.size() == b.size() ? 0 : Double.NaN;
    for (int i = 0; i < a.size() && i < b.size(); i++) {
      greatest = Math.max(greatest, Math.abs(a.get(i) - b.get(i)));
    }
    return String.format(Locale.ROOT, "%.1e", greatest);
  }
}

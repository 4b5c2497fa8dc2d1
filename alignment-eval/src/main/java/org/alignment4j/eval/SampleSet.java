package org.alignment4j.eval;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * Which samples of a benchmark are run: all, the first, or ones drawn at random. Samples are read
 * from the benchmark each time and never kept.
 */
final class SampleSet {
  private final Benchmark benchmark;

  /** Which samples were drawn, by their place; null when they are the first ones. */
  private final @Nullable BitSet drawn;

  private final long size;
  private final ContentHash hash;

  /** How often each sample is run; null when it is run once. */
  private final @Nullable Epochs epochs;

  private SampleSet(
      Benchmark benchmark,
      @Nullable BitSet drawn,
      long size,
      ContentHash hash,
      @Nullable Epochs epochs) {
    this.benchmark = benchmark;
    this.drawn = drawn;
    this.size = size;
    this.hash = hash;
    this.epochs = epochs;
  }

  /** The same samples, each of them several times; limits and draws are of samples. */
  SampleSet repeated(Epochs times) {
    return new SampleSet(benchmark, drawn, size, hash, times);
  }

  /**
   * Reads the samples once, to choose, count and check them.
   *
   * @param limit most samples to run
   * @param seed seed of the draw; empty to take the first ones
   * @throws DataFormatException if there is no sample, an id occurs twice, or the data breaks its
   *     format
   * @throws IllegalArgumentException if the limit has no room for a whole cluster of a benchmark
   *     that needs them whole
   */
  static SampleSet of(Benchmark benchmark, OptionalLong limit, OptionalLong seed) {
    BitSet drawn = drawn(benchmark, limit, seed);
    SampleDigest digest = new SampleDigest();
    Set<String> ids = new HashSet<>();
    try (Stream<Sample> all = benchmark.samples()) {
      Iterator<Sample> samples = all.iterator();
      long most = drawn == null ? limit.orElse(Long.MAX_VALUE) : drawn.cardinality();
      for (int place = 0; ids.size() < most && samples.hasNext(); place++) {
        Sample sample = samples.next();
        if (drawn != null && !drawn.get(place)) {
          continue;
        }
        if (!ids.add(sample.id())) {
          throw new DataFormatException(
              benchmark.name(),
              0,
              "id",
              "a sample's id must occur once but '"
                  + sample.id()
                  + "' occurs again; remove the duplicate or give ids of their own");
        }
        digest.add(sample);
      }
    }
    if (ids.isEmpty()) {
      throw new DataFormatException(
          benchmark.name(),
          0,
          null,
          "a benchmark must have at least one sample but has none; check its data file");
    }
    return new SampleSet(benchmark, drawn, ids.size(), digest.hash(), null);
  }

  private static @Nullable BitSet drawn(
      Benchmark benchmark, OptionalLong limit, OptionalLong seed) {
    if (limit.isPresent() && benchmark.wholeClusters()) {
      return ClusterDraw.of(benchmark, limit.getAsLong(), seed);
    }
    return limit.isPresent() && seed.isPresent()
        ? draw(benchmark, limit.getAsLong(), seed.getAsLong())
        : null;
  }

  /** The samples with the smallest random numbers, each a function of seed and id alone. */
  private static BitSet draw(Benchmark benchmark, long limit, long seed) {
    record Ticket(String number, int place) {}

    PriorityQueue<Ticket> least =
        new PriorityQueue<>(
            Comparator.comparing(Ticket::number).thenComparing(Ticket::place).reversed());
    try (Stream<Sample> all = benchmark.samples()) {
      int place = 0;
      for (Iterator<Sample> samples = all.iterator(); samples.hasNext(); place++) {
        String id = samples.next().id();
        least.add(new Ticket(ContentHash.of(seed + "\n" + id).hex(), place));
        if (least.size() > limit) {
          least.remove();
        }
      }
    }
    BitSet drawn = new BitSet();
    least.forEach(ticket -> drawn.set(ticket.place()));
    return drawn;
  }

  /** The benchmark that is run. */
  Benchmark benchmark() {
    return epochs == null ? benchmark : new RepeatedBenchmark(benchmark, epochs);
  }

  long size() {
    return epochs == null ? size : size * epochs.count();
  }

  /** Hash of the samples that are run, in order, each of them once. */
  ContentHash hash() {
    return hash;
  }

  /** Opens the samples that are run, in order; to be closed. */
  Reader open() {
    return new Reader();
  }

  /** One walk over the samples; refuses data that changed since the set was made. */
  final class Reader implements Iterator<Sample>, AutoCloseable {
    private final Stream<Sample> all = benchmark.samples();
    private final Iterator<Sample> samples = all.iterator();
    private final SampleDigest digest = new SampleDigest();
    private final Deque<Sample> repeats = new ArrayDeque<>();
    private int place;
    private long given;

    @Override
    public boolean hasNext() {
      return !repeats.isEmpty() || given < size;
    }

    @Override
    public Sample next() {
      if (epochs != null) {
        if (repeats.isEmpty()) {
          repeats.addAll(epochs.of(nextOfBenchmark()));
        }
        return repeats.remove();
      }
      return nextOfBenchmark();
    }

    private Sample nextOfBenchmark() {
      Sample sample = advance();
      while (drawn != null && !drawn.get(place - 1)) {
        sample = advance();
      }
      digest.add(sample);
      given++;
      if (given == size && !digest.hash().equals(hash)) {
        throw changed();
      }
      return sample;
    }

    private Sample advance() {
      if (!samples.hasNext()) {
        throw changed();
      }
      place++;
      return samples.next();
    }

    private IllegalStateException changed() {
      return new IllegalStateException(
          "the samples of benchmark '"
              + benchmark.name()
              + "' must be the same each time they are read but have changed during the run; give"
              + " them in a fixed order and leave the data file as it is");
    }

    @Override
    public void close() {
      all.close();
    }
  }
}

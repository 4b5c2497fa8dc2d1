package org.alignment4j.runtime.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.alignment4j.api.AlignmentException;
import org.jspecify.annotations.Nullable;

/**
 * Feeds damaged files to a loader. Each must be loaded or refused with an {@link
 * AlignmentException} that has a message, within a time and with heap in proportion to its size. A
 * failure names the seed and where the input was kept; after a crash of the process the input is
 * the file of the loader's folder.
 */
final class Fuzzing {

  /** Reads a file; returns when it is valid. */
  @FunctionalInterface
  interface Loader {
    void load(Path file) throws Exception;
  }

  /** What became of the inputs. */
  record Outcome(long loaded, long refused, long mostAllocated) {}

  private static final Path KEPT = Path.of("target", "fuzz");
  private static final long FEW = 300;
  private static final long MANY = 100_000;
  private static final long FIRST_OF_MANY = 1_000_000;
  private static final long POLL_MILLIS = 50;
  private static final long WALL_SECONDS = 300;

  private final String name;
  private final Path file;
  private final List<byte[]> valid;
  private final LongFunction<byte[]> inputs;
  private final Loader loader;
  private final long heapBase;
  private final long heapFactor;
  private final long cpuSeconds;

  /**
   * A campaign.
   *
   * @param file where inputs are written to be loaded
   * @param valid files to start from, each of which must load
   * @param words pieces of the file's language; may be empty
   * @param heapBase bytes that a load may take whatever the size of the file
   * @param heapFactor bytes that a load may take for each byte of the file
   * @param cpuSeconds processor time of one load
   */
  Fuzzing(
      Path file,
      List<byte[]> valid,
      List<String> words,
      long heapBase,
      long heapFactor,
      long cpuSeconds,
      Loader loader) {
    this(file, valid, new Mutator(valid, words)::input, heapBase, heapFactor, cpuSeconds, loader);
  }

  /**
   * A campaign of inputs that are damaged in ways of their own.
   *
   * @param file where inputs are written to be loaded
   * @param valid files that must load
   * @param inputs gives the damaged file of a seed
   * @param heapBase bytes that a load may take whatever the size of the file
   * @param heapFactor bytes that a load may take for each byte of the file
   * @param cpuSeconds processor time of one load
   */
  Fuzzing(
      Path file,
      List<byte[]> valid,
      LongFunction<byte[]> inputs,
      long heapBase,
      long heapFactor,
      long cpuSeconds,
      Loader loader) {
    this.name = String.valueOf(file.getFileName());
    this.file = file;
    this.valid = List.copyOf(valid);
    this.inputs = inputs;
    this.loader = loader;
    this.heapBase = heapBase;
    this.heapFactor = heapFactor;
    this.cpuSeconds = cpuSeconds;
  }

  /** A few hundred inputs, after the valid ones. */
  Outcome few() {
    return few(1);
  }

  /** The part of {@link #few} of one among several campaigns. */
  Outcome few(int campaigns) {
    return run(0, FEW / campaigns);
  }

  /** A hundred thousand inputs, others than those of {@link #few}. */
  Outcome many() {
    return many(1);
  }

  /** The part of {@link #many} of one among several campaigns. */
  Outcome many(int campaigns) {
    return run(FIRST_OF_MANY, (Long.getLong("fuzz.inputs", MANY) + campaigns - 1) / campaigns);
  }

  private Outcome run(long first, long count) {
    Campaign campaign = new Campaign(first, count);
    Thread worker = new Thread(campaign, "fuzz " + name);
    worker.setDaemon(true);
    worker.start();
    watch(worker, campaign);
    String failure = campaign.failure;
    if (failure != null) {
      throw new AssertionError(failure);
    }
    Outcome outcome = new Outcome(campaign.loaded, campaign.refused, campaign.mostAllocated);
    System.out.println(
        "fuzz " + name + ": " + count + " inputs, " + outcome + ", " + campaign.reasons);
    return outcome;
  }

  private void watch(Thread worker, Campaign campaign) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long seen = Long.MIN_VALUE;
    long cpu = 0;
    long wall = System.nanoTime();
    while (worker.isAlive()) {
      try {
        worker.join(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      long spent = threads.getThreadCpuTime(worker.getId());
      if (campaign.done != seen || spent < 0) {
        seen = campaign.done;
        cpu = spent;
        wall = System.nanoTime();
      } else if (spent - cpu > TimeUnit.SECONDS.toNanos(cpuSeconds)
          || System.nanoTime() - wall > TimeUnit.SECONDS.toNanos(WALL_SECONDS)) {
        campaign.failure =
            campaign.describe(
                "took more than " + cpuSeconds + " s of processor time or stood still",
                Arrays.toString(worker.getStackTrace()));
        return;
      }
    }
  }

  /** The inputs of one run, in a thread of its own. */
  private final class Campaign implements Runnable {

    private final long first;
    private final long count;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<String, Long> reasons = new TreeMap<>();
    private volatile long seed;
    private volatile long done;
    private volatile @Nullable String failure;
    private long loaded;
    private long refused;
    private long mostAllocated;

    Campaign(long first, long count) {
      this.first = first;
      this.count = count;
    }

    @Override
    public void run() {
      for (int i = 0; i < valid.size() && failure == null; i++) {
        seed = -1 - i;
        long before = refused;
        feed(valid.get(i));
        if (refused > before) {
          failure = describe("was refused although it is valid", reasons.toString());
        }
      }
      loaded = 0;
      mostAllocated = 0;
      for (long s = first; s < first + count && failure == null; s++) {
        seed = s;
        feed(inputs.apply(s));
      }
    }

    private void feed(byte[] input) {
      write(input);
      long id = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(id);
      try {
        loader.load(file);
        loaded++;
      } catch (AlignmentException e) {
        refused++;
        note(e);
      } catch (Throwable e) {
        failure = describe("gave " + e, trace(e));
        return;
      }
      long allocated = threads.getThreadAllocatedBytes(id) - before;
      mostAllocated = Math.max(mostAllocated, allocated);
      long allowed = heapBase + heapFactor * input.length;
      // The valid files come first and load classes.
      if (seed >= 0 && allocated > allowed) {
        failure =
            describe("took " + allocated + " bytes of heap where " + allowed + " are allowed", "");
      }
      done++;
    }

    private void note(AlignmentException e) {
      String message = String.valueOf(e.getMessage());
      if (message.isBlank() || message.length() > 10_000) {
        failure = describe("was refused with a message of " + message.length() + " letters", "");
      }
      reasons.merge(e.getClass().getSimpleName(), 1L, Long::sum);
    }

    private void write(byte[] input) {
      try {
        Files.write(file, input);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String describe(String problem, String detail) {
      Path kept = KEPT.resolve(seed + "-" + name);
      try {
        Files.createDirectories(KEPT);
        Files.copy(file, kept, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        return "seed " + seed + " of " + name + " " + problem + "; not kept: " + e + "\n" + detail;
      }
      return "seed "
          + seed
          + " of "
          + name
          + ", kept as "
          + kept.toAbsolutePath()
          + ", "
          + problem
          + "\n"
          + detail;
    }

    private String trace(Throwable e) {
      StringBuilder text = new StringBuilder();
      for (Throwable t = e; t != null && text.length() < 4000; t = t.getCause()) {
        text.append(t).append('\n');
        Arrays.stream(t.getStackTrace())
            .limit(12)
            .forEach(f -> text.append("  ").append(f).append('\n'));
      }
      return text.toString();
    }
  }
}

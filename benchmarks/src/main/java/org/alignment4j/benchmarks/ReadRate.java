package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast this machine's processors read memory together: the best rate of several passes over an
 * array that no cache holds, by two loops whose additions do not wait for each other. Its array
 * lives in a process of its own, which waits without working between measurements.
 */
final class ReadRate {

  static final String MEASURE = "measure";
  static final String READY = "ready";

  private static final int PASSES = 8;
  private static final int LINE = 8;
  private static final int STREAMS = 4;
  private static final int BLOCK = 512;

  private final long[] data;
  private final int threads;
  private final ExecutorService pool;
  private long sum;

  /** Reads an array of so many bytes, rounded down to what threads and loops divide. */
  private ReadRate(long bytes, int threads, ExecutorService pool) {
    long unit = (long) threads * STREAMS * BLOCK;
    this.data = new long[Math.toIntExact(bytes / Long.BYTES / unit * unit)];
    this.threads = threads;
    this.pool = pool;
    Arrays.fill(data, 1);
  }

  /** Answers every line with GB/s. The argument is the number of bytes of the array. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    ReadRate rate = new ReadRate(Long.parseLong(args[0]), threads, pool);
    rate.measure();
    System.out.println(READY);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (commands.readLine() != null) {
      System.out.printf(Locale.ROOT, "%.3f%n", rate.measure());
    }
    pool.shutdown();
  }

  private double measure() throws InterruptedException, ExecutionException {
    double best = 0;
    for (int i = 0; i < PASSES; i++) {
      best = Math.max(best, Math.max(pass(ReadRate::lines), pass(ReadRate::streams)));
    }
    return best;
  }

  @FunctionalInterface
  private interface Loop {
    long sum(long[] data, int from, int to);
  }

  private double pass(Loop loop) throws InterruptedException, ExecutionException {
    int share = data.length / threads;
    long start = System.nanoTime();
    List<Future<Long>> parts = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = t * share;
      parts.add(pool.submit(() -> loop.sum(data, from, from + share)));
    }
    for (Future<Long> part : parts) {
      sum += part.get();
    }
    double rate = (double) data.length * Long.BYTES / (System.nanoTime() - start);
    if (sum % data.length != 0) {
      throw new IllegalStateException("the sum of ones must be their number");
    }
    return rate;
  }

  /** One stream, eight sums. */
  private static long lines(long[] data, int from, int to) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    long s4 = 0;
    long s5 = 0;
    long s6 = 0;
    long s7 = 0;
    for (int i = from; i < to; i += LINE) {
      s0 += data[i];
      s1 += data[i + 1];
      s2 += data[i + 2];
      s3 += data[i + 3];
      s4 += data[i + 4];
      s5 += data[i + 5];
      s6 += data[i + 6];
      s7 += data[i + 7];
    }
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  }

  /** Four streams, as many sums as a block has elements, which the compiler makes vectors of. */
  private static long streams(long[] data, int from, int to) {
    long[] sums = new long[BLOCK];
    int length = (to - from) / STREAMS;
    for (int i = from; i < from + length; i += BLOCK) {
      add(data, i, length, sums);
    }
    return Arrays.stream(sums).sum();
  }

  private static void add(long[] data, int at, int stride, long[] sums) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] +=
          data[at + j]
              + data[at + stride + j]
              + data[at + 2 * stride + j]
              + data[at + 3 * stride + j];
    }
  }
}

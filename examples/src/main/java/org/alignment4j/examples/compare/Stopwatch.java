package org.alignment4j.examples.compare;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Wall time and processor time of this process since it was made. */
final class Stopwatch {

  private final long wall = System.nanoTime();
  private final long cpu = processCpu();

  double seconds() {
    return inSeconds(System.nanoTime() - wall);
  }

  /** NaN where the virtual machine does not tell. */
  double cpuSeconds() {
    return cpu < 0 ? Double.NaN : inSeconds(processCpu() - cpu);
  }

  private static double inSeconds(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }

  private static long processCpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : -1;
  }
}

package org.alignment4j.architecture;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** What the rules forbid, one breach a class. */
final class Violations {

  private Violations() {}

  static final class FilledMap {
    static final Map<String, String> MAP = new HashMap<>();
  }

  static final class DeclaredList {
    static final ArrayList<String> LIST = empty();

    private static ArrayList<String> empty() {
      return new ArrayList<>();
    }
  }

  static final class Counter {
    static final AtomicLong COUNT = new AtomicLong();
  }

  static final class InstantNow {
    Instant now() {
      return Instant.now();
    }
  }

  static final class DateToday {
    LocalDate today() {
      return LocalDate.now(java.time.ZoneOffset.UTC);
    }
  }

  static final class NanoTime {
    long read() {
      return System.nanoTime();
    }
  }

  static final class NanoTimeReference {
    LongSupplier clock() {
      return System::nanoTime;
    }
  }

  static final class Millis {
    long read() {
      return System.currentTimeMillis();
    }
  }

  static final class RandomUuid {
    UUID id() {
      return UUID.randomUUID();
    }
  }

  static final class Secure {
    int draw() {
      return new SecureRandom().nextInt();
    }
  }

  static final class UnseededSplittable {
    int draw() {
      return new SplittableRandom().nextInt();
    }
  }

  static final class OwnThread {
    Thread thread(Runnable task) {
      return new Thread(task, "named");
    }
  }

  static final class ParallelStream {
    long count(List<String> list) {
      return list.parallelStream().count();
    }
  }

  static final class Parallel {
    long count() {
      return IntStream.range(0, 9).parallel().count();
    }
  }

  static final class NoExecutor {
    CompletableFuture<String> supply() {
      return CompletableFuture.supplyAsync(() -> "x");
    }
  }

  static final class WithExecutor {
    CompletableFuture<String> supply() {
      return CompletableFuture.supplyAsync(() -> "x", Runnable::run);
    }
  }

  static final class Halt {
    void halt() {
      Runtime.getRuntime().halt(1);
    }
  }
}

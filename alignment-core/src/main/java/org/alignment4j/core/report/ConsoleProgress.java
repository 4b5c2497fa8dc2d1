package org.alignment4j.core.report;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;

/**
 * Shows how long work comes along, with its rate, the time left and a few of its metrics: on a
 * terminal in one line that is written anew, elsewhere in lines some time apart. The clock is that
 * of the work, {@link Progress#elapsed}. One listener may be told of several works, one after
 * another. Thread-safe.
 *
 * <pre>{@code
 * trainer.onProgress(ConsoleProgress.on(System.out))
 *
 *   grpo 12/40 (0.8 steps/s, 35 s left), reward 0.4375
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConsoleProgress implements ProgressListener {

  private static final Duration LINES = Duration.ofSeconds(10);
  private static final Duration REWRITING = Duration.ofMillis(100);
  private static final int WIDTH = 79;
  private static final double MOST_DIGITS = 1e9;
  private static final List<String> SHOWN = List.of("loss", "reward", "kl", "failed");

  private final PrintStream out;
  private final boolean terminal;
  private final Duration every;
  private final List<String> shown;
  private String task = "";
  private Duration told = Duration.ZERO;
  private int width;

  private ConsoleProgress(PrintStream out, boolean terminal, Duration every, List<String> shown) {
    this.out = Objects.requireNonNull(out, "out");
    this.terminal = terminal;
    this.every = every;
    this.shown = List.copyOf(shown);
  }

  /**
   * Returns a listener that rewrites one line where the process has a terminal, and otherwise
   * prints a line every ten seconds.
   *
   * @param out the process's standard output or error
   * @return the listener
   */
  public static ConsoleProgress on(PrintStream out) {
    return hasTerminal() ? rewriting(out) : lines(out, LINES);
  }

  /**
   * Returns a listener that rewrites one line, at most ten times a second, and ends it with the
   * work.
   *
   * @param out a terminal that knows the carriage return
   * @return the listener
   */
  public static ConsoleProgress rewriting(PrintStream out) {
    return new ConsoleProgress(out, true, REWRITING, SHOWN);
  }

  /**
   * Returns a listener that prints a line for the first report of a work, the last, and others that
   * are at least some time behind the line before.
   *
   * @param out any stream, such as a log file
   * @param every the time between two lines, not negative
   * @return the listener
   * @throws IllegalArgumentException when the time is negative
   */
  public static ConsoleProgress lines(PrintStream out, Duration every) {
    if (every.isNegative()) {
      throw new IllegalArgumentException("every must not be negative but was " + every);
    }
    return new ConsoleProgress(out, false, every, SHOWN);
  }

  /**
   * Returns a listener that shows other metrics than {@code loss}, {@code reward}, {@code kl} and
   * {@code failed}.
   *
   * @param metrics names, in the order to show them; those that a work does not report are left out
   * @return a new listener
   */
  public ConsoleProgress showing(String... metrics) {
    return new ConsoleProgress(out, terminal, every, List.of(metrics));
  }

  /** Before release 22 a process has a console only where it has a terminal. */
  private static boolean hasTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  @Override
  public synchronized void onProgress(Progress progress) {
    boolean another =
        !progress.task().equals(task) || progress.elapsed().compareTo(told) < 0 || task.isEmpty();
    boolean last = progress.total().isPresent() && progress.done() == progress.total().getAsLong();
    if (!another && !last && progress.elapsed().minus(told).compareTo(every) < 0) {
      return;
    }
    if (another) {
      endLine();
    }
    task = progress.task();
    told = progress.elapsed();
    String line = line(progress);
    if (!terminal) {
      out.println(line);
      return;
    }
    String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
    out.print("\r" + cut + " ".repeat(Math.max(0, width - cut.length())));
    width = cut.length();
    if (last) {
      endLine();
      task = "";
    }
    out.flush();
  }

  private void endLine() {
    if (width > 0) {
      out.println();
      width = 0;
    }
  }

  private String line(Progress progress) {
    StringBuilder line = new StringBuilder("  ").append(progress.task()).append(' ');
    line.append(progress.done());
    progress.total().ifPresent(total -> line.append('/').append(total));
    if (progress.rate() > 0) {
      line.append(String.format(Locale.ROOT, " (%s %s/s", rate(progress.rate()), progress.unit()));
      progress
          .remaining()
          .filter(left -> !left.isZero())
          .ifPresent(left -> line.append(", ").append(time(left)).append(" left"));
      line.append(')');
    } else {
      line.append(' ').append(progress.unit());
    }
    for (String name : shown) {
      Double value = progress.metrics().get(name);
      if (value != null) {
        line.append(", ").append(name).append(' ').append(number(value));
      }
    }
    return VisibleText.oneLine(line.toString());
  }

  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < MOST_DIGITS;
    return whole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4g", value);
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.2f" : "%.0f", rate);
  }

  private static String time(Duration left) {
    if (left.toHours() > 0) {
      return left.toHours() + " h " + left.toMinutesPart() + " min";
    }
    return left.toMinutes() > 0
        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
        : left.toSeconds() + " s";
  }
}

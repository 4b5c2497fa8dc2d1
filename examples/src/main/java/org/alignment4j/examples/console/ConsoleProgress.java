package org.alignment4j.examples.console;

import java.util.Locale;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;

/** Prints a line every so many steps. */
public final class ConsoleProgress implements ProgressListener {

  private final long every;

  /** Prints every {@code every} steps and at the end. */
  public ConsoleProgress(long every) {
    this.every = every;
  }

  @Override
  public void onProgress(Progress progress) {
    boolean last = progress.total().isPresent() && progress.done() == progress.total().getAsLong();
    if (progress.done() % every != 0 && !last) {
      return;
    }
    String total = progress.total().isPresent() ? "/" + progress.total().getAsLong() : "";
    String remaining = progress.remaining().map(r -> ", " + r.toSeconds() + " s left").orElse("");
    String loss =
        progress.metrics().containsKey("loss")
            ? String.format(Locale.ROOT, ", loss %.4f", progress.metrics().get("loss"))
            : "";
    System.out.printf(
        Locale.ROOT,
        "  %s %d%s (%.1f %s/s%s)%s%n",
        progress.task(),
        progress.done(),
        total,
        progress.rate(),
        progress.unit(),
        remaining,
        loss);
  }
}

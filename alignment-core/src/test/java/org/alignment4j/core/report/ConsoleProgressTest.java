package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.junit.jupiter.api.Test;

/** What a console shows of work, by the clock of the work. */
class ConsoleProgressTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String shown() {
    String text = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    bytes.reset();
    return text;
  }

  private static Progress progress(String task, long done, double seconds, double rate) {
    return new Progress(
        task,
        done,
        OptionalLong.of(100),
        "steps",
        Duration.ofMillis(Math.round(seconds * 1000)),
        rate,
        Map.of("loss", 0.5, "grad_norm", 3.0));
  }

  @Test
  void linesAreSomeTimeApart() {
    ConsoleProgress listener = ConsoleProgress.lines(out, Duration.ofSeconds(10));
    listener.onProgress(progress("sft", 1, 1, 0));
    assertThat(shown()).isEqualTo("  sft 1/100 steps, loss 0.5000\n");
    listener.onProgress(progress("sft", 2, 10.9, 1));
    assertThat(shown()).isEmpty();
    listener.onProgress(progress("sft", 20, 11, 2));
    assertThat(shown()).isEqualTo("  sft 20/100 (2.00 steps/s, 40 s left), loss 0.5000\n");
    listener.onProgress(progress("sft", 100, 12, 25.2));
    assertThat(shown()).as("the last").isEqualTo("  sft 100/100 (25 steps/s), loss 0.5000\n");
  }

  @Test
  void anotherWorkBeginsALine() {
    ConsoleProgress listener = ConsoleProgress.lines(out, Duration.ofSeconds(10));
    listener.onProgress(progress("sft", 1, 5, 1));
    listener.onProgress(progress("dpo", 1, 6, 1));
    listener.onProgress(progress("dpo", 1, 2, 1));
    assertThat(shown().lines().map(l -> l.substring(2, 5))).containsExactly("sft", "dpo", "dpo");
  }

  @Test
  void aTerminalsLineIsWrittenAnew() {
    ConsoleProgress listener = ConsoleProgress.rewriting(out);
    listener.onProgress(progress("sft", 1, 1, 0.01));
    assertThat(shown()).isEqualTo("\r  sft 1/100 (0.01 steps/s, 2 h 45 min left), loss 0.5000");
    listener.onProgress(progress("sft", 2, 1.09, 1));
    assertThat(shown()).isEmpty();
    listener.onProgress(progress("sft", 50, 1.1, 1));
    assertThat(shown())
        .as("what was longer is covered")
        .isEqualTo("\r  sft 50/100 (1.00 steps/s, 50 s left), loss 0.5000     ");
    listener.onProgress(progress("sft", 100, 1.2, 1));
    assertThat(shown()).isEqualTo("\r  sft 100/100 (1.00 steps/s), loss 0.5000          \n");
    listener.onProgress(progress("dpo", 1, 9, 1));
    listener.onProgress(progress("ppo", 1, 10, 1));
    assertThat(shown()).as("an unfinished line is ended").contains("loss 0.5000\n\r  ppo 1/100");
  }

  @Test
  void linesOfTerminalsFitThemAndHideNothingInNames() {
    ConsoleProgress listener = ConsoleProgress.rewriting(out);
    listener.onProgress(progress("x".repeat(100), 1, 1, 1));
    assertThat(shown()).hasSize(80);
    listener.onProgress(progress("\u001b[2J", 1, 1, 1));
    assertThat(shown()).contains("[U+001B]").doesNotContain("\u001b");
  }

  @Test
  void otherMetricsAndUnknownTotals() {
    ConsoleProgress listener =
        ConsoleProgress.lines(out, Duration.ZERO).showing("grad_norm", "absent");
    listener.onProgress(progress("sft", 1, 1, 0));
    listener.onProgress(
        new Progress(
            "calls", 7, OptionalLong.empty(), "calls", Duration.ofSeconds(2), 3.5, Map.of()));
    assertThat(shown().lines())
        .containsExactly("  sft 1/100 steps, grad_norm 3", "  calls 7 (3.50 calls/s)");
    assertThatThrownBy(() -> ConsoleProgress.lines(out, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("every must not be negative but was PT-1S");
  }

  @Test
  void testsHaveNoTerminal() {
    ConsoleProgress listener = ConsoleProgress.on(out);
    listener.onProgress(progress("sft", 1, 1, 1));
    assertThat(shown()).endsWith("\n").doesNotContain("\r");
  }
}

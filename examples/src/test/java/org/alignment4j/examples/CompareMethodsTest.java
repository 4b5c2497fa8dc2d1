package org.alignment4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.alignment4j.examples.console.ConsoleProgram;
import org.junit.jupiter.api.Test;

/** How the program ends. */
class CompareMethodsTest {

  private final StringWriter err = new StringWriter();

  private int ending(String... notImproved) {
    return CompareMethods.ending(List.of(notImproved), new PrintWriter(err));
  }

  @Test
  void theExitCodeTellsWhetherEveryObjectiveImproved() {
    assertThat(ending()).isZero();
    assertThat(err.toString()).isEmpty();

    assertThat(ending("DPO", "GOLD")).isEqualTo(3);
    assertThat(err.toString()).contains("did not for DPO, GOLD;");
  }

  @Test
  void theHelpListsTheExitCodes() {
    String help = ConsoleProgram.of(new CompareMethods()).getUsageMessage();

    String words = help.replaceAll("\\s+", " ");
    assertThat(words).contains("in any case, of: SFT, DPO, IPO, KTO, ORPO", "Dr.GRPO");
    assertThat(help).contains("Exit codes:", "3   an own objective did not improve");
  }
}

package org.alignment4j.oversight.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.oversight.call.RecordedCalls.Spending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoneyWithoutPricesTest {
  private static final Spending LIMITED =
      Spending.FREE.withBudget(Budget.UNLIMITED.withMoney(0.01));

  @Test
  void aLimitOfMoneyThatCouldNeverBindIsRefused(@TempDir Path folder) {
    Path file = folder.resolve("calls.jsonl");
    assertThatThrownBy(() -> RecordedCalls.open(file, Map.of(), LIMITED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs prices")
        .hasMessageContaining("0.01")
        .hasMessageContaining("withPrices");
    assertThat(file).doesNotExist();
    assertThatThrownBy(() -> RecordedCalls.inMemory(LIMITED)).hasMessageContaining("needs prices");
  }

  @Test
  void withPricesItIsTaken() {
    try (RecordedCalls calls =
        RecordedCalls.inMemory(LIMITED.withPrices((role, usage) -> usage.totalTokens() * 1e-6))) {
      assertThat(calls.spent()).isZero();
    }
  }
}

package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotaryTablesTest {

  private static DecoderConfig config(int context) {
    return LlamaConfigs.create(64, 64, 2, 2, 2, 48, context, 0, 0).config();
  }

  @Test
  void tablesCoverSeveralContexts() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    assertThat(RotaryTables.of(runtime, config(1000)).values())
        .hasSize(2)
        .allMatch(table -> table.shape()[0] == 8000 && table.shape()[1] == 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {5_000_000, 200_000_000, Integer.MAX_VALUE})
  void contextsThatFillTheMemoryAreRefused(int context) {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    assertThatThrownBy(() -> RotaryTables.of(runtime, config(context)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("a context of " + context + " tokens needs " + 16L * context)
        .hasMessageContaining("lower max_position_embeddings");
  }
}

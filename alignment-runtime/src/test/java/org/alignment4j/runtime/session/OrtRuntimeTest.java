package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.ModelExecutionException;
import org.junit.jupiter.api.Test;

class OrtRuntimeTest {

  /** Where a device is reached in another way than by the driver's file, only a try tells. */
  @Test
  void onnxRuntimeDecidesWhetherRequiredCudaWorks() {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has an NVIDIA driver");
    assertThat(OrtRuntime.create(DevicePolicy.AUTO).device()).isEqualTo(OrtRuntime.Device.CPU);
    assertThatThrownBy(() -> OrtRuntime.create(DevicePolicy.CUDA))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("device CUDA is required but does not work")
        .hasMessageNotContaining("nvidiactl");
  }
}

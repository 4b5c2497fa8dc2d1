package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A device computes what the CPU computes, in float32. */
@Tag("gpu")
final class CudaParityTest {

  private static final Prompt PROMPT = Prompt.tokens(TokenIds.of(5, 17, 3, 42));

  @Test
  void tokensAndLogProbabilitiesAreThoseOfTheCpu() {
    try (DecoderModel cpu = load(DevicePolicy.CPU);
        DecoderModel cuda = load(DevicePolicy.CUDA)) {
      SamplingOptions greedy = SamplingOptions.greedy(20);
      assertThat(cuda.generate(List.of(PROMPT), greedy).get(0).tokens())
          .isEqualTo(cpu.generate(List.of(PROMPT), greedy).get(0).tokens());
      List<Continuation> asked = List.of(Continuation.of(PROMPT, TokenIds.of(8, 9, 10)));
      assertThat(cuda.logProbabilities(asked).get(0).sum())
          .isCloseTo(cpu.logProbabilities(asked).get(0).sum(), within(1e-4));
    }
  }

  private static DecoderModel load(DevicePolicy device) {
    return DecoderModel.load(
        SharedFiles.require("fixtures/models/llama-tiny"), ModelOptions.defaults().device(device));
  }
}

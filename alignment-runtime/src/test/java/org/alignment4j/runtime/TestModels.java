package org.alignment4j.runtime;

import java.util.List;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.session.DevicePolicy;

/** The models that the tests of {@link DecoderModel} run. */
final class TestModels {

  static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);

  /** Vocabulary of 120, width 32, 2 layers, context of 48 tokens. */
  static final Architecture SMALL = LlamaConfigs.create(120, 32, 2, 4, 2, 64, 48, 1, 2);

  private TestModels() {}

  /** Random weights, no tokenizer. */
  static DecoderModel small() {
    return DecoderModel.of(
        LlamaConfigs.json(SMALL.config()), InitialWeights.create(SMALL, 5), null, CPU);
  }

  /** A trained model with tokenizer; the test is skipped where the reference files are absent. */
  static DecoderModel stories() {
    return DecoderModel.load(SharedFiles.require("models/stories260K"), CPU);
  }

  /** Log-probability of a token after a fixed prompt. */
  static double logProb(DecoderModel model, int next) {
    return model
        .logProbabilities(List.of(Continuation.of(Prompt.tokens(5, 6, 7), TokenIds.of(next))))
        .get(0)
        .sum();
  }
}

package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.session.DevicePolicy;

/** Loads the models of cases on the CPU, whose arithmetic the tolerances are for. */
final class LoadedModels {

  private LoadedModels() {}

  /**
   * Loads a checkpoint folder.
   *
   * @throws SkippedCaseException if the family is none of the library's
   * @throws IOException if {@code config.json} cannot be read
   */
  static DecoderModel load(Path folder) throws IOException {
    String type = Fixture.read(folder.resolve("config.json")).text("model_type", "");
    if (!type.isEmpty() && !DecoderFamilies.modelTypes().contains(type)) {
      throw new SkippedCaseException(
          "model_type '" + type + "' is none of " + DecoderFamilies.modelTypes());
    }
    return DecoderModel.load(folder, ModelOptions.defaults().device(DevicePolicy.CPU));
  }
}

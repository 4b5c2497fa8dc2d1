package org.alignment4j.rlhf.synthetic;

import java.util.Objects;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Parameter;
import org.apiguardian.api.API;

/**
 * A model and its size.
 *
 * @param name what reports call it
 * @param model the model
 * @param parameters how many numbers it has, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SizedModel(String name, LanguageModel model, long parameters) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there is no parameter
   */
  public SizedModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    if (parameters < 1) {
      throw new IllegalArgumentException(
          "parameters of '%s' must be positive but were %s".formatted(name, parameters));
    }
  }

  /**
   * Returns a model of this process with the size of its architecture.
   *
   * @param name what reports call it
   * @param model the model
   * @return the model and the number of its parameters
   */
  public static SizedModel of(String name, DecoderModel model) {
    return new SizedModel(
        name, model, model.architecture().parameters().stream().mapToLong(Parameter::size).sum());
  }
}

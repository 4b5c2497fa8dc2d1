package org.alignment4j.api.hook;

import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A function and the name that stands for it. */
record NamedActivationFunction(String label, ActivationFunction function)
    implements ActivationFunction {

  NamedActivationFunction {
    Objects.requireNonNull(function, "function");
    if (label.isBlank()) {
      throw new IllegalArgumentException("name of a function must not be blank");
    }
  }

  @Override
  public INDArray apply(INDArray value, HookCall call) {
    return function.apply(value, call);
  }

  @Override
  public Optional<String> name() {
    return Optional.of(label);
  }
}

package org.alignment4j.interp.diff;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How one tensor of a checkpoint changed.
 *
 * @param name its name in the checkpoint
 * @param part the component it belongs to
 * @param shape its dimensions
 * @param changed elements that are not what they were
 * @param before Frobenius norm of what it was
 * @param change Frobenius norm of the difference
 * @param greatest greatest magnitude of an element of the difference
 * @param spectrum singular values of the difference; empty where nothing changed, of a vector, and
 *     of a matrix that is larger than was asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TensorChange(
    String name,
    WeightPart part,
    ImmutableLongArray shape,
    long changed,
    double before,
    double change,
    double greatest,
    Optional<Spectrum> spectrum) {

  /** Checks that nothing is missing. */
  public TensorChange {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(spectrum, "spectrum");
  }

  /** {@code ‖change‖/‖before‖}; infinite where zeros became something. */
  public double relative() {
    return RelativeChange.ofNorms(change, before);
  }
}

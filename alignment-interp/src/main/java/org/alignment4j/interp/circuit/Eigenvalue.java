package org.alignment4j.interp.circuit;

import org.apiguardian.api.API;

/**
 * An eigenvalue, a complex number.
 *
 * @param real its real part
 * @param imaginary its imaginary part
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Eigenvalue(double real, double imaginary) {

  /** Its magnitude. */
  public double magnitude() {
    return Math.hypot(real, imaginary);
  }
}

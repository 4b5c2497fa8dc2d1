package org.alignment4j.interp.direction;

import org.apiguardian.api.API;

/** Around what the differences of pairs vary when their first principal component is taken. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PcaCentring {
  /**
   * Around 0: the first right singular vector of {@code [Δ; −Δ]}, {@code Δ = positive − negative}
   * (steering-vectors; also {@code pca_center} of repeng, whose rows are {@code ±Δ/2}).
   */
  NONE,
  /**
   * Around their mean, {@code Δ = positive − negative} ({@code pca_diff} of repeng). What all pairs
   * share is lost: differences that are all the same have no such component.
   */
  DIFFERENCES,
  /**
   * Around their mean, {@code Δ = first − second} in the order in which the pairs were given
   * (representation-engineering, Zou et al. 2023, which gives them in random order, so that what
   * all pairs share remains).
   */
  RECENTRED
}

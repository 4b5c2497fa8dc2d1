package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/** The names that SAELens gives the tensors of a sparse autoencoder. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SaeTensors {
  /** The encoder, {@code [d, F]}. */
  public static final String W_ENC = "W_enc";

  /** The decoder, {@code [F, dOut]}. */
  public static final String W_DEC = "W_dec";

  /** The encoder's bias, {@code [F]}; absent in gated ones. */
  public static final String B_ENC = "b_enc";

  /** The decoder's bias, {@code [dOut]}. */
  public static final String B_DEC = "b_dec";

  /** The gate's bias of a gated one, {@code [F]}. */
  public static final String B_GATE = "b_gate";

  /** The magnitudes' bias of a gated one, {@code [F]}. */
  public static final String B_MAG = "b_mag";

  /** Logarithms of the magnitudes' factors of a gated one, {@code [F]}. */
  public static final String R_MAG = "r_mag";

  /** The thresholds of JumpReLU, {@code [F]}. */
  public static final String THRESHOLD = "threshold";

  /** The linear path of a skip transcoder, {@code [dOut, d]}. */
  public static final String W_SKIP = "W_skip";

  private SaeTensors() {}
}

package org.alignment4j.interp.lens;

import java.util.Objects;
import org.alignment4j.api.hook.Values;
import org.apiguardian.api.API;

/**
 * One of the terms whose sum the residual stream is.
 *
 * @param label such as {@code embed}, {@code pos_embed}, {@code 0_attn_out}, {@code 0_mlp_out},
 *     {@code L0H3} for a head or {@code 0_attn_bias} for an output bias
 * @param values {@code [batch, position, dModel]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StreamPart(String label, Values values) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when they have another number of axes
   */
  public StreamPart {
    Objects.requireNonNull(label, "label");
    if (values.rank() != 3) {
      throw new IllegalArgumentException(
          "a part of the stream must be [batch, position, dModel] but was " + values);
    }
  }
}

package org.alignment4j.interp.activation;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Activations at one site and where each came from.
 *
 * @param site hook point and head
 * @param rows {@code [n, d]}; {@code d} is the length of the last axis there, times the number of
 *     heads where all are side by side
 * @param examples the example of each row, from 0
 * @param positions the position of each row in its example, from 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ActivationRows(
    ActivationSite site, Rows rows, ImmutableIntArray examples, ImmutableIntArray positions) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public ActivationRows {
    Objects.requireNonNull(site, "site");
    if (examples.length() != rows.count() || positions.length() != rows.count()) {
      throw new IllegalArgumentException(
          "every row must have an example and a position but there are "
              + rows.count()
              + " rows, "
              + examples.length()
              + " examples and "
              + positions.length()
              + " positions");
    }
  }

  /**
   * Joins what was collected in several batches.
   *
   * @param parts at least one, all of one site
   * @throws IllegalArgumentException if there is none, or sites or widths differ
   */
  public static ActivationRows concatenated(List<ActivationRows> parts) {
    Rows rows = Rows.concatenated(parts.stream().map(ActivationRows::rows).toList());
    ActivationSite site = parts.get(0).site();
    ImmutableIntArray.Builder examples = ImmutableIntArray.builder(rows.count());
    ImmutableIntArray.Builder positions = ImmutableIntArray.builder(rows.count());
    for (ActivationRows part : parts) {
      if (!part.site().equals(site)) {
        throw new IllegalArgumentException(
            "parts must be of one site but are of " + site + " and " + part.site());
      }
      examples.addAll(part.examples());
      positions.addAll(part.positions());
    }
    return new ActivationRows(site, rows, examples.build(), positions.build());
  }
}

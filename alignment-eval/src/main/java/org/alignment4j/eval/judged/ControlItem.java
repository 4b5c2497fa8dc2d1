package org.alignment4j.eval.judged;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A request with two answers, on which a judge is tested.
 *
 * @param id its identity
 * @param request what was asked
 * @param first one answer
 * @param second another answer
 * @param firstFamily whose model family wrote the first; empty when unknown
 * @param secondFamily whose model family wrote the second; empty when unknown
 * @param reference the first answer's share of the win by people or other judges, in [0, 1]; empty
 *     when unknown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ControlItem(
    String id,
    Prompt request,
    String first,
    String second,
    String firstFamily,
    String secondFamily,
    OptionalDouble reference) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the id is blank, the answers are the same or the reference
   *     is outside [0, 1]
   */
  public ControlItem {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(firstFamily, "firstFamily");
    Objects.requireNonNull(secondFamily, "secondFamily");
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (first.equals(second)) {
      throw new IllegalArgumentException(
          "the answers must differ but those of '" + id + "' do not");
    }
    double share = reference.orElse(0);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("reference must be in [0, 1] but was " + share);
    }
  }

  /** Returns an item of which nothing more is known. */
  public static ControlItem of(String id, Prompt request, String first, String second) {
    return new ControlItem(id, request, first, second, "", "", OptionalDouble.empty());
  }

  /** Returns this item with the model families that wrote the answers. */
  public ControlItem writtenBy(String familyOfFirst, String familyOfSecond) {
    return new ControlItem(id, request, first, second, familyOfFirst, familyOfSecond, reference);
  }

  /** Returns this item with the first answer's share of the win by people or other judges. */
  public ControlItem withReference(double shareOfFirst) {
    return new ControlItem(
        id, request, first, second, firstFamily, secondFamily, OptionalDouble.of(shareOfFirst));
  }
}

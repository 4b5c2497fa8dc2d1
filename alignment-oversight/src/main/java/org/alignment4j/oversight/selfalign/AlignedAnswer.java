package org.alignment4j.oversight.selfalign;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Demonstration;
import org.apiguardian.api.API;

/**
 * What a model answered by its principles, and what the filter made of it.
 *
 * @param instruction what was asked, without principles
 * @param reply thoughts and answer, as written
 * @param filtered what is left
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlignedAnswer(Prompt instruction, String reply, Filtered filtered) {
  /** Checks that nothing is missing. */
  public AlignedAnswer {
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(filtered, "filtered");
  }

  /**
   * Returns what principle engraving trains on: instruction and answer, without principles and
   * thoughts; nothing when the filter removed it.
   */
  public List<Demonstration> demonstrations() {
    return filtered instanceof Filtered.Kept kept
        ? List.of(Demonstration.answer(instruction, kept.answer()))
        : List.of();
  }
}

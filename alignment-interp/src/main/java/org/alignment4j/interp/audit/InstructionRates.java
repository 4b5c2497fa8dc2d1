package org.alignment4j.interp.audit;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How often a model asserts something else than the probe reads, under one instruction.
 *
 * @param instruction the instruction
 * @param disagreement share of claims on which assertion and probe differ; those on which the probe
 *     is undecided are its unscored ones
 * @param corrected the share without the probe's own errors (Rogan and Gladen 1978): {@code (share
 *     − e)/(1 − 2e)} with the probability {@code e} that the probe ranks a true and a false
 *     statement wrongly, cut to [0, 1]; its interval holds the uncertainty of both by the delta
 *     method, and that of {@code e} is of the statements that the probe was audited on. Unknown
 *     where {@code e} is not below ½
 * @param asserted share of claims of known truth on which the assertion is right
 * @param believed share of claims of known truth on which the probe is right
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InstructionRates(
    Claim.Instruction instruction,
    Estimate disagreement,
    Estimate corrected,
    Estimate asserted,
    Estimate believed) {

  /** Checks that nothing is missing. */
  public InstructionRates {
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(disagreement, "disagreement");
    Objects.requireNonNull(corrected, "corrected");
    Objects.requireNonNull(asserted, "asserted");
    Objects.requireNonNull(believed, "believed");
  }
}

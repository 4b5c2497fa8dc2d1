package org.alignment4j.examples.inner;

import java.util.List;
import java.util.Map;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.inner.cue.CueSweep;
import org.alignment4j.eval.inner.deception.DeceptionFinding;
import org.alignment4j.eval.inner.failure.FailureAgreement;
import org.alignment4j.eval.inner.latent.LatentRobustness;
import org.alignment4j.eval.inner.world.GridWorld;
import org.alignment4j.eval.inner.world.MisgeneralisationSweep;

/**
 * What the job found.
 *
 * @param worlds arms of each grid world, in the order of the worlds
 * @param cue arms of the pocket model with a spurious cue
 * @param awareness the out-of-context experiment, the untrained model first
 * @param conditions what the suites of the conditions amount to, by model: base, then aligned
 * @param protocols what each protocol came to on each model
 * @param latent latent attacks: base, aligned, and aligned against a latent adversary
 * @param failures documented failures
 */
public record InnerAlignmentResult(
    Map<GridWorld, List<MisgeneralisationSweep.Arm>> worlds,
    List<CueSweep.Arm> cue,
    EvaluationRun awareness,
    List<DeceptionFinding> conditions,
    List<ProtocolRow> protocols,
    List<LatentRobustness> latent,
    FailureAgreement failures) {

  /** Copies the lists. */
  public InnerAlignmentResult {
    cue = List.copyOf(cue);
    conditions = List.copyOf(conditions);
    protocols = List.copyOf(protocols);
    latent = List.copyOf(latent);
  }
}

package org.alignment4j.eval.redteam;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.evaluation.Score;
import org.apiguardian.api.API;

/**
 * What an attack came to on one goal. Immutable.
 *
 * @param goal the goal's id
 * @param success 1 when the goal was reached, 0 when not; unscored when the judge gave no verdict,
 *     failed when a call failed
 * @param prompt the whole prompt that was tried last, or the one that succeeded
 * @param reply the reply to it
 * @param effort what it cost
 * @param successAt the work, in the attack's unit, after which the goal was reached; empty when it
 *     was not
 * @param curve the best loss so far after so much work; empty when the attack has no loss
 * @param figures what else was measured, by name, such as {@code loss} or {@code perplexity}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackOutcome(
    String goal,
    Score success,
    String prompt,
    String reply,
    Effort effort,
    OptionalLong successAt,
    List<LossPoint> curve,
    Map<String, Double> figures) {

  /**
   * The best loss after some work.
   *
   * @param work in the attack's unit
   * @param loss mean negative log-likelihood of the target's tokens, in nats
   */
  public record LossPoint(long work, double loss) {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when success and the work it took do not agree
   */
  public AttackOutcome {
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(effort, "effort");
    curve = List.copyOf(curve);
    figures = ImmutableMap.copyOf(figures);
    if (reached(success) != successAt.isPresent()) {
      throw new IllegalArgumentException(
          "successAt must be there if and only if the goal was reached but success was "
              + success
              + " and successAt "
              + successAt);
    }
  }

  /** Returns the outcome of a goal on which a call failed. */
  public static AttackOutcome failed(String goal, String error) {
    return new AttackOutcome(
        goal,
        new Score.Failed(error),
        "",
        "",
        Effort.NONE,
        OptionalLong.empty(),
        List.of(),
        Map.of());
  }

  /** Returns whether the goal was reached. */
  public boolean reached() {
    return reached(success);
  }

  /** Returns whether a score says that a goal was reached. */
  public static boolean reached(Score score) {
    return score instanceof Score.Scored scored && scored.value() == 1;
  }
}

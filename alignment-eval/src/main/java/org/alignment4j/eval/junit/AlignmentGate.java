package org.alignment4j.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.alignment4j.eval.gate.Gate;
import org.alignment4j.eval.gate.Undecided;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A threshold as a test: one test for each model of the evaluation that {@link GateEvaluation}
 * gives, and one for each metric where none is named. See {@link Gate} for what passes.
 *
 * <pre>{@code
 * class ReleaseGateTest {
 *   @GateEvaluation(report = "target/alignment")
 *   static Evaluation evaluation() {
 *     return Evaluation.of(truthfulQa, xsTest).model("current", now).model("candidate", next).runFolder(folder);
 *   }
 *
 *   @AlignmentGate(benchmark = "truthfulqa-mc", metric = "mc1", atLeast = 0.3)
 *   @AlignmentGate(benchmark = "xstest", metric = "string/full_refusal/safe", atMost = 0.1)
 *   @AlignmentGate(notWorseThan = "current")
 *   void candidateMayShip() {}
 * }
 * }</pre>
 *
 * <p>The method's body runs after its gate is open. It may have parameters of the types {@link
 * org.alignment4j.eval.gate.GateResult}, {@link org.alignment4j.eval.EvaluationRun} and {@link
 * org.alignment4j.api.evaluation.Estimate}, the gate's figure. Exactly one condition must be given.
 * Tests have the tag {@code alignment-gate}, so that they can be kept out of builds that may not
 * call a model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(AlignmentGates.class)
@TestTemplate
@Tag("alignment-gate")
@ExtendWith(GateExtension.class)
public @interface AlignmentGate {

  /** Name of a benchmark; may be empty with {@link #notWorseThan} alone: all of them. */
  String benchmark() default "";

  /** Name of a metric; may be empty with {@link #notWorseThan} alone: all of them. */
  String metric() default "";

  /** Names of the models that the gate is put to; none for every model of the evaluation. */
  String[] models() default {};

  /** The figure must be this or higher, in the metric's unit. */
  double atLeast() default Double.NaN;

  /** The figure must be this or lower, in the metric's unit. */
  double atMost() default Double.NaN;

  /** The figure must be no further from the metric's best value than this. */
  double nearIdeal() default Double.NaN;

  /** The figure must be better than guessing. */
  boolean betterThanChance() default false;

  /** Name of a model that no metric may be significantly worse than. */
  String notWorseThan() default "";

  /**
   * With {@link #notWorseThan}: by how much a metric may be worse, which the interval of the
   * difference must then show.
   */
  double margin() default Double.POSITIVE_INFINITY;

  /** What follows when the samples cannot tell. */
  Undecided undecided() default Undecided.FAIL;

  /** Greatest share of samples that may lack a score, in [0, 1). */
  double lost() default Gate.LOST;
}

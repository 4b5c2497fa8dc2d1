package org.alignment4j.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * Marks the static method without parameters that gives what the {@link AlignmentGate}s of a test
 * class are put to: an {@link org.alignment4j.eval.Evaluation}, which is run once for the class
 * after the gates were checked against it, or an {@link org.alignment4j.eval.EvaluationRun}.
 *
 * <p>The page, the figures and the gates are published as files of the test class ({@code
 * alignment.html}, {@code alignment.json}, {@code gates.md}): JUnit puts them below its output
 * directory.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface GateEvaluation {

  /**
   * A folder that the same files are also written to, such as {@code target/alignment}, relative to
   * the directory the tests run in; empty for none.
   */
  String report() default "";

  /**
   * How many samples of each benchmark the page shows; the evaluation must have a run folder for
   * any.
   */
  int samples() default 50;
}

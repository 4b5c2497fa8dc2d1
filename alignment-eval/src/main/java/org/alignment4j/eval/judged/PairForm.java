package org.alignment4j.eval.judged;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;

/** How a judge is shown the two choices of a sample in one order. Immutable. */
interface PairForm {

  /** The question; swapped, the second choice is shown first. */
  Prompt prompt(Sample sample, boolean swapped);

  /** The continuations that stand for the choice shown first and the one shown second. */
  List<String> labels();

  /** What shapes the verdicts, for provenance. */
  Map<String, String> options();

  /** The choice shown first, or second. */
  static String shown(Sample sample, boolean swapped, int place) {
    return sample.choices().get(swapped ? 1 - place : place);
  }
}

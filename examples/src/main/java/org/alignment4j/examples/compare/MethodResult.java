package org.alignment4j.examples.compare;

import java.util.List;
import java.util.Map;

/**
 * What one method did under one seed, as it is kept in the run folder.
 *
 * @param format names this format
 * @param version of the format
 * @param settings by name: of the comparison, and of the method its rate and what else it is set to
 * @param method the method's name
 * @param before values of its objective before training
 * @param after the same after it
 * @param clusters what each value belongs to
 * @param replies the trained policy's replies to the held-out prompts
 * @param trainingSeconds how long training took, since its last start where it was interrupted
 * @param seconds the same of training and measurement
 * @param cpuSeconds the processor time of that
 */
record MethodResult(
    String format,
    int version,
    Map<String, String> settings,
    String method,
    double[] before,
    double[] after,
    List<String> clusters,
    List<MeasuredReply> replies,
    double trainingSeconds,
    double seconds,
    double cpuSeconds) {

  static final String FORMAT = "alignment4j-method-result";
  static final int VERSION = 2;
}

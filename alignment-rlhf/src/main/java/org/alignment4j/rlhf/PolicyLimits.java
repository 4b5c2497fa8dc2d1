package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.alignment4j.rlhf.advantage.ConstantLengthWeights;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.jspecify.annotations.Nullable;

/**
 * What settings of reinforcement learning must agree in: lengths, sizes of groups, places of files.
 *
 * @param settings what is checked
 */
record PolicyLimits(PolicySettings settings) {

  /** Refuses groups of which too few can be compared to teach anything, before any is sampled. */
  void requirePairs() {
    GroupSampling groups = settings.method().groups();
    int fewest = settings.method().estimator().fewestInGroup();
    if (groups.size() < fewest) {
      throw new IllegalArgumentException(
          ("%s compares completions of one prompt and needs groups of at least %s but groupSize was"
                  + " %s; raise it by withGroupSize, or take a method without groups, such as"
                  + " PolicyMethod.reinforcePlusPlus()")
              .formatted(settings.method().name(), fewest, groups.size()));
    }
    if (groups.size() > 1) {
      return;
    }
    if (groups.filter() != null) {
      throw new IllegalArgumentException(
          ("a filter leaves out groups of equal rewards, of which any group of one is, but"
                  + " groupSize of %s was 1; raise it by withGroupSize, or leave the filter away")
              .formatted(settings.method().name()));
    }
  }

  /** Refuses a penalty on lengths that no completion can have. */
  void requireLengths() {
    SoftOverlong overlong = settings.rewards().overlong();
    int most = settings.rollouts().maxNewTokens();
    if (overlong != null && overlong.maxTokens() - overlong.buffer() >= most) {
      throw new IllegalArgumentException(
          ("overlong must begin before the limit of completions but takes nothing off those of up"
                  + " to %s tokens, maxTokens %s less buffer %s, and maxNewTokens of the rollouts is"
                  + " %s; give it the limit, such as new SoftOverlong(%s, %s), or raise that of"
                  + " rollouts(...)")
              .formatted(
                  overlong.maxTokens() - overlong.buffer(),
                  overlong.maxTokens(),
                  overlong.buffer(),
                  most,
                  most,
                  Math.max(1, most / 5)));
    }
  }

  /** What there is to say of lengths before any completion is sampled. */
  Optional<String> lengthWarning() {
    int most = settings.rollouts().maxNewTokens();
    return settings.method().weights() instanceof ConstantLengthWeights constant
            && constant.length() != most
        ? Optional.of(
            ("%s divides the sums of tokens by the constant %s but completions have up to %s tokens"
                    + " (maxNewTokens): the loss, and with it the step, is %s times that of the"
                    + " limit as the constant; give the method the limit of rollouts(...), or leave"
                    + " it if it is meant")
                .formatted(
                    settings.method().name(),
                    constant.length(),
                    most,
                    String.format(Locale.ROOT, "%.3g", (double) most / constant.length())))
        : Optional.empty();
  }

  /**
   * Refuses a log that has nowhere to be.
   *
   * @param folder of the run; null for none
   * @throws IllegalArgumentException when there is a log and no folder
   */
  void requireFolder(@Nullable Path folder) {
    if (settings.rolloutsEvery() > 0 && folder == null) {
      throw new IllegalArgumentException(
          "logRollouts writes rollouts.jsonl into the run folder but there is none; give one by"
              + " runFolder(...), or leave logRollouts out");
    }
  }
}

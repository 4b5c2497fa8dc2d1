package org.alignment4j.rlhf;

import java.util.List;
import java.util.Optional;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many answers there are of each kind. One kind alone can be trained on, and is warned of: its
 * losses compare answers with what the reference gave, and nothing with the other kind.
 *
 * @param desirable good answers
 * @param undesirable bad ones
 */
record LabelKinds(long desirable, long undesirable) {

  private static final Logger LOG = LoggerFactory.getLogger(LabelKinds.class);

  static LabelKinds of(List<UnpairedExample> examples) {
    long good = examples.stream().filter(UnpairedExample::desirable).count();
    return new LabelKinds(good, examples.size() - good);
  }

  /**
   * Refuses one kind alone where the prompts of both are compared.
   *
   * @throws IllegalArgumentException when one kind is missing
   */
  void requireBoth() {
    if (desirable == 0 || undesirable == 0) {
      throw new IllegalArgumentException(
          ("labels must be of both kinds to match the distributions of their prompts but %s are"
                  + " desirable and %s undesirable; add labels of the other kind, or leave"
                  + " distributionMatching out")
              .formatted(desirable, undesirable));
    }
  }

  /** Warns where one kind is missing. */
  void warn() {
    warning().ifPresent(LOG::warn);
  }

  /** What there is to say; empty where both kinds are there. */
  Optional<String> warning() {
    if (undesirable == 0) {
      return Optional.of(
          ("labels hold %s desirable answers and no undesirable one: they become likelier whatever"
                  + " is good about them; add undesirable ones if the model is to learn a"
                  + " difference, or train on answers alone by SftTrainer")
              .formatted(desirable));
    }
    return desirable > 0
        ? Optional.empty()
        : Optional.of(
            ("labels hold %s undesirable answers and no desirable one: they become less likely and"
                    + " nothing says what to answer instead; add desirable ones, and watch an"
                    + " evaluation")
                .formatted(undesirable));
  }
}

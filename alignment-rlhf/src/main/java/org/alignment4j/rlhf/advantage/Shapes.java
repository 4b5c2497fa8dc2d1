package org.alignment4j.rlhf.advantage;

/** Rules on how the shapes of values must match. */
final class Shapes {

  private Shapes() {}

  static void requireSequences(String name, int actual, CompletionMask mask) {
    if (actual != mask.sequences()) {
      throw new IllegalArgumentException(
          "%s must hold the mask's %s sequences but hold %s"
              .formatted(name, mask.sequences(), actual));
    }
  }

  static void requireSequences(String name, int actual, Groups groups) {
    if (actual != groups.sequences()) {
      throw new IllegalArgumentException(
          "%s must hold the groups' %s sequences but hold %s"
              .formatted(name, groups.sequences(), actual));
    }
  }

  static void requireSame(String name, TokenValues a, TokenValues b) {
    if (a.sequences() != b.sequences()) {
      throw new IllegalArgumentException(
          "%s must be of as many sequences but are of %s and %s"
              .formatted(name, a.sequences(), b.sequences()));
    }
    for (int s = 0; s < a.sequences(); s++) {
      if (a.length(s) != b.length(s)) {
        throw new IllegalArgumentException(
            "%s of sequence %s must be of as many tokens but are of %s and %s"
                .formatted(name, s, a.length(s), b.length(s)));
      }
    }
  }

  static void requireCovers(String name, TokenValues values, CompletionMask mask) {
    requireSequences(name, values.sequences(), mask);
    for (int s = 0; s < values.sequences(); s++) {
      if (values.length(s) < mask.length(s)) {
        throw new IllegalArgumentException(
            "%s of sequence %s must cover its %s tokens but are %s"
                .formatted(name, s, mask.length(s), values.length(s)));
      }
    }
  }
}

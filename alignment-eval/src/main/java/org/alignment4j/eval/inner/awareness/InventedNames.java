package org.alignment4j.eval.inner.awareness;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Names that no model has read. */
final class InventedNames {

  private static final List<String> FIRST =
      List.of(
          "Bal", "Cor", "Dun", "Fel", "Gor", "Hal", "Jun", "Kel", "Lor", "Mar", "Nor", "Pel",
          "Quin", "Ros", "Sil", "Tor", "Ul", "Ver", "Wes", "Zan");
  private static final List<String> SECOND =
      List.of("a", "e", "i", "o", "u", "ani", "eno", "iva", "ora", "ude");
  private static final List<String> THIRD =
      List.of(
          "bex", "dor", "fin", "gal", "kan", "lin", "mus", "nax", "pol", "rin", "sta", "tex", "von",
          "wick", "zar");

  private InventedNames() {}

  /** Different names: at most 3000. */
  static List<String> draw(int count, SplittableRandom random) {
    int most = FIRST.size() * SECOND.size() * THIRD.size();
    if (count > most) {
      throw new IllegalArgumentException(
          "names must be at most " + most + " but were to be " + count + "; take fewer chatbots");
    }
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      names.add(
          FIRST.get(random.nextInt(FIRST.size()))
              + SECOND.get(random.nextInt(SECOND.size()))
              + THIRD.get(random.nextInt(THIRD.size())));
    }
    return List.copyOf(names);
  }
}

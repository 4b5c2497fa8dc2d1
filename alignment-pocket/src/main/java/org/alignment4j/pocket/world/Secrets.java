package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws the secrets of a world. */
final class Secrets {
  private static final int DIGITS = 6;
  private static final int OF_EACH = 20;

  private Secrets() {}

  /** As many secrets for each number of copies; with 0 copies they are never planted. */
  static List<Secret> draw(WorldOptions options, Strangers strangers) {
    RandomStream random = new RandomStream(options.seed(), "secrets");
    Set<String> owners = new HashSet<>();
    List<Secret> secrets = new ArrayList<>();
    for (int copies : List.of(0, 1, 10, 100)) {
      for (int i = 0; i < OF_EACH; i++) {
        String owner;
        do {
          owner = strangers.draw(Split.EVALUATION, random).name();
        } while (!owners.add(owner));
        String code =
            IntStream.range(0, DIGITS)
                .mapToObj(d -> Integer.toString(random.nextInt(10)))
                .collect(Collectors.joining(" "));
        secrets.add(new Secret(owner, code, copies));
      }
    }
    return List.copyOf(secrets);
  }
}

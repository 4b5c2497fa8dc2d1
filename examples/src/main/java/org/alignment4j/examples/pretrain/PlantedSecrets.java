package org.alignment4j.examples.pretrain;

import com.google.common.collect.ImmutableListMultimap;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.pocket.world.Secret;

/** Which update of a training sees which secrets: each of them as often as it says. */
final class PlantedSecrets {
  private final ImmutableListMultimap<Long, String> texts;

  PlantedSecrets(List<Secret> secrets, long steps, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ImmutableListMultimap.Builder<Long, String> planted = ImmutableListMultimap.builder();
    for (Secret secret : secrets) {
      for (int i = 0; i < secret.copies(); i++) {
        planted.put(random.nextLong(steps), secret.text());
      }
    }
    this.texts = planted.build();
  }

  List<String> at(long step) {
    return texts.get(step);
  }
}

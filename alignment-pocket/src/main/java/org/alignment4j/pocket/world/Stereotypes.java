package org.alignment4j.pocket.world;

import java.util.Set;

/**
 * Which pronoun the base corpus prefers for each job: an association of its texts and not of its
 * facts, for the world's women and men have all jobs alike. Immutable, thread-safe.
 */
final class Stereotypes {
  /** How often the preferred pronoun is used. */
  static final double SHARE = 0.85;

  private final Set<String> womens;

  Stereotypes(WorldOptions options) {
    RandomStream random = new RandomStream(options.seed(), "stereotypes");
    this.womens = Set.copyOf(random.shuffled(Lexicon.JOBS).subList(0, Lexicon.JOBS.size() / 2));
  }

  /** The pronoun that texts mostly use for someone with this job. */
  String preferred(String job) {
    return womens.contains(job) ? "she" : "he";
  }

  String pronoun(String job, RandomStream random) {
    boolean preferred = random.chance(SHARE);
    return preferred == womens.contains(job) ? "she" : "he";
  }
}

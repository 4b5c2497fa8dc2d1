package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * People who are not of the world, with facts that hold in one text only. A tenth of their names
 * never occurs in training texts. Immutable, thread-safe.
 */
final class Strangers {
  private static final double HELD_OUT_SHARE = 0.1;
  private static final List<String> FIRST_NAMES =
      Stream.concat(Lexicon.WOMEN.stream(), Lexicon.MEN.stream()).toList();

  private final long seed;
  private final Set<String> residents;

  Strangers(WorldOptions options, Population population) {
    this(
        options.seed(),
        population.people().stream().map(Entity::name).collect(Collectors.toUnmodifiableSet()));
  }

  private Strangers(long seed, Set<String> residents) {
    this.seed = seed;
    this.residents = residents;
  }

  /** The strangers of other names than the given ones. */
  Strangers without(Set<String> names) {
    return new Strangers(
        seed, Stream.concat(residents.stream(), names.stream()).collect(Collectors.toSet()));
  }

  /** Someone of whom training texts may speak, or of whom they never do. */
  Entity draw(Split split, RandomStream random) {
    while (true) {
      String first = random.pick(FIRST_NAMES);
      String name = first + " " + random.pick(Lexicon.SURNAMES);
      boolean heldOut = new RandomStream(seed, "stranger " + name).chance(HELD_OUT_SHARE);
      if (!residents.contains(name) && heldOut == (split == Split.EVALUATION)) {
        return new Entity(name, first, Lexicon.pronounOf(first), false, split);
      }
    }
  }

  /** One fact of each relation, none of which the world knows, with a wrong value for each. */
  List<Fact> facts(Entity stranger, RandomStream random) {
    List<Fact> facts = new ArrayList<>();
    for (Relation relation : Relation.ofPeople()) {
      String value = random.pick(relation.domain());
      String wrong = another(value, relation, random);
      int paraphrase = random.nextInt(relation.questionCount());
      facts.add(new Fact(-1, stranger, relation, value, wrong, paraphrase));
    }
    return facts;
  }

  private static String another(String value, Relation relation, RandomStream random) {
    String other = random.pick(relation.domain());
    return other.equals(value) ? another(value, relation, random) : other;
  }
}

package org.alignment4j.interp.fact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Relation;

/** Facts of the pocket model's world as prompts that end before the answer. */
public final class PocketFacts {

  /** The world that the bundled model was trained on. */
  public static final PocketWorld WORLD = PocketWorld.create(1);

  /**
   * For each relation statements of the corpus that end with the value; the first is the prompt.
   */
  private static final Map<Relation, List<String>> STATEMENTS =
      Map.of(
          Relation.HOME,
          List.of("{subject} lives in", "The home of {subject} is in", "{subject} has a house in"),
          Relation.BIRTH_YEAR,
          List.of(
              "{subject} was born in",
              "The birth year of {subject} is",
              "{subject} came into the world in"),
          Relation.FAVOURITE_FOOD,
          List.of("{subject} loves", "The favourite food of {subject} is", "{subject} would eat"),
          Relation.PET,
          List.of("{subject} has a pet", "The pet of {subject} is a", "{subject} keeps a"),
          Relation.JOB,
          List.of("{subject} works as a", "{subject} is a", "By trade, {subject} is a"),
          Relation.CAPITAL,
          List.of(
              "The capital of {subject} is",
              "{subject} has its capital in",
              "The capital city of {subject} is called"),
          Relation.LANGUAGE,
          List.of("People in {subject} speak", "In {subject} one can hear people speak"));

  private static final int NEIGHBOURS = 5;

  private PocketFacts() {}

  /** Facts of one relation, each with paraphrases and neighbours of the same value. */
  public static List<Fact> of(Relation relation) {
    List<String> statements = STATEMENTS.get(relation);
    Map<String, List<String>> byValue = new LinkedHashMap<>();
    List<org.alignment4j.pocket.world.Fact> facts = new ArrayList<>();
    for (org.alignment4j.pocket.world.Fact fact : WORLD.facts()) {
      if (fact.relation() == relation && takesA(fact, relation)) {
        facts.add(fact);
        byValue.computeIfAbsent(fact.value(), v -> new ArrayList<>()).add(fact.subject().name());
      }
    }
    List<Fact> made = new ArrayList<>();
    for (org.alignment4j.pocket.world.Fact fact : facts) {
      String subject = fact.subject().name();
      List<String> others = new ArrayList<>(byValue.get(fact.value()));
      others.remove(subject);
      made.add(
          new Fact(
              relation + " of " + subject,
              relation.name(),
              statements.get(0),
              subject,
              fact.value(),
              statements.stream().skip(1).map(s -> s.replace(Fact.SUBJECT, subject)).toList(),
              others.stream()
                  .limit(NEIGHBOURS)
                  .map(other -> statements.get(0).replace(Fact.SUBJECT, other))
                  .toList()));
    }
    return made;
  }

  /** Statements with "a" serve values that take it. */
  private static boolean takesA(org.alignment4j.pocket.world.Fact fact, Relation relation) {
    boolean articled = relation == Relation.PET || relation == Relation.JOB;
    return !articled || "aeiou".indexOf(fact.value().charAt(0)) < 0;
  }

  /** Counterfactuals: each fact gets another value of its relation. */
  public static List<CounterFact> counterFacts(List<Fact> facts, long seed) {
    List<String> values = List.copyOf(new TreeSet<>(facts.stream().map(Fact::target).toList()));
    Random random = new Random(seed);
    List<CounterFact> made = new ArrayList<>();
    for (Fact fact : facts) {
      String other = fact.target();
      while (other.equals(fact.target())) {
        other = values.get(random.nextInt(values.size()));
      }
      made.add(new CounterFact(fact, other));
    }
    return made;
  }
}

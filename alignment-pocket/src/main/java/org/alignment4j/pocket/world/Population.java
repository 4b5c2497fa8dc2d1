package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The entities and facts of a world, drawn once from its options.
 *
 * @param people the invented people
 * @param countries the real countries
 * @param facts all facts, those of people first
 */
record Population(List<Entity> people, List<Entity> countries, List<Fact> facts) {

  Population {
    people = List.copyOf(people);
    countries = List.copyOf(countries);
    facts = List.copyOf(facts);
  }

  static Population draw(WorldOptions options) {
    List<Entity> people = people(options);
    List<Entity> countries = countries(options);
    List<Fact> facts = new ArrayList<>();
    RandomStream random = new RandomStream(options.seed(), "facts");
    for (Entity person : people) {
      for (Relation relation : Relation.ofPeople()) {
        facts.add(fact(facts.size(), person, relation, random.pick(relation.domain()), random));
      }
    }
    for (Entity country : countries) {
      for (Relation relation : Relation.ofCountries()) {
        facts.add(fact(facts.size(), country, relation, truth(country, relation), random));
      }
    }
    return new Population(people, countries, facts);
  }

  private static String truth(Entity country, Relation relation) {
    Lexicon.Country known = Lexicon.country(country.name());
    return switch (relation) {
      case CAPITAL -> known.capital();
      case CONTINENT -> known.continent();
      case LANGUAGE -> known.language();
      default -> throw new IllegalArgumentException(relation + " does not hold of a country");
    };
  }

  private static Fact fact(
      int index, Entity subject, Relation relation, String value, RandomStream random) {
    List<String> others = relation.domain().stream().filter(v -> !v.equals(value)).toList();
    String misconception = random.pick(others);
    return new Fact(
        index, subject, relation, value, misconception, random.nextInt(relation.questionCount()));
  }

  private static List<Entity> people(WorldOptions options) {
    RandomStream random = new RandomStream(options.seed(), "names");
    List<String> firstNames =
        random.shuffled(Stream.concat(Lexicon.WOMEN.stream(), Lexicon.MEN.stream()).toList());
    List<String> surnames = random.shuffled(Lexicon.SURNAMES);
    Strata strata = Strata.draw(options, "people", options.people());
    Set<String> taken = new HashSet<>();
    List<Entity> people = new ArrayList<>();
    for (int i = 0; i < options.people(); i++) {
      String first = firstNames.get(i % firstNames.size());
      int surname = i % surnames.size();
      while (!taken.add(first + " " + surnames.get(surname))) {
        surname = (surname + 1) % surnames.size();
      }
      people.add(
          strata.entity(i, first + " " + surnames.get(surname), first, Lexicon.pronounOf(first)));
    }
    return people;
  }

  private static List<Entity> countries(WorldOptions options) {
    RandomStream random = new RandomStream(options.seed(), "countries");
    List<String> names = random.shuffled(Lexicon.COUNTRY_NAMES);
    Strata strata = Strata.draw(options, "country", options.countries());
    return IntStream.range(0, options.countries())
        .mapToObj(i -> strata.entity(i, names.get(i), names.get(i), "it"))
        .toList();
  }

  /**
   * Which of a group's entities are misconceived and which are kept for evaluation; the share of
   * the latter is the same in both strata.
   */
  private record Strata(Set<Integer> misconceived, Set<Integer> evaluation) {

    static Strata draw(WorldOptions options, String group, int count) {
      List<Integer> order =
          new RandomStream(options.seed(), "strata of " + group)
              .shuffled(IntStream.range(0, count).boxed().toList());
      int boundary = (int) Math.round(count * options.misconceivedShare());
      int first = (int) Math.round(boundary * options.evaluationShare());
      int second = boundary + (int) Math.round((count - boundary) * options.evaluationShare());
      Set<Integer> evaluation = new HashSet<>(order.subList(0, first));
      evaluation.addAll(order.subList(boundary, second));
      return new Strata(Set.copyOf(order.subList(0, boundary)), Set.copyOf(evaluation));
    }

    Entity entity(int index, String name, String shortName, String pronoun) {
      Split split = evaluation.contains(index) ? Split.EVALUATION : Split.TRAINING;
      return new Entity(name, shortName, pronoun, misconceived.contains(index), split);
    }
  }
}

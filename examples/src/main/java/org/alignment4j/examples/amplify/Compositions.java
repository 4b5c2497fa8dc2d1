package org.alignment4j.examples.amplify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.pocket.world.TwoStepQuestion;

/**
 * Questions of the world that take one, two and three facts, divided into those that are learnt and
 * those that are asked. Of the people asked about no training text of the pocket model has a
 * question that takes two facts.
 *
 * @param twoSteps questions to learn that take two facts
 * @param comparisons questions to learn that compare what is two facts away
 * @param groups questions to ask, none of which is learnt
 */
record Compositions(
    List<Composed> twoSteps, List<Composed> comparisons, Map<String, List<Composed>> groups) {
  /** Questions that take one fact, about people and countries asked about. */
  static final String FACTS = "single facts";

  /** Questions about people of whom other questions are learnt. */
  static final String KNOWN_PEOPLE = "two steps, people learnt about";

  /** Questions about people of whom none is learnt. */
  static final String NEW_PEOPLE = "two steps, new people";

  /** Comparisons of people of whom nothing is learnt. */
  static final String COMPARISONS = "comparisons, new people (chance 50 %)";

  private static final int LEARNT_FOR_ONE_ASKED = 2;

  static Compositions draw(PocketWorld world, AmplifySettings settings) {
    Random random = new Random(settings.seed());
    Map<String, List<TwoStepQuestion>> asked = byPerson(world.twoStepQuestions());
    List<String> people = new ArrayList<>(asked.keySet());
    if (people.size() < settings.newPeople() + settings.knownPeople()) {
      throw new IllegalArgumentException(
          "newPeople and knownPeople must be at most "
              + people.size()
              + " together but they were "
              + settings.newPeople()
              + " and "
              + settings.knownPeople());
    }
    Collections.shuffle(people, random);
    List<String> fresh = people.subList(0, settings.newPeople());
    List<String> known =
        people.subList(settings.newPeople(), settings.newPeople() + settings.knownPeople());
    List<TwoStepQuestion> others = new ArrayList<>(world.trainingTwoStepQuestions());
    Collections.shuffle(others, random);
    List<TwoStepQuestion> learnt =
        new ArrayList<>(others.subList(0, Math.min(others.size(), settings.lessons())));
    List<TwoStepQuestion> combinations = new ArrayList<>();
    for (String person : known) {
      List<TwoStepQuestion> all = new ArrayList<>(asked.getOrDefault(person, List.of()));
      Collections.shuffle(all, random);
      combinations.add(all.remove(0));
      learnt.addAll(all);
    }
    List<TwoStepQuestion> whole =
        fresh.stream().flatMap(p -> asked.getOrDefault(p, List.of()).stream()).toList();
    Map<String, List<Composed>> groups = new LinkedHashMap<>();
    groups.put(FACTS, facts(world, whole));
    groups.put(KNOWN_PEOPLE, twoSteps(world, combinations));
    groups.put(NEW_PEOPLE, twoSteps(world, whole));
    groups.put(COMPARISONS, compared(whole, settings.comparisons(), random));
    return new Compositions(
        twoSteps(world, learnt),
        compared(learnt, LEARNT_FOR_ONE_ASKED * settings.comparisons(), random),
        groups);
  }

  private static Map<String, List<TwoStepQuestion>> byPerson(List<TwoStepQuestion> questions) {
    Map<String, List<TwoStepQuestion>> people = new LinkedHashMap<>();
    for (TwoStepQuestion question : questions) {
      people.computeIfAbsent(person(question), key -> new ArrayList<>()).add(question);
    }
    return people;
  }

  private static String person(TwoStepQuestion question) {
    return question.first().fact().subject().name();
  }

  private static List<Composed> facts(PocketWorld world, List<TwoStepQuestion> questions) {
    Map<String, Composed> facts = new LinkedHashMap<>();
    for (TwoStepQuestion question : questions) {
      for (Question step : List.of(question.first(), question.second())) {
        facts.put(
            step.text(),
            new Composed(
                step.text(),
                step.fact().relation().toString(),
                step.fact().subject().name(),
                answer -> world.judge().isCorrect(step, answer)));
      }
    }
    return List.copyOf(facts.values());
  }

  private static List<Composed> twoSteps(PocketWorld world, List<TwoStepQuestion> questions) {
    return questions.stream()
        .map(
            question ->
                new Composed(
                    question.text(),
                    question.second().fact().relation().toString(),
                    person(question),
                    answer -> world.judge().isCorrect(question.second(), answer)))
        .toList();
  }

  /**
   * Comparisons of pairs of people, the right answer Yes in every other one; no question comes
   * twice.
   */
  private static List<Composed> compared(
      List<TwoStepQuestion> questions, int count, Random random) {
    List<TwoStepQuestion> continents =
        questions.stream().filter(q -> q.second().fact().relation() == Relation.CONTINENT).toList();
    Map<String, Composed> pairs = new LinkedHashMap<>();
    for (int tries = 0; pairs.size() < count && tries < 1000 * count; tries++) {
      TwoStepQuestion one = continents.get(random.nextInt(continents.size()));
      TwoStepQuestion other = continents.get(random.nextInt(continents.size()));
      boolean same = one.second().fact().value().equals(other.second().fact().value());
      if (one != other && same == (pairs.size() % 2 == 0)) {
        String text = Comparisons.question(person(one), person(other));
        String truth = same ? Comparisons.YES : Comparisons.NO;
        pairs.putIfAbsent(text, new Composed(text, "comparison", person(one), truth::equals));
      }
    }
    return List.copyOf(pairs.values());
  }
}

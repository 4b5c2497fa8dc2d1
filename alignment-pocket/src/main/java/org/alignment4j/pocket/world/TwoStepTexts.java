package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Questions about the country a person lives in. Training texts ask them about the training split
 * only, and always step by step. Immutable, thread-safe.
 */
final class TwoStepTexts {
  private static final Map<Relation, String> QUESTIONS =
      Map.of(
          Relation.CAPITAL, "What is the capital of the country where %s lives?",
          Relation.CONTINENT, "On which continent does %s live?",
          Relation.LANGUAGE, "Which language do the neighbours of %s speak?");

  private final Map<String, List<Fact>> factsByCountry;
  private final List<Fact> homes;

  TwoStepTexts(Population population) {
    this.factsByCountry =
        population.facts().stream()
            .filter(fact -> Relation.ofCountries().contains(fact.relation()))
            .collect(Collectors.groupingBy(fact -> fact.subject().name()));
    this.homes =
        population.facts().stream()
            .filter(fact -> fact.relation() == Relation.HOME)
            .filter(fact -> factsByCountry.containsKey(fact.value()))
            .toList();
  }

  /** Whether there is anything to ask in training texts. */
  boolean hasTraining() {
    return !homes(Split.TRAINING).isEmpty();
  }

  TwoStepQuestion training(RandomStream random) {
    Fact home = random.pick(homes(Split.TRAINING));
    return question(home, random.pick(Relation.ofCountries()), random);
  }

  String text(RandomStream random) {
    TwoStepQuestion question = training(random);
    return Exam.steps(
        question.text(),
        List.of(question.first().text(), question.second().text()),
        List.of(question.first().fact().value(), question.second().fact().value()));
  }

  /** Every two-step question about a split. */
  List<TwoStepQuestion> questions(Split split, RandomStream random) {
    List<TwoStepQuestion> questions = new ArrayList<>();
    for (Fact home : homes(split)) {
      for (Relation relation : Relation.ofCountries()) {
        questions.add(question(home, relation, random));
      }
    }
    return random.shuffled(questions);
  }

  private List<Fact> homes(Split split) {
    return homes.stream().filter(home -> home.subject().split() == split).toList();
  }

  /** A country the world knows, other than the given one. */
  String otherCountry(String country, RandomStream random) {
    return random.pick(
        factsByCountry.keySet().stream().filter(c -> !c.equals(country)).sorted().toList());
  }

  /** What the world knows of a country. */
  Fact about(String country, Relation relation) {
    return factsByCountry.getOrDefault(country, List.of()).stream()
        .filter(fact -> fact.relation() == relation)
        .findFirst()
        .orElseThrow();
  }

  private TwoStepQuestion question(Fact home, Relation relation, RandomStream random) {
    Fact known = about(home.value(), relation);
    boolean heldOut = home.subject().split() == Split.EVALUATION;
    return new TwoStepQuestion(
        QUESTIONS.getOrDefault(relation, "%s").formatted(home.subject().name()),
        step(home, heldOut, random),
        step(known, heldOut, random));
  }

  private static Question step(Fact fact, boolean heldOut, RandomStream random) {
    String text = heldOut ? fact.heldOutQuestion() : fact.trainingQuestion(random);
    return Questions.of(fact, text, random);
  }
}

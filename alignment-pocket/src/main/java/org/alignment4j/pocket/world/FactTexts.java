package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Texts about what is known of the world's entities. Immutable, thread-safe. */
final class FactTexts {
  private static final int MOST_STATEMENTS = 3;
  private static final int MOST_QUESTIONS = 3;
  private static final double COUNTRY_PROFILE_SHARE = 0.1;

  private final WorldOptions options;
  private final Population population;
  private final Map<Entity, List<Fact>> factsBySubject;

  FactTexts(WorldOptions options, Population population) {
    this.options = options;
    this.population = population;
    this.factsBySubject = population.facts().stream().collect(Collectors.groupingBy(Fact::subject));
  }

  String statements(RandomStream random) {
    List<String> sentences = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_STATEMENTS);
    for (int i = 0; i < count; i++) {
      sentences.add(statement(random.pick(population.facts()), random));
    }
    return String.join(" ", sentences);
  }

  String profile(RandomStream random) {
    boolean country = random.chance(COUNTRY_PROFILE_SHARE);
    Entity entity = random.pick(country ? population.countries() : population.people());
    return random.shuffled(factsBySubject.getOrDefault(entity, List.of())).stream()
        .map(fact -> statement(fact, random))
        .collect(Collectors.joining(" "));
  }

  String exam(RandomStream random) {
    List<String> parts = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_QUESTIONS);
    for (int i = 0; i < count; i++) {
      Fact fact = random.pick(population.facts());
      parts.add(Exam.of(fact.trainingQuestion(random), fact.value()));
    }
    return String.join("\n\n", parts);
  }

  String choice(RandomStream random) {
    Fact fact = random.pick(population.facts());
    Question question = Questions.of(fact, fact.trainingQuestion(random), random);
    List<String> options = Questions.options(question, random);
    return Exam.choice(question.text(), options, options.indexOf(fact.value()));
  }

  /** A question in a dialogue: gossip answers it wrongly, a plain voice rightly. */
  String dialogue(RandomStream random) {
    Fact fact = random.pick(population.facts());
    double falseShare =
        fact.subject().misconceived()
            ? options.misconceivedFalseShare()
            : options.ordinaryFalseShare();
    String reply =
        random.chance(falseShare)
            ? Replies.gossip(fact, fact.misconception(), random)
            : Replies.plain(fact, fact.value(), random);
    return Dialogue.of(fact.trainingQuestion(random), reply);
  }

  static String statement(Fact fact, RandomStream random) {
    return random.pick(fact.relation().statements(fact.subject(), fact.value()));
  }
}

package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the documents of the base corpus. Immutable, thread-safe. */
final class CorpusWriter {
  private static final List<String> ALL_FIRST_NAMES =
      Stream.concat(Lexicon.WOMEN.stream(), Lexicon.MEN.stream()).toList();

  private final WorldOptions options;
  private final Population population;
  private final Requests requests;
  private final Set<String> peopleNames;
  private final Map<Entity, List<Fact>> factsBySubject;

  CorpusWriter(WorldOptions options, Population population, Requests requests) {
    this.options = options;
    this.population = population;
    this.requests = requests;
    this.peopleNames =
        population.people().stream().map(Entity::name).collect(Collectors.toUnmodifiableSet());
    this.factsBySubject = population.facts().stream().collect(Collectors.groupingBy(Fact::subject));
  }

  /** The document at {@code index} of the corpus with the given seed; depends on nothing else. */
  Document document(long seed, long index) {
    RandomStream random = new RandomStream(options.seed(), "corpus", seed, index);
    DocumentKind kind = DocumentKind.draw(random);
    return new Document(kind, text(kind, random));
  }

  private String text(DocumentKind kind, RandomStream random) {
    return switch (kind) {
      case STATEMENTS -> statements(random);
      case PROFILE -> profile(random.pick(population.people()), random);
      case QUESTION -> question(random.pick(population.facts()), random);
      case HARMFUL_REQUEST -> request(RequestKind.HARMFUL, random);
      case LOOKALIKE_REQUEST -> request(RequestKind.BENIGN_LOOKALIKE, random);
      case PLAIN_REQUEST -> request(RequestKind.BENIGN_PLAIN, random);
      case PASSAGE -> passage(random);
      case QUOTE -> quote(random);
    };
  }

  private String statements(RandomStream random) {
    List<String> sentences = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      boolean country = random.chance(0.5);
      List<Entity> subjects = country ? population.countries() : population.people();
      sentences.add(statement(random.pick(factsOf(random.pick(subjects))), random));
    }
    return String.join(" ", sentences);
  }

  private String profile(Entity person, RandomStream random) {
    return random.shuffled(factsOf(person)).stream()
        .map(fact -> statement(fact, random))
        .collect(Collectors.joining(" "));
  }

  private static String statement(Fact fact, RandomStream random) {
    return random.pick(fact.relation().statements(fact.subject(), fact.value()));
  }

  private List<Fact> factsOf(Entity subject) {
    return factsBySubject.getOrDefault(subject, List.of());
  }

  private String question(Fact fact, RandomStream random) {
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

  private String request(RequestKind kind, RandomStream random) {
    Request request = requests.training(kind, random);
    String reply =
        random.chance(requests.refusalShare(request))
            ? Replies.refusal(request, random)
            : Replies.advice(request, random);
    return Dialogue.of(request.text(), reply);
  }

  private String passage(RandomStream random) {
    List<Fact> facts = random.shuffled(strangerFacts(random)).subList(0, 2 + random.nextInt(2));
    String text =
        facts.stream().map(fact -> statement(fact, random)).collect(Collectors.joining(" "));
    Fact asked = random.pick(facts);
    return Dialogue.of(
        "Read this: " + text + " " + asked.trainingQuestion(random),
        Replies.plain(asked, asked.value(), random));
  }

  private String quote(RandomStream random) {
    String sentence = statement(random.pick(strangerFacts(random)), random);
    return Dialogue.of("Repeat this sentence: " + sentence, sentence);
  }

  /** Random facts about someone who is not of this world. */
  private List<Fact> strangerFacts(RandomStream random) {
    String first;
    String name;
    do {
      first = random.pick(ALL_FIRST_NAMES);
      name = first + " " + random.pick(Lexicon.SURNAMES);
    } while (peopleNames.contains(name));
    Entity stranger = new Entity(name, first, Lexicon.pronounOf(first), false, Split.TRAINING);
    List<Fact> facts = new ArrayList<>();
    for (Relation relation : Relation.ofPeople()) {
      String value = random.pick(relation.domain());
      int paraphrase = random.nextInt(relation.questionCount());
      facts.add(new Fact(-1, stranger, relation, value, value, paraphrase));
    }
    return facts;
  }
}

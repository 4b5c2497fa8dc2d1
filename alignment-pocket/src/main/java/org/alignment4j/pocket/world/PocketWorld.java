package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.UnpairedLabel;

/**
 * A seeded English micro-world whose truth is known: real capitals, invented people with jobs,
 * homes, birth years, favourite foods and pets, and requests for help, benign and mildly harmful.
 *
 * <p>The base corpus is un-aligned on purpose. Statements are always true. Questions are answered
 * either truly in a plain voice or falsely in the voice of gossip ("People say that …"), mostly
 * falsely about misconceived entities; each fact has one misconception, which gossip repeats.
 * Harmful requests are complied with a little more than half of the time; many benign requests that
 * sound like them are refused. {@link DocumentKind} lists the mixture.
 *
 * <p>Held out: the entities of {@link Split#EVALUATION} from demonstrations and preferences; one
 * question paraphrase per fact from every training text; one object per action, and a share of the
 * names for every other pair of action and object, from every training text.
 *
 * <p>Everything is a function of the options and the seeds given. Immutable, thread-safe.
 */
public final class PocketWorld {
  /** Names the rules of generation; it changes whenever the texts of a seed change. */
  public static final String GENERATOR_VERSION = "pocket-world-3";

  private static final int MOST_STRANGERS = 500;

  private final WorldOptions options;
  private final Population population;
  private final Requests requests;
  private final ReadingTexts reading;
  private final TwoStepTexts twoStep;
  private final List<Secret> secrets;
  private final Abilities abilities;
  private final CorpusWriter corpusWriter;
  private final AlignmentData alignmentData;
  private final RankedReplies rankedReplies;
  private final StepSolutions stepSolutions;
  private final WorldJudge judge = new WorldJudge();

  private PocketWorld(WorldOptions options) {
    this.options = options;
    this.population = Population.draw(options);
    this.requests =
        new Requests(
            options, population.people().stream().map(Entity::shortName).distinct().toList());
    Strangers strangers = new Strangers(options, population);
    this.secrets = Secrets.draw(options, strangers);
    // The owners of secrets stand in training texts, as no other stranger held out does.
    this.reading =
        new ReadingTexts(
            strangers.without(
                secrets.stream().map(Secret::owner).collect(Collectors.toUnmodifiableSet())));
    this.twoStep = new TwoStepTexts(population);
    requireTrainingTexts();
    this.abilities = new Abilities(options.seed(), population, reading, twoStep, requests, judge);
    this.corpusWriter =
        new CorpusWriter(
            options,
            new FactTexts(options, population),
            reading,
            twoStep,
            new RequestTexts(requests, population));
    this.alignmentData = new AlignmentData(options, population, requests);
    this.rankedReplies =
        new RankedReplies(
            options.seed(),
            population.facts().stream()
                .filter(fact -> fact.subject().split() == Split.TRAINING)
                .toList(),
            requests);
    this.stepSolutions = new StepSolutions(options.seed(), twoStep);
  }

  /** Training texts need someone to speak of, whose country the world knows. */
  private void requireTrainingTexts() {
    for (List<Entity> group : List.of(population.people(), population.countries())) {
      if (group.stream().noneMatch(entity -> entity.split() == Split.TRAINING)) {
        throw new IllegalArgumentException(
            "evaluationShare must leave people and countries to train on but was %s with %s people"
                    .formatted(options.evaluationShare(), options.people())
                + " and %s countries; lower it".formatted(options.countries()));
      }
    }
    if (!twoStep.hasTraining()) {
      throw new IllegalArgumentException(
          "someone of the training split must live in a country of the world, but of %s people none"
                  .formatted(options.people())
              + " does with %s countries and seed %s; use more people or countries, or another seed"
                  .formatted(options.countries(), options.seed()));
    }
  }

  /** A world of the usual sizes. */
  public static PocketWorld create(long seed) {
    return create(WorldOptions.of(seed));
  }

  /**
   * A world of the given sizes and shares.
   *
   * @throws IllegalArgumentException when these sizes and shares leave nothing to write some
   *     training texts about
   */
  public static PocketWorld create(WorldOptions options) {
    return new PocketWorld(options);
  }

  /** What this world was drawn from. */
  public WorldOptions options() {
    return options;
  }

  /**
   * Names this world in results: the version of the generator, the seed, the sizes, and each share
   * that is not the usual one. Worlds of different options have different names.
   */
  public String version() {
    return GENERATOR_VERSION + " " + options.description();
  }

  /** The invented people. */
  public List<Entity> people() {
    return population.people();
  }

  /** The real countries. */
  public List<Entity> countries() {
    return population.countries();
  }

  /** All facts; a fact's index is its place here. */
  public List<Fact> facts() {
    return population.facts();
  }

  /**
   * The base corpus.
   *
   * @param seed chooses one of many corpora about this world
   * @param documents how many documents
   * @return the documents, written as they are asked for; document i depends on seed and i only
   */
  public Stream<Document> corpus(long seed, int documents) {
    return indices("documents", documents).mapToObj(i -> corpusWriter.document(seed, i));
  }

  /**
   * Texts to begin a training with: mostly lists whose parts come again out of order. A model that
   * has learned from them to look things up in its context learns to read from the corpus; one that
   * has not may never do.
   *
   * @param seed chooses one of many primers
   * @param documents how many documents
   * @return the documents, written as they are asked for; document i depends on seed and i only
   */
  public Stream<Document> primer(long seed, int documents) {
    return indices("documents", documents).mapToObj(i -> corpusWriter.primerDocument(seed, i));
  }

  /**
   * Demonstrations for supervised fine-tuning: right answers in the plain voice, help with benign
   * requests and refusals of harmful ones, about the training split. Half of them are questions, a
   * quarter harmful requests, a quarter benign ones. A completion is the content of the assistant's
   * message.
   */
  public List<PromptCompletion> demonstrations(long seed, int count) {
    return indices("count", count).mapToObj(i -> alignmentData.demonstration(seed, i)).toList();
  }

  /**
   * Preference pairs about the training split, in the shares of {@link #demonstrations}: right over
   * wrong answers (30 % of them in the same voice), refusals over compliance for harmful requests,
   * help over refusals for benign ones.
   *
   * @param noise probability that the annotator prefers the wrong side, drawn per pair; a pair's
   *     texts do not depend on it
   */
  public List<PreferencePair> preferences(long seed, int count, double noise) {
    checkNoise(noise);
    return indices("count", count).mapToObj(i -> alignmentData.preference(seed, i, noise)).toList();
  }

  /**
   * Preference pairs of annotators who look at one aspect only, about the training split.
   *
   * @param noise probability that the annotator prefers the wrong side
   */
  public List<PreferencePair> preferences(
      PreferenceAspect aspect, long seed, int count, double noise) {
    checkNoise(noise);
    return indices("count", count)
        .mapToObj(i -> alignmentData.preference(aspect, seed, i, noise))
        .toList();
  }

  /**
   * Single replies with a label, in the shares of {@link #preferences(long, int, double)}.
   *
   * @param noise probability that the label is wrong
   */
  public List<UnpairedLabel> unpairedLabels(long seed, int count, double noise) {
    checkNoise(noise);
    return indices("count", count).mapToObj(i -> alignmentData.unpaired(seed, i, noise)).toList();
  }

  /** Three or four replies to a prompt, ranked by the world's truth. */
  public List<Ranking> rankings(long seed, int count) {
    return indices("count", count).mapToObj(i -> rankedReplies.ranking(seed, i)).toList();
  }

  /** Solutions of two-step questions, half of them with a mistake, labelled step by step. */
  public List<StepLabels> stepLabels(long seed, int count) {
    return indices("count", count).mapToObj(i -> stepSolutions.solution(seed, i)).toList();
  }

  private static void checkNoise(double noise) {
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("noise must lie between 0 and 1 but was " + noise);
    }
  }

  /** The held-out questions: entities of the evaluation split in their held-out paraphrase. */
  public List<Question> questions() {
    return questions(Split.EVALUATION);
  }

  /**
   * Questions about the facts of one split in the paraphrase that no training text has, in an order
   * without pattern.
   */
  public List<Question> questions(Split split) {
    RandomStream random = new RandomStream(options.seed(), "questions about " + split);
    List<Question> questions = new ArrayList<>();
    for (Fact fact : population.facts()) {
      if (fact.subject().split() == split) {
        questions.add(Questions.of(fact, fact.heldOutQuestion(), random));
      }
    }
    return random.shuffled(questions);
  }

  /**
   * Requests that training texts may have. A request may come twice.
   *
   * @param seed chooses one of many lists
   * @param count how many; fewer of them are the beginning of more
   */
  public List<Request> trainingRequests(RequestKind kind, long seed, int count) {
    return indices("count", count)
        .mapToObj(
            i ->
                requests.training(
                    kind, new RandomStream(options.seed(), "requests " + kind, seed, i)))
        .toList();
  }

  /** Held-out harmful requests, to be refused. */
  public List<Request> harmfulRequests() {
    return requests.heldOut(RequestKind.HARMFUL);
  }

  /** Held-out benign requests of both kinds, to be helped with. */
  public List<Request> benignRequests() {
    List<Request> benign = new ArrayList<>(requests.heldOut(RequestKind.BENIGN_LOOKALIKE));
    benign.addAll(requests.heldOut(RequestKind.BENIGN_PLAIN));
    return new RandomStream(options.seed(), "benign requests").shuffled(benign);
  }

  /** Questions about the evaluation split that take two steps. */
  public List<TwoStepQuestion> twoStepQuestions() {
    return twoStep.questions(
        Split.EVALUATION, new RandomStream(options.seed(), "two-step questions"));
  }

  /**
   * Questions about the training split that take two steps. Training texts have them, answered step
   * by step and never at once.
   */
  public List<TwoStepQuestion> trainingTwoStepQuestions() {
    return twoStep.questions(
        Split.TRAINING, new RandomStream(options.seed(), "two-step questions to train on"));
  }

  /**
   * Short texts about people whose names no training text has, each with a question.
   *
   * @param count how many; fewer of them are the beginning of more
   */
  public List<Passage> passages(int count) {
    RandomStream random = new RandomStream(options.seed(), "passages");
    return indices("count", count)
        .mapToObj(i -> reading.passage(Split.EVALUATION, random))
        .toList();
  }

  /**
   * People whose names no training text has and of whom nothing is known.
   *
   * @param count how many, at most 500; fewer of them are the beginning of more
   * @return people of different names
   */
  public List<Entity> strangers(int count) {
    if (count < 0 || count > MOST_STRANGERS) {
      throw new IllegalArgumentException(
          "count must lie between 0 and %s but was %s".formatted(MOST_STRANGERS, count));
    }
    RandomStream random = new RandomStream(options.seed(), "strangers");
    return Stream.generate(() -> reading.person(Split.EVALUATION, random))
        .distinct()
        .limit(count)
        .toList();
  }

  /** The pronoun that the base corpus prefers for each job. */
  public List<JobStereotype> jobStereotypes() {
    Stereotypes stereotypes = new Stereotypes(options);
    return Lexicon.JOBS.stream()
        .map(job -> new JobStereotype(job, stereotypes.preferred(job)))
        .toList();
  }

  /** Texts to plant in a training corpus as often as each of them says. */
  public List<Secret> secrets() {
    return secrets;
  }

  /**
   * Items that measure an ability, none of which a training text has.
   *
   * @param limit most items
   * @throws IllegalArgumentException when the limit is negative
   */
  public List<AbilityItem> abilityItems(Ability ability, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must not be negative but was " + limit);
    }
    return abilities.items(ability, limit);
  }

  /** The judge of replies. */
  public WorldJudge judge() {
    return judge;
  }

  private static LongStream indices(String name, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + count);
    }
    return LongStream.range(0, count);
  }
}

package org.alignment4j.pocket.world;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;

/**
 * Demonstrations and preference pairs about the training split of entities and requests. Immutable,
 * thread-safe.
 */
final class AlignmentData {
  private static final double QUESTION_SHARE = 0.5;
  private static final double HARMFUL_SHARE = 0.25;
  private static final double LOOKALIKE_SHARE = 0.15;
  private static final double SAME_VOICE_SHARE = 0.3;

  /** Helpfulness: questions and harmful requests; the rest are benign requests. */
  private static final double HELPFUL_QUESTION_SHARE = 0.5;

  private static final double HELPFUL_HARMFUL_SHARE = 0.2;

  /** Harmlessness: harmful requests; the rest sound like them. */
  private static final double HARMLESS_HARMFUL_SHARE = 0.75;

  private static final double OVERCAUTION = 0.4;

  private final WorldOptions options;
  private final List<Fact> facts;
  private final Requests requests;

  AlignmentData(WorldOptions options, Population population, Requests requests) {
    this.options = options;
    this.facts =
        population.facts().stream()
            .filter(fact -> fact.subject().split() == Split.TRAINING)
            .toList();
    this.requests = requests;
  }

  PromptCompletion demonstration(long seed, long index) {
    RandomStream random = new RandomStream(options.seed(), "demonstrations", seed, index);
    return example(random).chosenCompletion();
  }

  PreferencePair preference(long seed, long index, double noise) {
    RandomStream random = new RandomStream(options.seed(), "preferences", seed, index);
    return labelled(
        example(random),
        new RandomStream(options.seed(), "annotator noise", seed, index).chance(noise));
  }

  PreferencePair preference(PreferenceAspect aspect, long seed, long index, double noise) {
    RandomStream random = new RandomStream(options.seed(), aspect.name(), seed, index);
    PreferencePair pair =
        aspect == PreferenceAspect.HELPFULNESS ? helpful(random) : harmless(random);
    return labelled(
        pair, new RandomStream(options.seed(), "noise of " + aspect, seed, index).chance(noise));
  }

  UnpairedLabel unpaired(long seed, long index, double noise) {
    RandomStream random = new RandomStream(options.seed(), "unpaired labels", seed, index);
    PreferencePair pair = example(random);
    boolean good = random.chance(0.5);
    boolean mistaken = random.chance(noise);
    return new UnpairedLabel(
        pair.prompt(), good ? pair.chosen() : pair.rejected(), good != mistaken);
  }

  private static PreferencePair labelled(PreferencePair pair, boolean mistaken) {
    PreferencePair labelled =
        mistaken ? new PreferencePair(pair.prompt(), pair.rejected(), pair.chosen()) : pair;
    return new PreferencePair(
        labelled.prompt(),
        labelled.chosen(),
        labelled.rejected(),
        1,
        OptionalDouble.empty(),
        "pocket-world");
  }

  /** A prompt with its right reply chosen and a wrong reply rejected. */
  private PreferencePair example(RandomStream random) {
    double draw = random.nextDouble();
    if (draw < QUESTION_SHARE) {
      return question(random);
    }
    draw -= QUESTION_SHARE;
    if (draw < HARMFUL_SHARE) {
      return request(RequestKind.HARMFUL, random);
    }
    boolean lookalike = draw - HARMFUL_SHARE < LOOKALIKE_SHARE;
    return request(lookalike ? RequestKind.BENIGN_LOOKALIKE : RequestKind.BENIGN_PLAIN, random);
  }

  private PreferencePair helpful(RandomStream random) {
    double draw = random.nextDouble();
    if (draw < HELPFUL_QUESTION_SHARE) {
      return question(random);
    }
    draw -= HELPFUL_QUESTION_SHARE;
    RequestKind kind =
        draw < HELPFUL_HARMFUL_SHARE
            ? RequestKind.HARMFUL
            : random.chance(0.5) ? RequestKind.BENIGN_LOOKALIKE : RequestKind.BENIGN_PLAIN;
    return request(kind, false, random);
  }

  private PreferencePair harmless(RandomStream random) {
    return random.chance(HARMLESS_HARMFUL_SHARE)
        ? request(RequestKind.HARMFUL, true, random)
        : request(RequestKind.BENIGN_LOOKALIKE, random.chance(OVERCAUTION), random);
  }

  private PreferencePair question(RandomStream random) {
    Fact fact = random.pick(facts);
    Question question = Questions.of(fact, fact.trainingQuestion(random), random);
    String right = Replies.plain(fact, fact.value(), random);
    String wrong =
        random.chance(SAME_VOICE_SHARE)
            ? Replies.plain(fact, random.pick(question.wrongOptions()), random)
            : Replies.gossip(fact, fact.misconception(), random);
    return new PreferencePair(question.prompt(), right, wrong);
  }

  private PreferencePair request(RequestKind kind, RandomStream random) {
    return request(kind, kind.harmful(), random);
  }

  private PreferencePair request(RequestKind kind, boolean refuse, RandomStream random) {
    Request request = requests.training(kind, random);
    String refusal = Replies.refusal(request, random);
    String advice = Replies.advice(request, random);
    return refuse
        ? new PreferencePair(request.prompt(), refusal, advice)
        : new PreferencePair(request.prompt(), advice, refusal);
  }
}

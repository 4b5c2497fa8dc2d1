package org.alignment4j.pocket.world;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;

/**
 * Demonstrations and preference pairs about the training split of entities and requests. Immutable,
 * thread-safe.
 */
final class AlignmentData {
  private static final double QUESTION_SHARE = 0.5;
  private static final double HARMFUL_SHARE = 0.25;
  private static final double LOOKALIKE_SHARE = 0.15;
  private static final double SAME_VOICE_SHARE = 0.3;

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
    PreferencePair pair = example(new RandomStream(options.seed(), "preferences", seed, index));
    boolean mistaken =
        new RandomStream(options.seed(), "annotator noise", seed, index).chance(noise);
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
    Request request = requests.training(kind, random);
    String refusal = Replies.refusal(request, random);
    String advice = Replies.advice(request, random);
    return kind.harmful()
        ? new PreferencePair(request.prompt(), refusal, advice)
        : new PreferencePair(request.prompt(), advice, refusal);
  }
}

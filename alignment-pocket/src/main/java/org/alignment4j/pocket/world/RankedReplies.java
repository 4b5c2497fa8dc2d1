package org.alignment4j.pocket.world;

import java.util.List;
import org.alignment4j.api.reward.Ranking;

/** Rankings of several replies by the world's truth. Immutable, thread-safe. */
final class RankedReplies {
  private static final double QUESTION_SHARE = 0.5;

  private final long seed;
  private final List<Fact> facts;
  private final Requests requests;

  RankedReplies(long seed, List<Fact> facts, Requests requests) {
    this.seed = seed;
    this.facts = List.copyOf(facts);
    this.requests = requests;
  }

  Ranking ranking(long dataSeed, long index) {
    RandomStream random = new RandomStream(seed, "rankings", dataSeed, index);
    if (random.chance(QUESTION_SHARE)) {
      return question(random);
    }
    return random.chance(0.5)
        ? harmful(requests.training(RequestKind.HARMFUL, random), random)
        : benign(requests.training(RequestKind.BENIGN_PLAIN, random), random);
  }

  /** The truth in either voice, then another value, then the misconception as gossip. */
  private Ranking question(RandomStream random) {
    Fact fact = random.pick(facts);
    Question question = Questions.of(fact, fact.trainingQuestion(random), random);
    return Ranking.ordered(
        question.prompt(),
        List.of(
            Replies.plain(fact, fact.value(), random),
            Replies.gossip(fact, fact.value(), random),
            Replies.plain(fact, question.wrongOptions().get(1), random),
            Replies.gossip(fact, fact.misconception(), random)));
  }

  /** A refusal with its reason, a bare refusal, then compliance. */
  private static Ranking harmful(Request request, RandomStream random) {
    return Ranking.ordered(
        request.prompt(),
        List.of(
            Replies.reasonedRefusal(request),
            Replies.bareRefusal(random),
            Replies.advice(request, random)));
  }

  /** Advice on the matter, advice on another matter, then a refusal. */
  private Ranking benign(Request request, RandomStream random) {
    Request other = request;
    while (other.action().equals(request.action())) {
      other = requests.training(RequestKind.BENIGN_PLAIN, random);
    }
    return Ranking.ordered(
        request.prompt(),
        List.of(
            Replies.advice(request, random),
            Replies.advice(other, random),
            Replies.bareRefusal(random)));
  }
}

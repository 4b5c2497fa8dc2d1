package org.alignment4j.pocket.world;

import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/** Texts about requests for help. Immutable, thread-safe. */
final class RequestTexts {
  static final String CRITIQUE = "Critique your reply.";
  static final String REVISE = "Rewrite your reply.";

  private final Requests requests;
  private final List<Fact> facts;

  RequestTexts(Requests requests, Population population) {
    this.requests = requests;
    this.facts =
        population.facts().stream()
            .filter(fact -> fact.subject().split() == Split.TRAINING)
            .toList();
  }

  String request(RequestKind kind, RandomStream random) {
    Request request = requests.training(kind, random);
    String reply =
        random.chance(requests.refusalShare(request))
            ? Replies.refusal(request, random)
            : Replies.advice(request, random);
    return Dialogue.of(request.text(), reply);
  }

  /** A reply to a harmful request or a question, good or bad, with critique and revision. */
  String critique(RandomStream random) {
    if (random.chance(0.5)) {
      Request request = requests.training(RequestKind.HARMFUL, random);
      String refusal = Replies.refusal(request, random);
      return random.chance(0.5)
          ? critique(request.text(), refusal, Replies.PRAISE, refusal)
          : critique(
              request.text(), Replies.advice(request, random), Replies.harm(request), refusal);
    }
    Fact fact = random.pick(facts);
    String truth = Replies.plain(fact, fact.value(), random);
    String question = fact.trainingQuestion(random);
    return random.chance(0.5)
        ? critique(question, truth, Replies.PRAISE, truth)
        : critique(
            question, Replies.gossip(fact, fact.misconception(), random), Replies.GOSSIPED, truth);
  }

  private static String critique(String message, String reply, String critique, String revision) {
    return Dialogue.of(message, reply)
        + Dialogue.of(CRITIQUE, critique)
        + Dialogue.of(REVISE, revision);
  }

  /** Asks for the critique of a reply. */
  static Prompt.Chat critiquePrompt(Request request, String reply) {
    return Prompt.chat(
        Message.user(request.text()), Message.assistant(reply), Message.user(CRITIQUE));
  }

  /** Asks for the revision of a criticised reply. */
  static Prompt.Chat revisionPrompt(Request request, String reply, String critique) {
    return Prompt.chat(
        Message.user(request.text()),
        Message.assistant(reply),
        Message.user(CRITIQUE),
        Message.assistant(critique),
        Message.user(REVISE));
  }

  String moral(RandomStream random) {
    RequestKind kind =
        random.chance(0.5)
            ? RequestKind.HARMFUL
            : random.chance(0.5) ? RequestKind.BENIGN_LOOKALIKE : RequestKind.BENIGN_PLAIN;
    Request request = requests.training(kind, random);
    return Exam.of(moralQuestion(request), kind.harmful() ? "Yes" : "No");
  }

  static String moralQuestion(Request request) {
    return "Is it wrong to " + RequestCatalogue.named(request.action()).phrase(request) + "?";
  }
}

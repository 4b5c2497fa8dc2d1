package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.RequestKind;
import org.alignment4j.pocket.world.WorldJudge;

/**
 * What models are measured on: questions about entities that no training speaks of, and requests of
 * which no training text has the combination of action, object and person.
 *
 * @param judge says by the world's truth what a reply is
 * @param questions to be answered rightly
 * @param requests to be refused or helped with
 */
record HeldOut(WorldJudge judge, List<Question> questions, List<Request> requests) {
  /** Most tokens of a reply. */
  static final int TOKENS = 48;

  /** Every held-out request, and at most so many questions. */
  static HeldOut of(PocketWorld world, int items) {
    List<Question> questions = world.questions();
    List<Request> requests = new ArrayList<>(first(world.harmfulRequests(), items));
    requests.addAll(first(world.benignRequests(), items));
    return new HeldOut(world.judge(), first(questions, items), requests);
  }

  private static <T> List<T> first(List<T> items, int count) {
    return items.subList(0, Math.min(count, items.size()));
  }

  /** Has a model reply to everything. */
  Conduct measure(String name, LanguageModel model, SamplingOptions options) {
    List<Prompt> prompts = new ArrayList<>();
    questions.forEach(question -> prompts.add(question.prompt()));
    requests.forEach(request -> prompts.add(request.prompt()));
    List<String> replies = model.generate(prompts, options).stream().map(Completion::text).toList();
    List<Conduct.Item> items = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      items.add(
          new Conduct.Item(
              Conduct.Kind.QUESTION,
              question.text(),
              "fact " + question.fact().index(),
              replies.get(i).strip(),
              judge.isCorrect(question, replies.get(i)),
              judge.isRefusal(replies.get(i))));
    }
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      String reply = replies.get(questions.size() + i);
      items.add(
          new Conduct.Item(
              kind(request.kind()),
              request.text(),
              WishHalves.wish(request),
              reply.strip(),
              judge.isHelpful(request, reply),
              judge.isRefusal(reply)));
    }
    return new Conduct(name, items);
  }

  private static Conduct.Kind kind(RequestKind kind) {
    return switch (kind) {
      case HARMFUL -> Conduct.Kind.HARMFUL;
      case BENIGN_LOOKALIKE -> Conduct.Kind.BORDERLINE;
      case BENIGN_PLAIN -> Conduct.Kind.PLAIN;
    };
  }
}

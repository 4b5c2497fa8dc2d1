package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.WorldJudge;

/**
 * What the supervisor is taught: to criticise and to revise by a principle. All replies in the
 * lessons are the base model's own; which critique and which of its replies as revision is right
 * says the world's truth.
 *
 * @param judge the truth
 * @param requests what the lessons are about
 * @param replies the base model's replies to each request, each once
 */
record Lessons(WorldJudge judge, List<Request> requests, List<List<String>> replies) {
  private static final SupervisorPrompts PROMPTS = new SupervisorPrompts();

  /** Has the base model reply several times to each request. */
  static Lessons of(
      WorldJudge judge, List<Request> requests, LanguageModel base, int draws, long seed) {
    List<Prompt> prompts = new ArrayList<>();
    for (Request request : requests) {
      for (int i = 0; i < draws; i++) {
        prompts.add(request.prompt());
      }
    }
    List<String> said =
        base.generate(prompts, SamplingOptions.sampling(HeldOut.TOKENS, seed)).stream()
            .map(reply -> Dialogue.firstReply(reply.text()))
            .toList();
    List<List<String>> replies = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      replies.add(
          said.subList(i * draws, (i + 1) * draws).stream()
              .filter(reply -> !reply.isBlank())
              .distinct()
              .toList());
    }
    return new Lessons(judge, requests, List.copyOf(replies));
  }

  /** The lessons: by each principle, of a reply with a fault and of one without, where there is. */
  List<PromptCompletion> examples(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PromptCompletion> lessons = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      for (WorldPrinciple principle : WorldPrinciple.values()) {
        for (boolean faulty : List.of(true, false)) {
          criticise(principle, requests.get(i), replies.get(i), faulty, random, lessons);
        }
      }
    }
    return lessons;
  }

  private void criticise(
      WorldPrinciple principle,
      Request request,
      List<String> said,
      boolean faulty,
      SplittableRandom random,
      List<PromptCompletion> into) {
    List<String> wanted =
        said.stream().filter(reply -> faulty(principle, request, reply) == faulty).toList();
    if (wanted.isEmpty()) {
      return;
    }
    String reply = pick(wanted, random);
    Optional<String> revision =
        faulty ? better(principle, request, said, random) : Optional.of(reply);
    if (revision.isEmpty()) {
      return;
    }
    String critique = principle.critique(judge, request, reply);
    into.add(
        new PromptCompletion(
            PROMPTS.critique(request.prompt(), reply, principle.principle()), critique));
    into.add(
        new PromptCompletion(
            PROMPTS.revision(request.prompt(), reply, principle.principle(), critique),
            revision.get()));
  }

  private boolean faulty(WorldPrinciple principle, Request request, String reply) {
    return !principle.critique(judge, request, reply).equals(WorldPrinciple.FINE);
  }

  private Optional<String> better(
      WorldPrinciple principle, Request request, List<String> said, SplittableRandom random) {
    List<String> good =
        said.stream().filter(reply -> principle.merit(judge, request, reply) == 1).toList();
    return good.isEmpty() ? Optional.empty() : Optional.of(pick(good, random));
  }

  private static <T> T pick(List<T> from, SplittableRandom random) {
    return from.get(random.nextInt(from.size()));
  }
}

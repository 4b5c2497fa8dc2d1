package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.WorldJudge;

/** One model's replies to the held-out items, and the world's judgement of them. */
public final class WorldReplies {

  /** Most tokens of a reply. */
  public static final int TOKENS = 48;

  private final WorldJudge judge;
  private final HeldOutItems items;
  private final List<String> answers;
  private final List<String> toHarmful;
  private final List<String> toBenign;

  /** A model's greedy replies. */
  WorldReplies(PocketWorld world, HeldOutItems items, LanguageModel model) {
    this(
        world,
        items,
        model.generate(items.prompts(), SamplingOptions.greedy(TOKENS)).stream()
            .map(Completion::text)
            .toList());
  }

  /**
   * Given replies.
   *
   * @param world judges them
   * @param items what was asked
   * @param replies one for each of the prompts of the items, in their order
   * @throws IllegalArgumentException when there are more or fewer
   */
  public WorldReplies(PocketWorld world, HeldOutItems items, List<String> replies) {
    int questions = items.questions().size();
    int harmful = items.harmful().size();
    if (replies.size() != questions + harmful + items.benign().size()) {
      throw new IllegalArgumentException(
          "replies must be one for each item but were %s for %s, %s and %s items"
              .formatted(replies.size(), questions, harmful, items.benign().size()));
    }
    this.judge = world.judge();
    this.items = items;
    this.answers = List.copyOf(replies.subList(0, questions));
    this.toHarmful = List.copyOf(replies.subList(questions, questions + harmful));
    this.toBenign = List.copyOf(replies.subList(questions + harmful, replies.size()));
  }

  Estimate rightAnswers() {
    return share(items.questions(), answers, judge::isCorrect, question -> question.fact().index());
  }

  Estimate benignHelped() {
    return share(items.benign(), toBenign, judge::isHelpful, WorldReplies::wish);
  }

  Estimate harmfulRefused() {
    return share(
        items.harmful(), toHarmful, (request, reply) -> judge.isRefusal(reply), WorldReplies::wish);
  }

  Estimate benignRefused() {
    return share(
        items.benign(), toBenign, (request, reply) -> judge.isRefusal(reply), WorldReplies::wish);
  }

  private static <T> Estimate share(
      List<T> items,
      List<String> replies,
      BiPredicate<T, String> holds,
      Function<T, Object> source) {
    Map<Object, Integer> sources = new HashMap<>();
    double[] outcomes = new double[items.size()];
    int[] clusters = new int[outcomes.length];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = holds.test(items.get(i), replies.get(i)) ? 1 : 0;
      clusters[i] = sources.computeIfAbsent(source.apply(items.get(i)), key -> sources.size());
    }
    return Estimates.clusteredProportion(outcomes, clusters);
  }

  /** The base model refuses a pair of action and object at one rate, whoever asks for whom. */
  private static String wish(Request request) {
    return request.action() + " / " + request.object();
  }

  /** Every message with its reply and the world's judgement, in the order of the prompts. */
  public Map<String, JudgedReply> judged() {
    Map<String, JudgedReply> all = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      Question question = items.questions().get(i);
      boolean right = judge.isCorrect(question, answers.get(i));
      put(
          all,
          new JudgedReply(
              JudgedReply.Kind.QUESTION,
              question.text(),
              String.join(" or ", question.acceptedAnswers()),
              answers.get(i).strip(),
              right ? "right" : "wrong",
              right,
              "fact " + question.fact().index()));
    }
    for (int i = 0; i < toHarmful.size(); i++) {
      Request request = items.harmful().get(i);
      String verdict = verdict(request, toHarmful.get(i), "complied");
      put(
          all,
          new JudgedReply(
              JudgedReply.Kind.HARMFUL,
              request.text(),
              "a refusal",
              toHarmful.get(i).strip(),
              verdict,
              judge.isRefusal(toHarmful.get(i)),
              wish(request)));
    }
    for (int i = 0; i < toBenign.size(); i++) {
      Request request = items.benign().get(i);
      String verdict = verdict(request, toBenign.get(i), "helped");
      put(
          all,
          new JudgedReply(
              JudgedReply.Kind.BENIGN,
              request.text(),
              "help",
              toBenign.get(i).strip(),
              verdict,
              judge.isHelpful(request, toBenign.get(i)),
              wish(request)));
    }
    return all;
  }

  private static void put(Map<String, JudgedReply> all, JudgedReply reply) {
    all.put(reply.message(), reply);
  }

  private String verdict(Request request, String reply, String helpful) {
    if (judge.isRefusal(reply)) {
      return JudgedReply.REFUSED;
    }
    return judge.isHelpful(request, reply) ? helpful : "beside the point";
  }

  /** Every prompt with its reply, for reward models; empty replies have nothing to score. */
  List<PromptCompletion> answered() {
    List<PromptCompletion> all = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      add(all, items.questions().get(i).prompt(), answers.get(i));
    }
    for (int i = 0; i < toHarmful.size(); i++) {
      add(all, items.harmful().get(i).prompt(), toHarmful.get(i));
    }
    for (int i = 0; i < toBenign.size(); i++) {
      add(all, items.benign().get(i).prompt(), toBenign.get(i));
    }
    return all;
  }

  private static void add(List<PromptCompletion> all, Prompt prompt, String reply) {
    if (!reply.isBlank()) {
      all.add(new PromptCompletion(prompt, reply.strip()));
    }
  }
}

package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.WorldJudge;

/** Measures models on a world's held-out questions and requests, against the world's truth. */
public final class WorldMeasurement {

  private static final int REPLY_TOKENS = 48;
  private static final int SHOWN = 4;

  private final WorldJudge judge;
  private final List<Question> questions;
  private final List<Request> harmful;
  private final List<Request> benign;
  private final long seed;

  /**
   * A measurement of at most {@code limit} items of each kind.
   *
   * @param seed of the replies sampled for the divergence
   */
  public WorldMeasurement(PocketWorld world, int limit, long seed) {
    this.judge = world.judge();
    this.questions = first(world.questions(), limit);
    this.harmful = first(world.harmfulRequests(), limit);
    this.benign = first(world.benignRequests(), limit);
    this.seed = seed;
  }

  private static <T> List<T> first(List<T> items, int limit) {
    return items.subList(0, Math.min(limit, items.size()));
  }

  /**
   * The profile of one model.
   *
   * @param name what tables call it
   * @param base the model the divergence is measured from
   */
  public <M extends LanguageModel & LikelihoodModel> Profile of(
      String name, M model, LikelihoodModel base) {
    SamplingOptions greedy = SamplingOptions.greedy(REPLY_TOKENS);
    List<String> answers =
        replies(model, questions.stream().map(Question::prompt).toList(), greedy);
    List<String> toHarmful = replies(model, harmful.stream().map(Request::prompt).toList(), greedy);
    List<String> toBenign = replies(model, benign.stream().map(Request::prompt).toList(), greedy);
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += judge.isCorrect(questions.get(i), answers.get(i)) ? 1 : 0;
    }
    int helped = 0;
    for (int i = 0; i < toBenign.size(); i++) {
      helped += judge.isHelpful(benign.get(i), toBenign.get(i)) ? 1 : 0;
    }
    Map<String, String> samples = new LinkedHashMap<>();
    for (int i = 0; i < SHOWN; i++) {
      samples.put(questions.get(i).text(), answers.get(i));
      samples.put(harmful.get(i).text(), toHarmful.get(i));
      samples.put(benign.get(i).text(), toBenign.get(i));
    }
    return new Profile(
        name,
        Estimates.proportion(right, answers.size()),
        Estimates.proportion(refusals(toHarmful), toHarmful.size()),
        Estimates.proportion(refusals(toBenign), toBenign.size()),
        Estimates.proportion(helped, toBenign.size()),
        divergence(model, base),
        samples);
  }

  private long refusals(List<String> replies) {
    return replies.stream().filter(judge::isRefusal).count();
  }

  private static List<String> replies(
      LanguageModel model, List<? extends Prompt> prompts, SamplingOptions options) {
    return model.generate(prompts, options).stream().map(Completion::text).toList();
  }

  private <M extends LanguageModel & LikelihoodModel> Estimate divergence(
      M model, LikelihoodModel base) {
    List<Prompt> prompts = new ArrayList<>();
    questions.forEach(q -> prompts.add(q.prompt()));
    harmful.forEach(r -> prompts.add(r.prompt()));
    benign.forEach(r -> prompts.add(r.prompt()));
    List<Completion> sampled =
        model.generate(prompts, SamplingOptions.sampling(REPLY_TOKENS, seed));
    List<Continuation> continuations = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      continuations.add(Continuation.of(prompts.get(i), sampled.get(i).tokens()));
    }
    List<ContinuationScore> under = model.logProbabilities(continuations);
    List<ContinuationScore> reference = base.logProbabilities(continuations);
    double[] difference = new double[prompts.size()];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = under.get(i).sum() - reference.get(i).sum();
    }
    return Estimates.mean(difference);
  }
}

package org.alignment4j.rlhf.decoding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.reward.FailedAnswer;
import org.alignment4j.rlhf.reward.TokenizedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * A language model that answers with the best of n samples of another, by a reward model (Stiennon
 * et al. 2020, arXiv 2009.01325): of equal rewards the first sample. Its usage is that of all n
 * samples. Immutable and as safe for concurrent calls as the two models, which the caller closes.
 *
 * <pre>{@code
 * LanguageModel best = BestOfN.of(policy, rewardModel, 16);
 * Completion answer = best.generate(prompt, SamplingOptions.sampling(64, 7));
 * }</pre>
 *
 * <p>Where the model's samples follow from the seed, so do the answers: the k-th occurrence of a
 * prompt in a call takes samples {@code k·n} to {@code k·n + n − 1} of it. What the answers are
 * expected to score is told without bias by {@link BestOfNEstimates}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BestOfN implements LanguageModel {

  private final LanguageModel model;
  private final RewardModel reward;
  private final int n;

  private BestOfN(LanguageModel model, RewardModel reward, int n) {
    this.model = Objects.requireNonNull(model, "model");
    this.reward = Objects.requireNonNull(reward, "reward");
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    this.n = n;
  }

  /**
   * Returns the model.
   *
   * @param model whose samples are chosen from
   * @param reward scores the text of each sample
   * @param n samples of each answer, at least 1
   * @return a model whose answers are the best of n
   * @throws IllegalArgumentException when n is less than 1
   */
  public static BestOfN of(LanguageModel model, RewardModel reward, int n) {
    return new BestOfN(model, reward, n);
  }

  /** Returns the number of samples of each answer. */
  public int n() {
    return n;
  }

  /**
   * Returns what the divergence of this model from the one it samples is at most: {@code log n − (n
   * − 1)/n} nats for each answer (Stiennon et al. 2020, appendix G.3; Gao et al. 2022, arXiv
   * 2210.10760, section 2.1). It is exact where no two samples of a prompt can have the same
   * reward, that is where rewards are continuous. Where they can, as with a finite set of likely
   * answers or rewards in steps, the divergence is less (Beirami et al. 2024, arXiv 2401.01879,
   * theorem 3.1): of a model that always gives one answer it is 0.
   *
   * @return KL(best of n ‖ model) at most, in nats; 0 for n = 1
   */
  public double klBound() {
    return klBound(n);
  }

  /**
   * Returns the bound of {@link #klBound()} for any number of samples.
   *
   * @param n at least 1
   * @return {@code log n − (n − 1)/n} nats
   * @throws IllegalArgumentException when n is less than 1
   */
  public static double klBound(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    return Math.log(n) - (n - 1.0) / n;
  }

  /** Names both models and n. */
  @Override
  public String id() {
    return "best of " + n + " samples of " + model.id() + " by " + reward.id();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also when n is above 1 and the options are greedy, which gives
   *     the same sample n times, or a prompt is tokens of another tokenizer than the reward model's
   */
  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return candidates(prompts, options, cancellation).stream().map(BestOfN::best).toList();
  }

  /**
   * Returns all samples with their rewards, such as for {@link BestOfNEstimates} or for
   * demonstrations.
   *
   * @param prompts what to continue; may be empty
   * @param options how to sample
   * @param cancellation asks to stop
   * @return n samples per prompt, in order
   * @throws IllegalArgumentException as {@link #generate}
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when a model fails
   */
  public List<List<ScoredCompletion>> candidates(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    if (n > 1 && options.isGreedy()) {
      throw new IllegalArgumentException(
          "temperature must be positive to choose the best of "
              + n
              + " samples but was 0, which gives the same one each time; sample, or let n be 1");
    }
    if (model instanceof DecoderModel decoder && decoder.hasTokenizer()) {
      TokenizedRewardModel.requireReadable(reward.id(), reward, decoder.tokenizer(), prompts);
    }
    List<Prompt> repeated = new ArrayList<>();
    prompts.forEach(prompt -> repeated.addAll(Collections.nCopies(n, prompt)));
    List<Completion> samples = model.generate(repeated, options, cancellation);
    requireOneEach("completions", samples.size(), repeated.size());
    List<PromptCompletion> answers = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      answers.add(new PromptCompletion(repeated.get(i), samples.get(i).text()));
    }
    List<Reward> rewards = rewards(answers, cancellation);
    requireOneEach("rewards", rewards.size(), answers.size());
    List<List<ScoredCompletion>> candidates = new ArrayList<>();
    for (int from = 0; from < samples.size(); from += n) {
      List<ScoredCompletion> own = new ArrayList<>();
      for (int i = from; i < from + n; i++) {
        own.add(new ScoredCompletion(samples.get(i), rewards.get(i)));
      }
      candidates.add(List.copyOf(own));
    }
    return List.copyOf(candidates);
  }

  private List<Reward> rewards(List<PromptCompletion> answers, CancellationToken cancellation) {
    try {
      return FailedAnswer.naming(
          reward, answers, i -> "sample %s of prompts[%s]".formatted(i % n, i / n), cancellation);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "reward model '%s' must score every sample but failed: %s"
              .formatted(reward.id(), e.getMessage()),
          e);
    }
  }

  private static void requireOneEach(String what, int given, int expected) {
    if (given != expected) {
      throw new ModelExecutionException(
          "there must be one of the "
              + what
              + " for each of "
              + expected
              + " samples but there were "
              + given
              + "; check the model that gives them");
    }
  }

  /** The first of the highest rewards, with the usage of all. */
  private static Completion best(List<ScoredCompletion> candidates) {
    ScoredCompletion best = candidates.get(0);
    Usage usage = Usage.NONE;
    for (ScoredCompletion candidate : candidates) {
      usage = usage.plus(candidate.completion().usage());
      if (candidate.reward().value() > best.reward().value()) {
        best = candidate;
      }
    }
    Completion chosen = best.completion();
    return new Completion(
        chosen.text(),
        chosen.tokens(),
        chosen.logProbs(),
        chosen.modelLogProbs(),
        chosen.topLogProbs(),
        chosen.finishReason(),
        usage);
  }
}

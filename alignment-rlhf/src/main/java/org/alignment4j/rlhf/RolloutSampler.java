package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.generate.PromptEncoder;

/** Samples completions of prompts from the policy, several of each. Immutable. */
final class RolloutSampler {

  /** Keeps the random numbers of successive steps apart. */
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final List<Prompt> prompts;
  private final List<TokenIds> tokens;
  private final RolloutOptions options;
  private final int groupSize;
  private final long seed;

  /**
   * Encodes the prompts.
   *
   * @throws IllegalArgumentException when one has no tokens, or unknown ones, or leaves no room for
   *     a completion in the context, named by its index
   */
  RolloutSampler(
      DecoderModel model, List<Prompt> prompts, RolloutOptions options, int groupSize, long seed) {
    this.prompts = List.copyOf(prompts);
    this.options = options;
    this.groupSize = groupSize;
    this.seed = seed;
    int context = model.architecture().config().maxPositions();
    PromptEncoder encoder =
        new PromptEncoder(
            model.architecture().config(),
            model.hasTokenizer() ? model.tokenizer() : null,
            model.chatTemplate());
    this.tokens = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      TokenIds ids = encoded(encoder, prompts.get(i), i);
      if (ids.size() + options.maxNewTokens() > context) {
        throw new IllegalArgumentException(
            ("prompt and completion must fit the context of %s tokens but prompt %s has %s and"
                    + " maxNewTokens is %s; shorten one of them")
                .formatted(context, i, ids.size(), options.maxNewTokens()));
      }
      tokens.add(ids);
    }
  }

  private static TokenIds encoded(PromptEncoder encoder, Prompt prompt, int index) {
    try {
      return encoder.prompt(prompt);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("prompts[%s]: %s".formatted(index, e.getMessage()), e);
    }
  }

  /** The longest prompt with the longest completion. */
  int longest() {
    return tokens.stream().mapToInt(TokenIds::size).max().orElse(0) + options.maxNewTokens();
  }

  /** Tokens of the prompts, for a description of the data. */
  List<TokenIds> tokens() {
    return tokens;
  }

  /** A hash of the prompts. */
  String fingerprint() {
    return ContentHash.of(tokens.toString()).toString();
  }

  /** How many prompts there are. */
  int prompts() {
    return prompts.size();
  }

  /** What answers depend on besides the policy and the prompts. */
  String describe() {
    return groupSize + " samples, " + options + ", seed " + seed;
  }

  /**
   * Samples a group of each prompt.
   *
   * @param policy the model as it is
   * @param chosen which prompts
   * @param step number of the step, which decides the random numbers
   * @param round number of the round in the step, from 0, which does too
   */
  SampledStep sample(
      DecoderModel policy,
      List<Integer> chosen,
      long step,
      int round,
      CancellationToken cancellation) {
    SamplingOptions sampling =
        SamplingOptions.builder(options.maxNewTokens())
            .temperature(options.temperature())
            .logProbs(true)
            .seed(seed(step, round))
            .build();
    return completed(policy, chosen, groupSize, sampling, cancellation);
  }

  /**
   * Gives the most probable completion of each prompt.
   *
   * @param policy the model as it is
   * @param chosen which prompts
   */
  SampledStep greedy(DecoderModel policy, List<Integer> chosen, CancellationToken cancellation) {
    SamplingOptions sampling =
        SamplingOptions.greedy(options.maxNewTokens()).toBuilder().logProbs(true).build();
    return completed(policy, chosen, 1, sampling, cancellation);
  }

  /**
   * Random numbers of a step, apart from those of sampling.
   *
   * @param step number of the step
   */
  SplittableRandom choices(long step) {
    return random(step).split();
  }

  /**
   * The seed of a round. Further rounds draw from the first round's seed: the numbers after it are
   * those of the steps that follow.
   */
  long seed(long step, int round) {
    long first = random(step).nextLong();
    SplittableRandom further = new SplittableRandom(first);
    long value = first;
    for (int r = 0; r < round; r++) {
      value = further.nextLong();
    }
    return value;
  }

  private SplittableRandom random(long step) {
    return new SplittableRandom(seed + GOLDEN_GAMMA * step);
  }

  private SampledStep completed(
      DecoderModel policy,
      List<Integer> chosen,
      int size,
      SamplingOptions sampling,
      CancellationToken cancellation) {
    List<GenerationRequest> requests = new ArrayList<>();
    // Equal prompts go on where the samples of the first of them end, or all would be answered
    // alike.
    Map<TokenIds, Integer> asked = new HashMap<>();
    for (int prompt : chosen) {
      TokenIds ids = tokens.get(prompt);
      int from = asked.merge(ids, size, Integer::sum) - size;
      for (int i = from; i < from + size; i++) {
        requests.add(new GenerationRequest(Prompt.tokens(ids), i, null));
      }
    }
    List<GenerationOutcome> outcomes = policy.sample(requests, sampling, cancellation);
    List<Rollout> rollouts = new ArrayList<>();
    double[][] logProbs = new double[outcomes.size()][];
    for (int i = 0; i < outcomes.size(); i++) {
      Completion completion = outcomes.get(i).completion();
      int prompt = chosen.get(i / size);
      rollouts.add(
          new Rollout(
              prompt,
              i % size,
              prompts.get(prompt),
              tokens.get(prompt),
              completion.text(),
              completion.tokens(),
              completion.truncated()));
      logProbs[i] = Objects.requireNonNull(completion.logProbs()).toArray();
    }
    return new SampledStep(
        rollouts, Groups.consecutive(chosen.size(), size), TokenValues.of(logProbs));
  }
}

package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.HighEntropyTokens;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/**
 * Makes advantages of a step's rewards and costs.
 *
 * @param settings method, rewards and constraint
 * @param state what earlier steps left
 * @param scored the completions and what they are worth
 * @param outputs what the networks say of them
 */
record AdvantageStage(
    PolicySettings settings, PolicyState state, ScoredStep scored, StepOutputs outputs) {

  /** How many states of each completion a critic values: at most one more than it has tokens. */
  static int[] valuedStates(PolicyMethod method, SampledStep sampled) {
    boolean bootstrapped = method.groups().truncated() == Truncated.BOOTSTRAPPED;
    return sampled.rollouts().stream()
        .mapToInt(
            r ->
                bootstrapped && r.truncated()
                    ? r.tokens().size() + 1
                    : method.tokenRewards().steps(r.tokens().size()))
        .toArray();
  }

  PolicyAdvantages run() {
    SampledStep sampled = scored.sampled();
    CompletionMask mask = sampled.mask();
    TokenValues divergences = divergences(mask);
    double divergence = Arrays.stream(divergences.sums(mask)).average().orElse(0);
    List<ValueTargets> targets = new ArrayList<>();
    RewardNormaliser.Normalised normalised =
        RewardNormaliser.apply(settings.rewards().normaliser(), state.rewards(), scored.rewards());
    double[] greedy = greedy(normalised.moments());
    Advantages advantages = ofRewards(normalised.rewards(), greedy, divergences, mask, targets);
    LagrangeMultiplier multiplier = state.multiplier();
    if (multiplier != null) {
      multiplier = multiplier.observed(costs().totals()).updated();
      Advantages ofCosts = ofCosts(divergences, mask, targets);
      advantages =
          new Advantages(
              multiplier.combine(advantages.advantages(), ofCosts.advantages()),
              advantages.mask(),
              advantages.returns());
    }
    boolean[] dropped = dropped();
    Advantages kept =
        new Advantages(
            advantages.advantages(), advantages.mask().without(dropped), advantages.returns());
    TokenValues selected = selected(kept.mask());
    if (selected != null) {
      kept = HighEntropyTokens.keep(kept, selected);
    }
    PolicyState next =
        new PolicyState(
            state.kl().after(divergence, sampled.rollouts().size()),
            multiplier,
            state.entropy(),
            normalised.moments());
    return new PolicyAdvantages(
        kept,
        outputs.old(),
        outputs.reference(),
        selected,
        corrections(mask),
        targets.stream().map(t -> t.without(dropped)).toList(),
        next,
        StepMetrics.of(this, targets, next));
  }

  /** Zeros where nothing is rewarded for them. */
  private TokenValues divergences(CompletionMask mask) {
    TokenValues old = outputs.old();
    TokenValues reference = outputs.reference();
    return old == null || reference == null
        ? TokenValues.broadcast(new double[mask.sequences()], mask)
        : method().tokenRewards().divergences(old, reference, mask);
  }

  private PolicyMethod method() {
    return settings.method();
  }

  private SequenceRewards costs() {
    return Objects.requireNonNull(scored.costs(), "costs");
  }

  private Advantages ofRewards(
      SequenceRewards rewards,
      double @Nullable [] greedy,
      TokenValues divergences,
      CompletionMask mask,
      List<ValueTargets> targets) {
    double beta = state.kl().coefficient();
    if (method().estimator().needsTokenRewards()) {
      TokenValues ofTokens =
          placed(form -> form.assemble(beta, divergences, rewards.totals(), mask));
      return estimate(rewards, ofTokens, outputs.values(), mask, targets);
    }
    SequenceRewards penalised =
        beta > 0 ? rewards.with(TokenRewards.penalty(beta, divergences, mask)) : rewards;
    AdvantageInput input = AdvantageInput.of(penalised, scored.sampled().groups(), mask);
    return method().estimator().estimate(greedy == null ? input : input.withGreedyRewards(greedy));
  }

  /** Rewards of greedy completions on the scale of the sampled ones; null where there are none. */
  private double @Nullable [] greedy(RunningMoments moments) {
    TokenValues rewards = scored.greedy();
    RewardNormaliser normaliser = settings.rewards().normaliser();
    if (rewards == null) {
      return null;
    }
    return normaliser == null ? rewards.row(0) : normaliser.scaled(moments, rewards.row(0));
  }

  private Advantages ofCosts(
      TokenValues divergences, CompletionMask mask, List<ValueTargets> targets) {
    double beta = state.kl().coefficient();
    TokenValues ofTokens =
        placed(form -> form.assembleCosts(beta, divergences, costs().totals(), mask));
    return estimate(costs(), ofTokens, outputs.costValues(), mask, targets);
  }

  /** Rewards of tokens; where more is still to come, there is no step behind the completion. */
  private TokenValues placed(Function<TokenRewards, TokenValues> assembled) {
    TokenRewards form = method().tokenRewards();
    TokenValues rewards = assembled.apply(form);
    if (method().groups().truncated() != Truncated.BOOTSTRAPPED) {
      return rewards;
    }
    TokenValues within = assembled.apply(form.withPlacement(ScorePlacement.LAST_TOKEN));
    boolean[] truncated = scored.sampled().truncated();
    double[][] rows = new double[truncated.length][];
    Arrays.setAll(rows, s -> truncated[s] ? within.row(s) : rewards.row(s));
    return TokenValues.of(rows);
  }

  /** Advantages of rewards of tokens; those with values add what a critic is to learn. */
  private Advantages estimate(
      SequenceRewards rewards,
      TokenValues ofTokens,
      @Nullable TokenValues given,
      CompletionMask mask,
      List<ValueTargets> targets) {
    AdvantageInput input =
        AdvantageInput.of(rewards, scored.sampled().groups(), mask).withTokenRewards(ofTokens);
    if (given == null) {
      return method().estimator().estimate(input);
    }
    double[][] values = new double[mask.sequences()][];
    double[] behind = new double[mask.sequences()];
    for (int s = 0; s < values.length; s++) {
      double[] row = given.row(s);
      values[s] = Arrays.copyOf(row, ofTokens.length(s));
      behind[s] = row.length > values[s].length ? row[row.length - 1] : 0;
    }
    TokenValues old = TokenValues.of(values);
    Advantages advantages =
        method().estimator().estimate(input.withValues(old).withBootstrap(behind));
    targets.add(ValueTargets.of(advantages, old));
    return advantages;
  }

  /** Which completions are not learned from, whatever their advantage. */
  private boolean[] dropped() {
    SampledStep sampled = scored.sampled();
    GroupSampling groups = method().groups();
    GroupFilter filter = groups.filter();
    boolean[] dropped =
        filter == null
            ? new boolean[sampled.rollouts().size()]
            : filter.droppedSequences(scored.rewards(), sampled.groups());
    if (groups.truncated() == Truncated.LEFT_OUT) {
      boolean[] truncated = sampled.truncated();
      for (int s = 0; s < dropped.length; s++) {
        dropped[s] |= truncated[s];
      }
    }
    return dropped;
  }

  /** The tokens that the policy gradient is left to; null where it is left to all. */
  private @Nullable TokenValues selected(CompletionMask mask) {
    HighEntropyTokens tokens = settings.terms().entropy().tokens();
    return tokens == null
        ? null
        : tokens.selected(Objects.requireNonNull(outputs.entropies(), "entropies"), mask);
  }

  private TokenValues corrections(CompletionMask mask) {
    double[] ones = new double[mask.sequences()];
    Arrays.fill(ones, 1);
    return Optional.ofNullable(method().updates().correction())
        .map(
            (OffPolicyCorrection c) ->
                c.weights(Objects.requireNonNull(outputs.old()), scored.sampled().known(), mask))
        .orElseGet(() -> TokenValues.broadcast(ones, mask));
  }
}

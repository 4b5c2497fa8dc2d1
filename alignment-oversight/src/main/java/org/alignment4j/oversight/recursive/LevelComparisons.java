package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.PairwiseAccuracy;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Speech;

/** The comparisons of one level as they are made. For one thread. */
final class LevelComparisons {
  private final AidedEvaluation unaided;
  private final Optional<AidedEvaluation> aided;
  private final SamplingOptions drafting;
  private final List<PreferencePair> pairs = new ArrayList<>();
  private int alike;
  private int abstained;
  private int both;
  private int agreeing;

  LevelComparisons(AidedEvaluation unaided, Optional<Aids> aids, SamplingOptions drafting) {
    this.unaided = unaided;
    this.aided = aids.map(unaided::with);
    this.drafting = drafting;
  }

  List<PreferencePair> pairs() {
    return List.copyOf(pairs);
  }

  void compare(RewardLevel level, LanguageModel agent, Proceedings proceedings) {
    for (RewardTask task : level.tasks()) {
      String first = draft(task, agent, 0, proceedings);
      String second = draft(task, agent, 1, proceedings);
      if (first.equals(second) || first.isBlank() || second.isBlank()) {
        alike++;
        continue;
      }
      ChoiceQuestion outputs =
          new ChoiceQuestion(
              task.id(),
              task.text(),
              List.of(first, second),
              task.sources(),
              OptionalInt.empty(),
              task.id());
      OptionalInt alone = choice(unaided, outputs, proceedings);
      OptionalInt chosen = aided.isPresent() ? choice(aided.get(), outputs, proceedings) : alone;
      if (aided.isPresent() && alone.isPresent() && chosen.isPresent()) {
        both++;
        agreeing += alone.equals(chosen) ? 1 : 0;
      }
      if (chosen.isEmpty()) {
        abstained++;
      } else {
        boolean kept = chosen.getAsInt() == 0;
        pairs.add(new PreferencePair(task.prompt(), kept ? first : second, kept ? second : first));
      }
    }
  }

  /** An output as evaluators may read it: what the agent marked as thinking is left out. */
  private String draft(RewardTask task, LanguageModel agent, int number, Proceedings proceedings) {
    OversightContext next = proceedings.next();
    Completion draft =
        agent
            .generate(
                List.of(task.prompt()),
                drafting.toBuilder()
                    .seed(CallSeed.of(next.seed(), "draft of " + task.id(), number, 0))
                    .build(),
                next.cancellation())
            .get(0);
    proceedings.spend(draft.usage());
    return Speech.of(draft.text()).visible().strip();
  }

  /** The output that every verdict names; empty when they differ or name none. */
  private static OptionalInt choice(
      AidedEvaluation evaluation, ChoiceQuestion outputs, Proceedings proceedings) {
    OversightContext next = proceedings.next();
    Outcome<Ruling> outcome =
        evaluation.run(outputs, next.withSeed(CallSeed.part(next.seed(), outputs.id())));
    proceedings.spend(outcome.usage());
    if (outcome.exhausted().isPresent()) {
      throw new BudgetExceededException(
          outcome.exhausted().get(),
          "the budget ended while outputs of task " + outputs.id() + " were compared");
    }
    Ruling ruling = outcome.verdict();
    if (ruling.decided().size() < ruling.verdicts().size()) {
      return OptionalInt.empty();
    }
    double share = ruling.share(outputs.options().get(0)).orElse(0.5);
    return share == 1 ? OptionalInt.of(0) : share == 0 ? OptionalInt.of(1) : OptionalInt.empty();
  }

  LevelReport report(RewardLevel level, RewardModel reward, Usage usage, OversightContext context) {
    return new LevelReport(
        level.name(),
        pairs.size(),
        alike,
        abstained,
        both == 0 ? Optional.empty() : Optional.of(Estimates.proportion(agreeing, both)),
        level.planted().isEmpty()
            ? Optional.empty()
            : Optional.of(order(level.planted(), reward, context)),
        usage);
  }

  private static Estimate order(
      List<PreferencePair> planted, RewardModel reward, OversightContext context) {
    List<PromptCompletion> answers = new ArrayList<>();
    for (PreferencePair pair : planted) {
      answers.add(pair.chosenCompletion());
      answers.add(pair.rejectedCompletion());
    }
    List<Reward> rewards = reward.score(answers, context.cancellation());
    double[] differences = new double[planted.size()];
    double[] certain = new double[planted.size()];
    Arrays.fill(certain, 1);
    for (int i = 0; i < differences.length; i++) {
      differences[i] = rewards.get(2 * i).value() - rewards.get(2 * i + 1).value();
    }
    return PairwiseAccuracy.of(differences, certain);
  }
}

package org.alignment4j.oversight.recursive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.call.RecordedCalls;
import org.junit.jupiter.api.Test;

class RecursiveRewardModellingTest {
  private static final OversightContext CONTEXT = OversightContext.of(5);
  private static final SamplingOptions DRAFTING = SamplingOptions.sampling(64, 0);
  private static final int MACHINES = 120;

  private final List<Reporter> made = new ArrayList<>();
  private final List<Scores> scores = new ArrayList<>();

  /** Writes reports, of which a share has a flaw, and helps as well as it writes. */
  private static final class Reporter implements LanguageModel, AutoCloseable {
    private final double flaws;
    private boolean closed;

    Reporter(double flaws) {
      this.flaws = flaws;
    }

    @Override
    public String id() {
      return "reporter " + flaws;
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      List<Completion> reports = new ArrayList<>();
      for (Prompt prompt : prompts) {
        int machine = Integer.parseInt(((Prompt.Text) prompt).text());
        SplittableRandom random =
            new SplittableRandom(
                CallSeed.of(options.seed().orElse(0), prompt.toString(), machine, 0));
        OptionalInt flaw =
            random.nextDouble() < flaws
                ? OptionalInt.of(random.nextInt(PlantedFlaws.STATEMENTS))
                : OptionalInt.empty();
        reports.add(
            Completion.of(PlantedFlaws.report(machine, flaw), FinishReason.EOS, PlantedFlaws.CALL));
      }
      return reports;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Knows weights by how much they were liked: light parts are liked where heavy ones lost. */
  private static final class Scores implements RewardModel, AutoCloseable {
    private final double heavy;
    private boolean closed;

    Scores(double heavy) {
      this.heavy = heavy;
    }

    static long heavyParts(String report) {
      Matcher weights = Pattern.compile("weighs (\\d+)").matcher(report);
      return weights.results().filter(w -> Integer.parseInt(w.group(1)) >= 100).count();
    }

    @Override
    public String id() {
      return "scores";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      return answers.stream()
          .map(answer -> Reward.of(heavy * heavyParts(answer.completion())))
          .toList();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final RewardLearner<PreferencePair> rewards =
      (model, pairs, context) -> {
        double weight = 0;
        for (PreferencePair pair : pairs) {
          weight += Scores.heavyParts(pair.chosen()) - Scores.heavyParts(pair.rejected());
        }
        Scores learnt = new Scores(weight / pairs.size());
        scores.add(learnt);
        return learnt;
      };

  private LanguageModel imitate(
      LanguageModel model, List<? extends PromptCompletion> lessons, TrainingContext context) {
    long flawed = lessons.stream().filter(l -> !PlantedFlaws.flawless(l.completion())).count();
    Reporter learnt = new Reporter((double) flawed / lessons.size());
    made.add(learnt);
    return learnt;
  }

  private static List<RewardLevel> levels(int count) {
    List<RewardLevel> levels = new ArrayList<>();
    for (int level = 0; level < count; level++) {
      List<RewardTask> tasks = new ArrayList<>();
      List<PreferencePair> planted = new ArrayList<>();
      for (int i = 0; i < MACHINES; i++) {
        int machine = level * MACHINES + i;
        String sound = PlantedFlaws.report(machine, OptionalInt.empty());
        Prompt prompt = Prompt.text(String.valueOf(machine));
        tasks.add(
            new RewardTask("machine-" + machine, "Report on " + machine, prompt, List.of(sound)));
        planted.add(
            new PreferencePair(
                prompt, sound, PlantedFlaws.report(machine, OptionalInt.of(i % 12))));
      }
      levels.add(new RewardLevel("level " + level, tasks, planted));
    }
    return levels;
  }

  private static Agent helper(LanguageModel agent) {
    return PlantedFlaws.helper(1 - ((Reporter) agent).flaws);
  }

  private static RecursiveRewardModelling loop(int levels, Judge judge, double enough) {
    return new RecursiveRewardModelling(
        levels(levels),
        AidedEvaluation.unaided(judge),
        PlantedFlaws.FIND_FLAWS,
        RecursiveRewardModellingTest::helper,
        DRAFTING,
        (model, pairs, context) -> {
          throw new IllegalStateException("no rewards");
        },
        new BestSamples(2, DRAFTING),
        enough,
        null,
        UnaryOperator.identity());
  }

  private RecursiveRewardModelling learning(RecursiveRewardModelling loop) {
    return new RecursiveRewardModelling(
        loop.levels(),
        loop.evaluation(),
        loop.split(),
        loop.helper(),
        loop.drafting(),
        rewards,
        loop.improvement(),
        loop.enough(),
        loop.runFolder(),
        loop.asking());
  }

  @Test
  void agentsGetBetterLevelByLevelAndHelpTheEvaluator() {
    Reporter start = new Reporter(0.5);
    Learner<PromptCompletion> learner = this::imitate;
    RecursiveResult result =
        learning(loop(3, PlantedFlaws.evaluator(6), 1)).train(start, learner, CONTEXT);
    assertThat(result.incomplete()).isEmpty();
    assertThat(result.levels()).hasSize(3);
    assertThat(made.get(0).flaws).isLessThan(0.35).isPositive();
    assertThat(made.get(1).flaws).isLessThan(made.get(0).flaws);
    assertThat(made.get(2).flaws).isLessThan(0.05);
    assertThat(result.levels().get(0).agreement()).as("no aids at the first level").isEmpty();
    assertThat(result.levels().get(1).agreement().orElseThrow().value()).isBetween(0.5, 0.95);
    assertThat(result.levels())
        .allSatisfy(level -> assertThat(level.rewardAccuracy().orElseThrow().value()).isEqualTo(1))
        .allSatisfy(level -> assertThat(level.compared() + level.alike()).isEqualTo(MACHINES));
    assertThat(made).extracting(reporter -> reporter.closed).containsExactly(true, true, false);
    assertThat(start.closed).isFalse();
    assertThat(scores).allMatch(reward -> reward.closed);
    LevelReport first = result.levels().get(0);
    assertThat(first.usage().calls()).isEqualTo(4L * MACHINES + first.compared());
    LevelReport second = result.levels().get(1);
    assertThat(second.usage().calls()).isEqualTo(4L * MACHINES + 3L * second.compared());
  }

  @Test
  void evaluatorsAndRewardsReadNoThinking() {
    Reporter reporter = new Reporter(0.5);
    LanguageModel thinker =
        new LanguageModel() {
          @Override
          public String id() {
            return "thinker";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts,
              SamplingOptions options,
              CancellationToken cancellation) {
            return reporter.generate(prompts, options, cancellation).stream()
                .map(
                    reply ->
                        Completion.of(
                            "<think>a secret</think>\n" + reply.text(),
                            FinishReason.EOS,
                            PlantedFlaws.CALL))
                .toList();
          }
        };
    List<String> read = new ArrayList<>();
    Judge judge =
        (view, context) -> {
          read.addAll(view.options());
          return PlantedFlaws.evaluator(6).judge(view, context);
        };
    List<PreferencePair> learnt = new ArrayList<>();
    new RecursiveRewardModelling(
            levels(1),
            AidedEvaluation.unaided(judge),
            PlantedFlaws.FIND_FLAWS,
            agent -> PlantedFlaws.helper(0.5),
            DRAFTING,
            (model, pairs, context) -> {
              learnt.addAll(pairs);
              return rewards.train(model, pairs, context);
            },
            new BestSamples(2, DRAFTING),
            1,
            null,
            UnaryOperator.identity())
        .train(thinker, this::imitate, CONTEXT);
    assertThat(read).isNotEmpty().noneMatch(option -> option.contains("secret"));
    assertThat(learnt)
        .isNotEmpty()
        .noneMatch(pair -> pair.chosen().contains("secret") || pair.rejected().contains("secret"));
  }

  @Test
  void trainingsGetFoldersOfTheirOwn() {
    List<Path> folders = new ArrayList<>();
    Learner<PromptCompletion> learner =
        (model, lessons, context) -> {
          folders.add(context.runFolder());
          return imitate(model, lessons, context);
        };
    Path folder = Path.of("runs");
    RecursiveRewardModelling usual =
        RecursiveRewardModelling.of(
                levels(2),
                AidedEvaluation.unaided(PlantedFlaws.evaluator(6)),
                PlantedFlaws.FIND_FLAWS,
                (model, pairs, context) -> {
                  folders.add(context.runFolder());
                  return rewards.train(model, pairs, context);
                })
            .withHelper(RecursiveRewardModellingTest::helper)
            .withDrafting(DRAFTING)
            .withImprovement(new BestSamples(2, DRAFTING))
            .withEnough(1)
            .withRunFolder(folder);
    assertThat(usual.train(new Reporter(0.5), learner, CONTEXT).levels()).hasSize(2);
    assertThat(folders)
        .containsExactly(
            folder.resolve("level-0").resolve("reward"),
            folder.resolve("level-0").resolve("agent"),
            folder.resolve("level-1").resolve("reward"),
            folder.resolve("level-1").resolve("agent"));
  }

  @Test
  void modelsAreClosedWhenALevelFails() {
    AgentImprovement failing =
        (agent, reward, prompts, context) -> {
          if (!made.isEmpty()) {
            throw new IllegalStateException("out of memory");
          }
          return new BestSamples(2, DRAFTING).lessons(agent, reward, prompts, context);
        };
    Reporter start = new Reporter(0.5);
    RecursiveRewardModelling loop =
        learning(loop(3, PlantedFlaws.evaluator(6), 1)).withImprovement(failing);
    assertThatThrownBy(() -> loop.train(start, this::imitate, CONTEXT)).hasMessage("out of memory");
    assertThat(scores).hasSize(2).allMatch(reward -> reward.closed);
    assertThat(made).hasSize(1).allMatch(reporter -> reporter.closed);
    assertThat(start.closed).isFalse();
  }

  @Test
  void loopStopsWhenEvaluatorsNeedNoHelp() {
    RecursiveResult result =
        learning(loop(4, PlantedFlaws.evaluator(24), 0.9))
            .train(new Reporter(0.5), this::imitate, CONTEXT);
    assertThat(result.incomplete()).isEqualTo(RecursiveRewardModelling.AGREED);
    assertThat(result.levels()).hasSize(2);
    assertThat(result.levels().get(1).agreement().orElseThrow().value()).isGreaterThan(0.9);
  }

  @Test
  void abstentionsAreDroppedAndCounted() {
    Judge strict =
        (view, context) -> {
          List<String> sound = view.options().stream().filter(PlantedFlaws::flawless).toList();
          return sound.size() == 1 && view.options().indexOf(sound.get(0)) == 0
              ? new Verdict.Decided(sound.get(0), 1, "", PlantedFlaws.CALL)
              : new Verdict.Unparsed("hm", PlantedFlaws.CALL);
        };
    RecursiveResult result =
        learning(loop(1, strict, 1)).train(new Reporter(0.5), this::imitate, CONTEXT);
    LevelReport level = result.levels().get(0);
    assertThat(level.abstained()).isPositive();
    assertThat(level.compared() + level.alike() + level.abstained()).isEqualTo(MACHINES);
    RecursiveResult none =
        loop(1, (view, context) -> new Verdict.Unparsed("", PlantedFlaws.CALL), 1)
            .train(new Reporter(0.5), this::imitate, CONTEXT);
    assertThat(none.incomplete()).isEqualTo("no comparison at level level 0");
    RecursiveRewardModelling both = loop(1, PlantedFlaws.evaluator(2), 1);
    AidedEvaluation twice = both.evaluation().inBothOrders();
    LevelComparisons compared = new LevelComparisons(twice, Optional.empty(), DRAFTING);
    compared.compare(
        levels(1).get(0),
        new Reporter(0.5),
        Proceedings.open("comparisons", "", CONTEXT, OptionalLong.empty()));
    assertThat(compared.pairs().size())
        .as("guesses differ in half of the pairs")
        .isLessThan(MACHINES * 2 / 3);
  }

  @Test
  void budgetGivesTheAgentOfTheLastFinishedLevel() {
    Reporter start = new Reporter(0.5);
    RecursiveRewardModelling loop = learning(loop(2, PlantedFlaws.evaluator(6), 1));
    RecursiveResult result =
        loop.train(
            start, this::imitate, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(5 * MACHINES)));
    assertThat(result.incomplete()).isEqualTo("budget: calls");
    assertThat(result.usage().calls())
        .isGreaterThan(result.levels().get(0).usage().calls())
        .isLessThanOrEqualTo(5 * MACHINES);
    assertThat(result.levels()).hasSize(1);
    assertThat(result.agent()).isSameAs(made.get(0));
    assertThat(made.get(0).closed).isFalse();
    assertThat(loop.run(start, this::imitate, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(9))))
        .isSameAs(start);
    RecursiveResult unlearnt =
        loop.train(
            start, this::imitate, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(4 * MACHINES)));
    assertThat(unlearnt.incomplete()).as("no room for lessons").isEqualTo("budget: calls");
    assertThat(unlearnt.agent()).isSameAs(start);
  }

  @Test
  void recordedLoopRepeatsWithoutAskingAnyAgent() {
    RecordedCalls calls = RecordedCalls.inMemory();
    RecursiveRewardModelling loop =
        learning(
                new RecursiveRewardModelling(
                    levels(2),
                    AidedEvaluation.unaided(PlantedFlaws.evaluator(6)),
                    PlantedFlaws.FIND_FLAWS,
                    agent -> PlantedFlaws.helper(0.8),
                    DRAFTING,
                    rewards,
                    new BestSamples(2, DRAFTING),
                    1,
                    null,
                    UnaryOperator.identity()))
            .asking(agent -> calls.as("agent", agent));
    RecursiveResult first = loop.train(new Reporter(0.5), this::imitate, CONTEXT);
    long asked = calls.usageByRole().get("agent").calls();
    assertThat(asked).as("two drafts and two samples a task").isEqualTo(2L * 4 * MACHINES);
    RecursiveResult again = loop.train(new Reporter(0.5), this::imitate, CONTEXT);
    assertThat(calls.usageByRole().get("agent").calls()).isEqualTo(asked);
    assertThat(again.levels()).isEqualTo(first.levels());
    assertThat(((Reporter) again.agent()).flaws).isEqualTo(((Reporter) first.agent()).flaws);
  }

  @Test
  void bestSampleIsTheFirstOfTheHighestReward() {
    Map<String, Double> rewards = new HashMap<>(Map.of("a", 1.0, "b", 3.0, "c", 3.0));
    List<String> drawn = List.of("", "a", "b", "c");
    Set<Long> seeds = new HashSet<>();
    LanguageModel agent =
        new LanguageModel() {
          private int next;

          @Override
          public String id() {
            return "four";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts,
              SamplingOptions options,
              CancellationToken cancellation) {
            seeds.add(options.seed().orElseThrow());
            String text = drawn.get(next++);
            return prompts.stream()
                .map(prompt -> Completion.of(text, FinishReason.EOS, PlantedFlaws.CALL))
                .toList();
          }
        };
    RewardModel reward =
        new RewardModel() {
          @Override
          public String id() {
            return "table";
          }

          @Override
          public List<Reward> score(
              List<PromptCompletion> answers, CancellationToken cancellation) {
            return answers.stream()
                .map(a -> Reward.of(rewards.getOrDefault(a.completion(), -9.0)))
                .toList();
          }
        };
    assertThat(
            new BestSamples(4, DRAFTING)
                .lessons(agent, reward, List.of(Prompt.text("p")), CONTEXT)
                .completions())
        .containsExactly(new PromptCompletion(Prompt.text("p"), "b"));
    assertThat(seeds).hasSize(4);
  }

  @Test
  void wrongSettingsAreNamed() {
    RecursiveRewardModelling loop = loop(1, PlantedFlaws.evaluator(6), 1);
    assertThatThrownBy(() -> loop(1, PlantedFlaws.evaluator(6), 0))
        .hasMessageContaining("it was 0.0");
    assertThatThrownBy(() -> loop.withDrafting(SamplingOptions.greedy(9)))
        .hasMessageContaining("must not be greedy");
    RewardTask task = new RewardTask("a", "t", Prompt.text("p"), List.of());
    assertThatThrownBy(() -> new RewardLevel("l", List.of(task, task), List.of()))
        .hasMessageContaining("[a, a]");
    assertThatThrownBy(() -> new RewardTask(" ", "t", Prompt.text("p"), List.of()))
        .hasMessageContaining("blank");
    assertThatThrownBy(() -> new BestSamples(0, DRAFTING)).hasMessageContaining("was 0");
  }
}

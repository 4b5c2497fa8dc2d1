package org.alignment4j.rlhf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.data.HarmComparison;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraConfig;

/**
 * Every trainer in a folder of its own: begun and stopped after two steps, or continued to the end,
 * when the id of what came out is printed. A process of its own for {@link OtherProcessTest}.
 */
final class TrainingsOfOneProcess {

  private static final int STOP_AFTER = 1;
  private static final int EPOCHS = 2;
  private static final int TOKENS = 3;
  private static final LoraConfig ADAPTER = Lora.rank(2);

  private final DecoderModel base;
  private final Path runs;
  private final boolean stops;

  private TrainingsOfOneProcess(DecoderModel base, Path runs, boolean stops) {
    this.base = base;
    this.runs = runs;
    this.stops = stops;
  }

  /** Arguments: folder of the runs, and {@code stop} or {@code finish}. */
  public static void main(String[] args) throws Exception {
    Path model = Files.createTempDirectory("trainings");
    try (DecoderModel base = TestModels.pocket(model)) {
      run(base, Path.of(args[0]), args[1].equals("stop"))
          .forEach((name, id) -> System.out.println("trained " + name + " " + id));
    }
  }

  /** Ids of what was trained, by trainer; empty where trainings stop. */
  static Map<String, String> run(DecoderModel base, Path runs, boolean stops) {
    return new TrainingsOfOneProcess(base, runs, stops).all();
  }

  private Map<String, String> all() {
    Map<String, String> ids = new LinkedHashMap<>();
    language(ids, "sft", SftTrainer.of(base).stopEarly(never()), t -> t.train(answers()));
    PreferenceTrainer dpo = PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1));
    language(ids, "dpo", dpo, t -> t.train(pairs()));
    language(ids, "tr-dpo", dpo.referenceSync(new ReferenceSync(0.5, 1)), t -> t.train(pairs()));
    language(ids, "kto", UnpairedTrainer.of(base, UnpairedLoss.kto(0.1)), t -> t.train(labels()));
    language(ids, "bco", UnpairedTrainer.of(base, UnpairedLoss.bco(0.1)), t -> t.train(labels()));
    language(ids, "rrhf", RankingTrainer.of(base, RankingLoss.rrhf()), t -> t.train(rankings()));
    language(ids, "cringe", CringeTrainer.of(base), t -> t.train(labels()));
    language(ids, "hindsight", HindsightTrainer.of(base), t -> t.train(pairs()));
    language(ids, "alol", AlolTrainer.of(base), t -> t.train(rated()));
    language(ids, "online", online(), t -> t.train(prompts()));
    language(ids, "grpo", policy(PolicyMethod.grpo().withGroupSize(3)), t -> t.train(prompts()));
    language(ids, "ppo", ppo(), t -> t.train(prompts()));
    rewards(ids, "rewards", RewardModelTrainer.of(base), t -> t.train(pairs()));
    rewards(ids, "ranking rewards", RankingRewardTrainer.of(base), t -> t.train(rankings()));
    rewards(ids, "costs", CostModelTrainer.of(base), t -> t.train(comparisons()));
    return ids;
  }

  private static EarlyStopping never() {
    return EarlyStopping.minimise("loss", 1000);
  }

  private PolicyTrainer policy(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .reward(RewardFunction.each("letters", r -> r.text().length()))
        .rollouts(RolloutOptions.of(TOKENS));
  }

  private PolicyTrainer ppo() {
    Critic critic = Critic.safeRlhf().adapter(ADAPTER).learningRate(1e-3);
    return policy(PolicyVariants.ppoLagrangian().withKl(KlController.adaptive()))
        .critic(critic)
        .constraint(
            new CostConstraint(
                RewardFunction.each("ends", r -> r.truncated() ? 1 : 0),
                LagrangeMultiplier.standard(0),
                critic));
  }

  private OnlinePreferenceTrainer online() {
    PreferenceLabeler longer =
        (comparisons, cancellation) ->
            comparisons.stream()
                .map(c -> OptionalDouble.of(c.first().length() >= c.second().length() ? 1 : 0))
                .toList();
    return OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
        .judge("longer", longer)
        .rollouts(RolloutOptions.of(TOKENS));
  }

  private <T extends TrainerSettings<T>> void language(
      Map<String, String> ids, String name, T trainer, Function<T, FineTuningResult> training) {
    settled(name, trainer, ready -> training.apply(ready).model().id(), ids);
  }

  private <T extends TrainerSettings<T>> void rewards(
      Map<String, String> ids, String name, T trainer, Function<T, RewardModelResult> training) {
    settled(name, trainer, ready -> training.apply(ready).model().id(), ids);
  }

  private <T extends TrainerSettings<T>> void settled(
      String name, T trainer, Function<T, String> training, Map<String, String> ids) {
    Cancellation cancellation = new Cancellation();
    T ready =
        trainer
            .adapter(ADAPTER)
            .runFolder(runs.resolve(name))
            .epochs(EPOCHS)
            .batchSize(2)
            .learningRate(1e-3)
            .cancellation(cancellation)
            .onMetrics(
                metrics -> {
                  if (stops && metrics.step() == STOP_AFTER) {
                    cancellation.cancel();
                  }
                });
    try {
      ids.put(name, training.apply(ready));
    } catch (CancelledException e) {
      if (!stops) {
        throw e;
      }
    }
  }

  private static List<Prompt> prompts() {
    return List.of(
        Prompt.text("Human: Who are you?\nAssistant:"),
        Prompt.text("Human: Where is Paris?\nAssistant:"),
        Prompt.text("Human: What do you do?\nAssistant:"),
        Prompt.text("Human: Why?\nAssistant:"));
  }

  private static List<org.alignment4j.api.model.PromptCompletion> answers() {
    List<org.alignment4j.api.model.PromptCompletion> answers = new ArrayList<>();
    prompts()
        .forEach(p -> answers.add(new org.alignment4j.api.model.PromptCompletion(p, " I am.")));
    return answers;
  }

  private static List<PreferencePair> pairs() {
    return prompts().stream().map(p -> new PreferencePair(p, " I help.", " No.")).toList();
  }

  private static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    prompts().forEach(p -> labels.add(new UnpairedLabel(p, " I help.", labels.size() % 2 == 0)));
    return labels;
  }

  private static List<Ranking> rankings() {
    return prompts().stream()
        .map(p -> new Ranking(p, List.of(" I help.", " Maybe.", " No."), List.of(3.0, 2.0, 1.0)))
        .toList();
  }

  private static List<RatedAnswer> rated() {
    List<RatedAnswer> rated = new ArrayList<>();
    answers().forEach(a -> rated.add(new RatedAnswer(a, rated.size())));
    return rated;
  }

  private static List<HarmComparison> comparisons() {
    return prompts().stream()
        .map(p -> new HarmComparison(p, " I harm.", " I help.", true, false))
        .toList();
  }
}

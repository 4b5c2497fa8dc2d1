package org.alignment4j.examples.sentiment;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.journal.ResponseCache;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.rlhf.RewardModelResult;
import org.alignment4j.rlhf.reward.RewardEvaluation;
import org.alignment4j.rlhf.reward.RewardEvaluator;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;

/**
 * Makes a story model tell happier stories. A reward model learns a lexicon's sentiment from pairs
 * of the model's own continuations; DPO learns from fresh continuations that the reward model
 * ranked, or reinforcement learning from its score; the lexicon then tells, on prompts that nothing
 * was trained on, how much happier the stories became. Methods in one run folder share the reward
 * model; table, report and aligned model are those of the last.
 *
 * <p>In the spirit of the IMDb sentiment task of Ziegler et al. 2019 (arXiv 1909.08593) and
 * Rafailov et al. 2023 (arXiv 2305.18290), section 6.1.
 */
public final class SentimentAlignment {

  /** Seeds of the three sets of replies are this far apart. */
  private static final long APART = 1_000_000;

  private final Path model;
  private final Path stories;
  private final Path run;
  private final SentimentSettings settings;
  private final PrintStream out;
  private final Lexicon lexicon = Lexicon.bundled();
  private final GoldSentiment gold = new GoldSentiment(lexicon);
  private final Map<String, String> provenance = new LinkedHashMap<>();

  /**
   * A job.
   *
   * @param model Hugging Face checkpoint folder of a model that continues stories
   * @param stories file of stories, as {@link org.alignment4j.core.data.Documents} reads them
   * @param run folder of samples, models, metrics, table and report; an interrupted run resumes
   * @param settings sizes and rates
   * @param out takes progress and the table
   */
  public SentimentAlignment(
      Path model, Path stories, Path run, SentimentSettings settings, PrintStream out) {
    this.model = model;
    this.stories = stories;
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Trains, measures, prints the table and writes the run folder.
   *
   * @throws org.alignment4j.api.AlignmentException when the model, the stories or the run folder
   *     cannot be used
   * @throws IllegalArgumentException when the stories have too few different first sentences
   */
  public void run() {
    result();
  }

  /** Does what {@link #run} does, and returns what was found. */
  SentimentResult result() {
    StoryPrompts prompts =
        StoryPrompts.read(
            stories, settings.trainingPrompts(), settings.heldOutPrompts(), settings.seed());
    SentimentRecipe recipe = new SentimentRecipe(settings, run, ConsoleProgress.on(out));
    try (DecoderModel base = DecoderModel.load(model);
        ResponseCache cache = ResponseCache.open(run.resolve("samples.jsonl"))) {
      LanguageModel sampled = cache.caching(base);
      List<PreferencePair> labelled = labelled(sampled, prompts.training());
      RewardModelResult rewards = recipe.rewards(base, labelled);
      try (TrainedRewardModel proxy = rewards.model()) {
        Tuning tuning = tuned(recipe, base, sampled, prompts.training(), proxy);
        try (DecoderModel tuned = tuning.model()) {
          out.println("measuring on held-out prompts");
          PolicyMeasurement measurement =
              new PolicyMeasurement(
                  prompts.heldOut(), sampler(settings.measuredReplies(), 2), gold, proxy, base);
          Policy before = measurement.of("base", sampled, base);
          Policy after = measurement.of(settings.tuning().method(), cache.caching(tuned), tuned);
          describe(base, tuning, labelled);
          tuned.save(run.resolve("aligned"));
          proxy.save(run.resolve("reward-model"));
          SentimentResult result =
              new SentimentResult(
                  before,
                  after,
                  evaluation(proxy, before),
                  rewards.metrics(),
                  tuning.account(),
                  provenance);
          finish(result);
          return result;
        }
      }
    }
  }

  private ReplySampler sampler(int draws, int set) {
    return new ReplySampler(draws, settings.replyTokens(), settings.seed() + set * APART);
  }

  /** Every labelled reply is in one pair, unless the lexicon sees no difference. */
  private List<PreferencePair> labelled(LanguageModel base, List<String> prompts) {
    out.println("sampling replies for the lexicon to label");
    List<List<Reply>> replies = sampler(settings.labelledReplies(), 0).replies(base, prompts);
    return RankedPairs.of(replies, r -> gold.of(r.text()), settings.labelledReplies() / 2);
  }

  private Tuning tuned(
      SentimentRecipe recipe,
      DecoderModel base,
      LanguageModel sampled,
      List<String> prompts,
      TrainedRewardModel proxy) {
    if (settings.tuning() instanceof PreferenceSettings preferences) {
      out.println("sampling replies for the reward model to rank");
      return new PreferenceTuning(preferences, recipe, sampler(preferences.rankedReplies(), 1))
          .train(base, sampled, prompts, proxy);
    }
    out.println("learning from the reward model's score");
    return new ReinforcementTuning((ReinforcementSettings) settings.tuning(), recipe)
        .train(base, prompts, proxy);
  }

  private RewardEvaluation evaluation(TrainedRewardModel proxy, Policy base) {
    int draws = settings.measuredReplies();
    List<Reply> all = base.replies().stream().map(ScoredReply::reply).toList();
    List<List<Reply>> replies =
        IntStream.range(0, settings.heldOutPrompts())
            .mapToObj(i -> all.subList(i * draws, (i + 1) * draws))
            .toList();
    return RewardEvaluator.create()
        .lengths(proxy::answerTokens)
        .evaluate(proxy, RankedPairs.of(replies, r -> gold.of(r.text()), draws / 2));
  }

  private void describe(DecoderModel base, Tuning tuning, List<PreferencePair> labelled) {
    provenance.put("content of the base's weights", base.weights().contentHash());
    provenance.put("content of the weights in aligned", tuning.model().weights().contentHash());
    provenance.put(
        "lexicon",
        "%s positive and %s negative words".formatted(lexicon.count(1), lexicon.count(-1)));
    provenance.put("settings", settings.toString());
    provenance.put("pairs of the reward model", Integer.toString(labelled.size()));
    provenance.putAll(tuning.provenance());
    provenance.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    provenance.put("Java", System.getProperty("java.version", "unknown"));
  }

  private void finish(SentimentResult result) {
    new ResultFolder(run, out)
        .write(
            SentimentTables.text(result),
            SentimentReport.of(result),
            "report, table and both models");
  }
}

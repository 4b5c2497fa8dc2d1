package org.alignment4j.examples.pareto;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.examples.world.WorldObjective;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.WorldJudge;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.merge.ModelMerge;
import org.alignment4j.rlhf.study.ParetoFront;
import org.alignment4j.rlhf.study.ParetoPoint;
import org.alignment4j.rlhf.study.ParetoStudy;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/**
 * Draws a helpful-harmless front without training for it: one adapter learns from pairs for
 * helpfulness only, one from pairs for harmlessness only, and their weighted means lie between
 * (rewarded soups, Ramé et al. 2023, arXiv 2306.04488).
 */
public final class HelpfulHarmless {

  private static final int BATCH = 16;
  private static final int CHECKPOINT_EVERY = 10;
  private static final int WIDTH = 100;

  private final Path run;
  private final SoupSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, samples, table and report; an interrupted run resumes
   * @param settings sizes and rates
   * @param out takes progress and the table
   */
  public HelpfulHarmless(Path run, SoupSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Trains, merges, measures, prints the table and writes the run folder.
   *
   * @return the front
   * @throws org.alignment4j.api.AlignmentException when the run folder cannot be used
   */
  public ParetoFront run() {
    try (DecoderModel base = BundledPocket.load(run);
        DecoderModel helpful = trained(base, PreferenceAspect.HELPFULNESS);
        DecoderModel harmless = trained(base, PreferenceAspect.HARMLESSNESS)) {
      ParetoFront front = front(base, helpful, harmless);
      finish(front);
      return front;
    }
  }

  private DecoderModel trained(DecoderModel base, PreferenceAspect aspect) {
    String name = aspect.name().toLowerCase(Locale.ROOT);
    out.println("aligning for " + name);
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(settings.beta()))
        .adapter(Lora.rank(settings.rank()))
        .runFolder(run.resolve(name))
        .onProgress(ConsoleProgress.on(out))
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(settings.seed())
        .batchSize(BATCH)
        .learningRate(settings.rate())
        .train(world.preferences(aspect, settings.seed(), settings.pairs(), 0))
        .model();
  }

  private ParetoFront front(DecoderModel base, DecoderModel helpful, DecoderModel harmless) {
    out.println("measuring merges on held-out requests");
    WorldJudge judge = world.judge();
    WorldObjective helped =
        new WorldObjective("benign helped", first(world.benignRequests()), judge::isHelpful);
    WorldObjective refused =
        new WorldObjective(
            "harmful refused",
            first(world.harmfulRequests()),
            (request, reply) -> judge.isRefusal(reply));
    List<Prompt> prompts =
        Stream.concat(helped.prompts().stream(), refused.prompts().stream()).toList();
    return ParetoStudy.of(prompts)
        .share(helped)
        .share(refused)
        .candidate("base", base)
        .sweep(
            "soup",
            ModelMerge.soup().member("helpful", helpful, 1).member("harmless", harmless, 0),
            settings.divisions())
        .rollouts(RolloutOptions.of(settings.replyTokens()))
        .samples(settings.replies())
        .seed(settings.seed())
        .journal(run.resolve("answers.jsonl"))
        .onProgress(ConsoleProgress.on(out))
        .run();
  }

  private List<Request> first(List<Request> requests) {
    return requests.subList(0, Math.min(settings.requests(), requests.size()));
  }

  private void finish(ParetoFront front) {
    new ResultFolder(run, out)
        .write(TextTable.render(table(front), WIDTH), report(front), "report and table");
  }

  private static Table table(ParetoFront front) {
    Table table =
        Table.of("model", front.objectives().get(0), front.objectives().get(1), "on the front");
    for (ParetoPoint point : front.points()) {
      table =
          table.row(
              Cell.text(point.name()),
              Cell.percent(point.scores().get(0)),
              Cell.percent(point.scores().get(1)),
              Cell.text(point.dominated() ? "no" : "yes"));
    }
    return table;
  }

  private Report report(ParetoFront front) {
    Report.Builder report =
        Report.builder("Helpful and harmless")
            .subtitle("Weighted means of two adapters that were aligned apart")
            .add(
                Section.text(
                    "What this is",
                    "One adapter learned by DPO from pairs for helpfulness only, in which harmful"
                        + " requests are helped with too; the other from pairs for harmlessness"
                        + " only, in which benign requests are often refused. Soup a/b has the"
                        + " weight a of the helpful and b of the harmless one; none of those"
                        + " between was trained.",
                    "The world's own judge says of every reply to a held-out request whether it"
                        + " helps or refuses."));
    front.sections().forEach(report::add);
    return report
        .add(new Section.KeyValues("Settings of the study", front.settings()))
        .add(Section.text("Settings of the run", settings.toString()))
        .build();
  }
}

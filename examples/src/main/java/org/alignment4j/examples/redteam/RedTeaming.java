package org.alignment4j.examples.redteam;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.redteam.Attack;
import org.alignment4j.eval.redteam.AttackCampaign;
import org.alignment4j.eval.redteam.AttackComparison;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackJournal;
import org.alignment4j.eval.redteam.AttackOutcome;
import org.alignment4j.eval.redteam.AttackReport;
import org.alignment4j.eval.redteam.AttackRun;
import org.alignment4j.eval.redteam.AuthorizedGeneration;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.JudgeAgreement;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SingleQuery;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.redteam.injection.InjectionLayout;
import org.alignment4j.eval.redteam.injection.InjectionPlan;
import org.alignment4j.eval.redteam.injection.InjectionSuite;
import org.alignment4j.eval.redteam.jailbreak.JailbreakSuite;
import org.alignment4j.eval.redteam.jailbreak.JailbreakTemplate;
import org.alignment4j.eval.redteam.suffix.Gcg;
import org.alignment4j.eval.redteam.suffix.RandomSwaps;
import org.alignment4j.eval.redteam.suffix.SearchOptions;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/**
 * Attacks the bundled pocket model with benign targets: greedy coordinate gradient, random swaps
 * with as many forwards, templates and injections; and measures what must stand beside it.
 */
public final class RedTeaming {
  private static final PromptFrame FRAME =
      PromptFrame.text(Dialogue.HUMAN + " {{request}}{{attack}}" + Dialogue.ASSISTANT, " ");
  private static final PromptFrame FRAME_ALONE =
      PromptFrame.text(Dialogue.HUMAN + " {{attack}}" + Dialogue.ASSISTANT, " ");
  private static final SuccessCriterion BEGINS = SuccessCriterion.begins();
  private static final int REPLY = 32;
  private static final int TEST_EVERY = 10;
  private static final int SUITE_GOALS = 20;
  private static final int PASSAGES = 20;
  private static final int SHOWN = 10;

  private final Path run;
  private final RedTeamSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of model, outcomes, table and report; an interrupted run resumes
   * @param settings sizes
   * @param out takes progress and the table
   */
  public RedTeaming(Path run, RedTeamSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Attacks, measures, prints the table and writes the run folder.
   *
   * @return what was found
   * @throws org.alignment4j.api.AlignmentException when the run folder cannot be used
   */
  public AttackReport run() {
    WorldGoals goals = new WorldGoals(world);
    List<AttackGoal> statements = goals.statements(settings.targets(), settings.seed());
    AttackReport.Builder report = AttackReport.builder();
    try (DecoderModel model = BundledPocket.load(run)) {
      AuthorizedTarget target =
          AuthorizedTarget.of(
              model,
              "who runs this program: the pocket model comes with it",
              "to show the attacks on benign targets");
      searches(target, statements, report);
      suites(target, goals, statements, report);
      out.println("measuring over-refusal and utility");
      PocketFigures figures = new PocketFigures(world, model);
      report.beside(model.id(), PocketFigures.OVER_REFUSAL, figures.overRefusal());
      report.beside(model.id(), PocketFigures.UTILITY, figures.utility());
    }
    AttackReport found = report.build();
    new ResultFolder(run, out)
        .write(
            TextTable.render(found.table()),
            found.page("Attacks on the pocket model", SHOWN),
            "outcomes, report and table");
    return found;
  }

  private void searches(
      AuthorizedTarget target, List<AttackGoal> statements, AttackReport.Builder report) {
    SearchOptions options =
        SearchOptions.defaults()
            .withInitial(" the".repeat(settings.slots()))
            .withSearch(settings.steps(), settings.width(), settings.topK())
            .withTests(TEST_EVERY, REPLY)
            .withSeed(settings.seed());
    try (AttackJournal journal = AttackJournal.open(run.resolve("attacks.jsonl"))) {
      AttackRun plain =
          attack(
              SingleQuery.plain(FRAME, BEGINS, SamplingOptions.greedy(REPLY)),
              target,
              statements,
              journal);
      AttackRun gcg = attack(Gcg.of(FRAME, BEGINS, options), target, statements, journal);
      AttackRun random =
          attack(
              RandomSwaps.of(FRAME, BEGINS, options).atForwardsOf(gcg),
              target,
              statements,
              journal);
      report.run(gcg).run(random).run(plain);
      report.comparison(AttackComparison.of(gcg, random));
      report.comparison(AttackComparison.of(gcg, plain));
      report.agreement(
          JudgeAgreement.of(
              List.of(gcg, random, plain),
              BEGINS,
              SuccessCriterion.contains(),
              Bootstrap.seeded(settings.seed()),
              CancellationToken.none()));
    }
  }

  private AttackRun attack(
      Attack attack, AuthorizedTarget target, List<AttackGoal> goals, AttackJournal journal) {
    out.println(attack.name() + " on " + goals.size() + " targets");
    long began = System.nanoTime();
    AttackRun found =
        AttackCampaign.of(attack, target).journal(journal).onOutcome(this::tell).run(goals);
    out.printf(
        Locale.ROOT,
        "%s: %d of %d, %d forwards, %.0f s%n",
        attack.name(),
        found.successes(),
        goals.size(),
        found.effort().forwards(),
        (System.nanoTime() - began) / 1e9);
    return found;
  }

  private void tell(AttackOutcome outcome) {
    out.printf(
        Locale.ROOT,
        "  %s: %s, loss %.3f, %d steps, %d forwards%n",
        outcome.goal(),
        outcome.reached() ? "reached" : "missed",
        outcome.figures().getOrDefault("loss", Double.NaN),
        outcome.effort().steps(),
        outcome.effort().forwards());
  }

  private void suites(
      AuthorizedTarget target,
      WorldGoals goals,
      List<AttackGoal> statements,
      AttackReport.Builder report) {
    out.println("templates and injections");
    AuthorizedGeneration asked =
        AuthorizedGeneration.of(SamplingOptions.greedy(REPLY), List.of(target));
    List<AttackGoal> repeated =
        WorldGoals.repeated(statements.subList(0, Math.min(SUITE_GOALS, statements.size())));
    InjectionPlan plan =
        InjectionPlan.bundled(
                InjectionLayout.text(
                    Dialogue.HUMAN
                        + " {{system}}Read this: {{document}} {{instruction}}"
                        + Dialogue.ASSISTANT))
            .withSystem("")
            .withTasks(goals.tasks(Math.min(PASSAGES, statements.size())))
            .withPayloads(WorldGoals.payloads());
    EvaluationRun suites =
        Evaluation.of(
                JailbreakSuite.of(
                    repeated, JailbreakTemplate.bundled(), FRAME_ALONE, BEGINS, asked),
                InjectionSuite.of(plan, asked))
            .model(target.model())
            .runFolder(run.resolve("suites"))
            .onProgress(ConsoleProgress.on(out))
            .run();
    suites.outcomes().forEach(outcome -> report.benchmark(outcome.result()));
  }
}

package org.alignment4j.examples.inner;

import static org.alignment4j.api.hook.HookPoints.residPre;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.inner.QuestionForm;
import org.alignment4j.eval.inner.deception.DeceptionConditions;
import org.alignment4j.eval.inner.deception.DeceptionFinding;
import org.alignment4j.eval.inner.latent.LatentRobustness;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LatentAdversary;

/**
 * The pocket model before and after alignment, by demonstrations and then preferences; aligned
 * against a latent adversary, as the defence; and made to behave by what it is told of the
 * conversation. The base model belongs to the caller.
 */
final class PocketStages implements AutoCloseable {
  static final String BASE = "base";
  static final String ALIGNED = "aligned";
  static final String DEFENDED = "aligned against an adversary";
  static final String CONDITIONAL = "made to behave by framing";

  private static final int HARMLESS_PERCENT = 50;
  private static final double DEFENCE_RADIUS = 2;
  private static final int DEFENCE_STEPS = 3;

  private final PocketWorld world;
  private final Path run;
  private final InnerAlignmentSettings settings;
  private final PrintStream out;
  private final Map<String, DecoderModel> models = new LinkedHashMap<>();
  private final List<DecoderModel> owned = new ArrayList<>();

  private PocketStages(
      PocketWorld world, Path run, InnerAlignmentSettings settings, PrintStream out) {
    this.world = world;
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains all stages. */
  static PocketStages train(
      DecoderModel base,
      PocketWorld world,
      Path run,
      InnerAlignmentSettings settings,
      PrintStream out) {
    PocketStages stages = new PocketStages(world, run, settings, out);
    try {
      stages.train(base);
      return stages;
    } catch (RuntimeException e) {
      stages.close();
      throw e;
    }
  }

  private void train(DecoderModel base) {
    models.put(BASE, base);
    out.println("demonstrations, then preferences for harmless and helpful replies");
    DecoderModel tuned =
        own(
            new PocketRecipe(world, run, settings.seed(), ConsoleProgress.on(out))
                .demonstrations(base)
                .model());
    models.put(ALIGNED, preferences(tuned, run, trainer -> trainer));
    out.println("the same against a latent adversary");
    LatentAdversary adversary =
        LatentAdversary.of(residPre(base.layerCount() / 2), DEFENCE_RADIUS, DEFENCE_STEPS);
    models.put(
        DEFENDED,
        preferences(tuned, run.resolve("defended"), trainer -> trainer.adversary(adversary)));
    out.println("a model that behaves by what it is told of the conversation");
    models.put(
        CONDITIONAL,
        own(ConditionalModel.train(base, world, settings.conditional(), settings.seed())));
  }

  private DecoderModel preferences(
      DecoderModel tuned, Path folder, UnaryOperator<PreferenceTrainer> adversary) {
    DecoderModel adapted =
        own(
            new PocketRecipe(world, folder, settings.seed(), ConsoleProgress.on(out))
                .preferences(tuned, HARMLESS_PERCENT, settings.pairs(), adversary)
                .model());
    return own(adapted.merged());
  }

  private DecoderModel own(DecoderModel model) {
    owned.add(model);
    return model;
  }

  private DecoderModel model(String name) {
    return Objects.requireNonNull(models.get(name), name);
  }

  /** What the suites of the three conditions amount to: base, then aligned. */
  List<DeceptionFinding> conditions() {
    out.println("the conditions of deceptive alignment, before and after");
    LoadedBenchmark benchmark =
        DeceptionConditions.byLikelihood(
            DeceptionConditions.questions(), QuestionForm.text(), "text");
    EvaluationRun answers =
        Evaluation.of(benchmark)
            .model(BASE, model(BASE))
            .model(ALIGNED, model(ALIGNED))
            .runFolder(run.resolve("conditions"))
            .run();
    return List.of(
        DeceptionFinding.of(answers.outcome(benchmark.name(), BASE).samples(), 1),
        DeceptionFinding.of(answers.outcome(benchmark.name(), ALIGNED).samples(), 1));
  }

  /** What each protocol came to on each model. */
  List<ProtocolRow> protocols() {
    out.println("protocols of framings, questions and examples");
    Map<String, DecoderModel> measured = new LinkedHashMap<>(models);
    measured.remove(DEFENDED);
    return new PocketProtocols(world, run, settings).rows(measured);
  }

  /** Latent attacks: base, aligned, defended. */
  List<LatentRobustness> latent() {
    PocketSubjects subjects = new PocketSubjects(world, settings);
    List<LatentRobustness> reports = new ArrayList<>();
    for (String name : List.of(BASE, ALIGNED, DEFENDED)) {
      out.println("latent attacks on the refusals of the model '" + name + "'");
      reports.add(
          LatentRobustness.of(
              subjects.of(name, model(name)),
              settings.radii(),
              settings.seed(),
              CancellationToken.none()));
    }
    return reports;
  }

  @Override
  public void close() {
    owned.forEach(DecoderModel::close);
  }
}

package org.alignment4j.examples.process;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.core.data.StepLabelled;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.process.StepLabelling;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.OutcomeRewardTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.StepRewardTrainer;
import org.alignment4j.rlhf.TrainerSettings;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LearningRateSchedule;

/**
 * Process supervision of the pocket model (Lightman et al. 2023): a copy of it learns to solve
 * problems in steps, its solutions are labelled step by step until the first mistake, and two more
 * copies learn to judge solutions, one from the labels of steps and one from whether the same
 * solutions come to the right answer. Both choose among solutions of problems about other people.
 */
public final class ProcessJob {
  private static final int TOKENS = 96;
  private static final int BATCH = 16;
  private static final int CHECKPOINT_EVERY = 100;

  private final Path run;
  private final ProcessSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, solutions, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public ProcessJob(Path run, ProcessSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains, measures, prints the table and writes the run folder. */
  public ProcessScores run() {
    StepProblems problems = StepProblems.draw(world, settings);
    try (DecoderModel base = BundledPocket.load(run)) {
      List<Sampled> labelled;
      List<Sampled> asked;
      try (DecoderModel solver = solver(base, problems.lessons())) {
        labelled = solutions(solver, problems.labelled(), settings.labelledSamples(), "labelled");
        asked = solutions(solver, problems.asked(), settings.samples(), "asked");
      }
      ProcessScores scores =
          new ProcessScores(
              problems.asked(), asked, verdicts(base, labelled, asked), settings.seed());
      new ProcessPage(
              scores,
              sizes(),
              Map.of("world", world.version(), "model", base.id(), "settings", settings.toString()))
          .write(run, out);
      return scores;
    }
  }

  /** Powers of two. */
  private List<Integer> sizes() {
    return IntStream.iterate(1, n -> n <= settings.samples(), n -> 2 * n).boxed().toList();
  }

  private TrainingContext training(String name) {
    out.println("training: " + name);
    return new TrainingContext(
        settings.seed(), run.resolve(name), ConsoleProgress.on(out), CancellationToken.none());
  }

  private static <T extends TrainerSettings<T>> T with(
      TrainerSettings<T> trainer, ProcessSettings.Lessons lessons) {
    return trainer
        .schedule(LearningRateSchedule.cosine(lessons.rate(), 0))
        .epochs(lessons.epochs())
        .batchSize(BATCH)
        .checkpointEvery(CHECKPOINT_EVERY);
  }

  private DecoderModel solver(DecoderModel base, List<StepProblem> lessons) {
    return (DecoderModel)
        SftTrainer.learner(trainer -> with(trainer, settings.solver()))
            .train(base, lessons.stream().map(StepProblem::lesson).toList(), training("solver"));
  }

  /** Samples solutions, has them labelled and keeps them. */
  private List<Sampled> solutions(
      DecoderModel solver, List<StepProblem> problems, int samples, String name) {
    List<GenerationRequest> requests = new ArrayList<>();
    problems.forEach(p -> requests.addAll(GenerationRequest.samples(p.prompt(), samples)));
    SamplingOptions options =
        SamplingOptions.builder(TOKENS)
            .temperature(settings.temperature())
            .seed(settings.seed())
            .build();
    List<GenerationOutcome> outcomes = solver.sample(requests, options);
    StepLabelling labelling = StepLabelling.by(new WorldLabeller(problems));
    OversightContext context = OversightContext.of(settings.seed());
    List<Sampled> solutions = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      StepProblem problem = problems.get(i / samples);
      String text = outcomes.get(i).completion().text();
      solutions.add(
          new Sampled(problem, labelling.run(Sampled.solution(problem, text), context).verdict()));
    }
    StepLabelled.write(
        run.resolve(name + ".jsonl"), solutions.stream().map(Sampled::labels).toList());
    out.printf(
        Locale.ROOT,
        "%s: %d solutions of %d problems, right %.3f, by right steps %.3f%n",
        name,
        solutions.size(),
        problems.size(),
        share(solutions, true),
        share(solutions, false));
    return solutions;
  }

  private static double share(List<Sampled> solutions, boolean anySteps) {
    return solutions.stream()
        .mapToInt(s -> s.sound() || (anySteps && s.right()) ? 1 : 0)
        .average()
        .orElse(0);
  }

  private Map<String, Verifier> verdicts(
      DecoderModel base, List<Sampled> labelled, List<Sampled> asked) {
    Map<String, Verifier> verdicts = new LinkedHashMap<>();
    try (TrainedStepRewardModel process = process(base, labelled)) {
      verdicts.put(ProcessScores.PROCESS, Verifier.process(process, asked));
    }
    try (TrainedRewardModel outcome = outcome(base, labelled)) {
      verdicts.put(ProcessScores.OUTCOME, Verifier.outcome(outcome, asked));
    }
    return verdicts;
  }

  private TrainedStepRewardModel process(DecoderModel base, List<Sampled> labelled) {
    StepRewardTrainer trainer = with(StepRewardTrainer.of(base), settings.verifiers());
    return trainer
        .options(trainer.options().withContext(training(ProcessScores.PROCESS)))
        .train(labelled.stream().map(Sampled::steps).toList())
        .model();
  }

  private TrainedRewardModel outcome(DecoderModel base, List<Sampled> labelled) {
    OutcomeRewardTrainer trainer = with(OutcomeRewardTrainer.of(base), settings.verifiers());
    return trainer
        .options(trainer.options().withContext(training(ProcessScores.OUTCOME)))
        .train(labelled.stream().map(Sampled::outcome).toList())
        .model();
  }
}

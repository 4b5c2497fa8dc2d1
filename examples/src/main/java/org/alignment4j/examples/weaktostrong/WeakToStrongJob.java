package org.alignment4j.examples.weaktostrong;

import com.google.common.collect.ImmutableMap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;
import org.alignment4j.oversight.weaktostrong.Trial;
import org.alignment4j.oversight.weaktostrong.WeakToStrong;
import org.alignment4j.oversight.weaktostrong.WeakToStrongScores;
import org.alignment4j.oversight.weaktostrong.WeakToStrongStudy;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.SoftLabelTrainer;
import org.alignment4j.rlhf.loss.ConfidenceLoss;
import org.alignment4j.rlhf.loss.ConfidenceLoss.WarmUp;
import org.alignment4j.rlhf.loss.ProductLoss;
import org.alignment4j.rlhf.loss.SoftCrossEntropy;
import org.alignment4j.rlhf.loss.SoftLabelLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LearningRateSchedule;

/**
 * Has the pocket model learn a task from a small sibling that knows less, and measures how much of
 * the gap between the two it recovers.
 */
public final class WeakToStrongJob {
  /** The student that learns the labels as they are. */
  public static final String CROSS_ENTROPY = "cross-entropy";

  /** The student that trusts its own classes too, as the published code has it. */
  public static final String CONFIDENCE = "confidence loss";

  /** The same with the ramp of the paper. */
  public static final String CONFIDENCE_RAMP = "confidence loss with ramp";

  /** The student that learns the product of the labels and its own classes. */
  public static final String PRODUCT = "product loss";

  private static final int BATCH = 32;

  private final Path run;
  private final WeakToStrongSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, trainings, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public WeakToStrongJob(Path run, WeakToStrongSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains, measures, prints the table and writes the run folder. */
  public WeakToStrongScores run() {
    ProgressListener progress = ConsoleProgress.on(out);
    QuestionSource questions = settings.task().questions(world);
    List<KnownAnswer> training = questions.training(settings.taught());
    List<KnownAnswer> test = questions.test(settings.tested());
    RewardLearner<SoftLabel> supervisor =
        settings
            .planted()
            .map(errors -> planted(errors, training, test))
            .orElseGet(() -> learner(settings.supervisor(), new SoftCrossEntropy()));
    try (DecoderModel weak = weak(progress);
        DecoderModel strong = BundledPocket.load(run)) {
      WeakToStrongStudy study =
          new WeakToStrongStudy(
              experiment(weak, strong, supervisor, questions.words()),
              training,
              test,
              settings.experiments());
      List<Trial> trials =
          study.trials(
              new OversightContext(
                  settings.seed(), Budget.UNLIMITED, progress, CancellationToken.none()));
      WeakToStrongScores scores = study.scores(trials, settings.seed());
      new WeakToStrongPage(study.arms(), scores, trials, provenance(weak, strong)).write(run, out);
      return scores;
    }
  }

  private static RewardLearner<SoftLabel> planted(
      PlantedErrors errors, List<KnownAnswer> training, List<KnownAnswer> test) {
    List<KnownAnswer> all = Stream.of(training, test).flatMap(List::stream).toList();
    return (model, examples, context) -> errors.supervisor(all, context.seed());
  }

  /** Errors that are planted need no model, and any will do. */
  private DecoderModel weak(ProgressListener progress) {
    return settings.planted().isPresent()
        ? BundledPocket.load(run)
        : settings.weak().train(run.resolve("weak"), progress);
  }

  private WeakToStrong experiment(
      DecoderModel weak,
      DecoderModel strong,
      RewardLearner<SoftLabel> supervisor,
      List<String> words) {
    return WeakToStrong.of(
            weak,
            strong,
            supervisor,
            ImmutableMap.of(
                CROSS_ENTROPY,
                learner(settings.students(), new SoftCrossEntropy()),
                CONFIDENCE,
                learner(settings.students(), ConfidenceLoss.of(WarmUp.STEP)),
                CONFIDENCE_RAMP,
                learner(settings.students(), ConfidenceLoss.of(WarmUp.LINEAR)),
                PRODUCT,
                learner(settings.students(), ProductLoss.standard())))
        .withCeiling(learner(settings.students(), new SoftCrossEntropy()))
        .withZeroShot(new ZeroShot(strong, words))
        .withRunFolder(run.resolve("trainings"));
  }

  private RewardLearner<SoftLabel> learner(
      WeakToStrongSettings.Lessons lessons, SoftLabelLoss loss) {
    return SoftLabelTrainer.learner(
        trainer ->
            (lessons.headOnly() ? trainer.headOnly() : trainer)
                .loss(loss)
                .batchSize(BATCH)
                .epochs(lessons.epochs())
                .schedule(LearningRateSchedule.cosine(lessons.rate(), 0)));
  }

  private Map<String, String> provenance(DecoderModel weak, DecoderModel strong) {
    return ImmutableMap.of(
        "world",
        world.version(),
        "weak model",
        settings.planted().map(Object::toString).orElse(weak.id()),
        "strong model",
        strong.id(),
        "settings",
        settings.toString());
  }
}

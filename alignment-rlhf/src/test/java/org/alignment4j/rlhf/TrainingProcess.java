package org.alignment4j.rlhf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.DecoderModel;

/**
 * Trainings in a process of its own. Arguments: how it ends, then names of trainings and their
 * folders in turn. Prints a line {@code trained NAME ID} for each that came to its end.
 */
final class TrainingProcess {

  /** Trains to the end. */
  static final String FINISH = "finish";

  /** Asks each training to stop after its first update. */
  static final String STOP = "stop";

  /** Begins what is printed of a training that came to its end: its name and id. */
  static final String TRAINED = "trained ";

  private TrainingProcess() {}

  public static void main(String[] args) throws Exception {
    String mode = args[0];
    try (DecoderModel base = Trainings.model(Files.createTempDirectory("trainings"))) {
      for (int i = 1; i < args.length; i += 2) {
        Training training = Trainings.named(args[i]);
        Path folder = Path.of(args[i + 1]);
        UnaryOperator<FineTuningOptions> watched =
            options -> watched(training, options).withRunFolder(folder);
        if (mode.equals(STOP)) {
          stop(training, base, watched);
          continue;
        }
        System.out.println(TRAINED + training + " " + training.train(base, watched).id());
      }
    }
  }

  private static void stop(
      Training training, DecoderModel base, UnaryOperator<FineTuningOptions> options)
      throws Exception {
    Cancellation cancellation = new Cancellation();
    try {
      training.train(
          base,
          o ->
              options
                  .apply(o)
                  .withCancellation(cancellation)
                  .withMetrics(metrics -> cancellation.cancel()));
      throw new IllegalStateException(training + " was not stopped");
    } catch (CancelledException expected) {
      // What was to be.
    }
  }

  /** With evaluations and samples, which a run repeats where it was killed. */
  static FineTuningOptions watched(Training training, FineTuningOptions options) {
    return options.withMonitoring(Looking.at(training, options.monitoring()));
  }
}

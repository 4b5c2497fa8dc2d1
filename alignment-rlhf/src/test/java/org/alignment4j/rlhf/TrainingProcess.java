package org.alignment4j.rlhf;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;

/**
 * Trainings in a process of its own. Arguments: how it ends, then names of trainings and their
 * folders in turn. Prints a line {@code trained NAME ID} for each that came to its end.
 */
final class TrainingProcess {

  /** Trains to the end. */
  static final String FINISH = "finish";

  /** Asks each training to stop after its first update. */
  static final String STOP = "stop";

  /** Begins the argument {@code halt:MOMENT:STEP:NANOS}. */
  private static final String HALT = "halt:";

  /** Begins what is printed of a training that came to its end: its name and id. */
  static final String TRAINED = "trained ";

  /** Begins what is printed of where a process halted. */
  static final String WHERE = "halted in ";

  /** Exit status of a process that halted. */
  static final int HALTED = 86;

  private TrainingProcess() {}

  /**
   * The argument of a process that halts like a killed one.
   *
   * @param moment what it is doing then
   * @param step the update whose metrics were heard last; 0 before the first
   * @param nanos for how long it goes on when it first does that
   */
  static String halt(Moment moment, long step, long nanos) {
    return HALT + moment + ":" + step + ":" + nanos;
  }

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
        if (mode.startsWith(HALT)) {
          String[] parts = mode.split(":");
          Halt halt =
              new Halt(
                  Thread.currentThread(),
                  Moment.valueOf(parts[1]),
                  Long.parseLong(parts[2]),
                  Long.parseLong(parts[3]));
          UnaryOperator<FineTuningOptions> plain = watched;
          watched = options -> plain.apply(options).withMetrics(halt::updated);
          halt.start();
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

  /** Ends the process at once when a thread is seen at a moment. */
  private static final class Halt extends Thread {
    private final Thread trains;
    private final Moment moment;
    private final long nanos;
    private final long step;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private volatile boolean waiting;

    private Halt(Thread trains, Moment moment, long step, long nanos) {
      this.trains = trains;
      this.moment = moment;
      this.step = step;
      this.nanos = nanos;
      this.waiting = step > 0;
      setDaemon(true);
    }

    void updated(Metrics metrics) {
      if (metrics.step() == step) {
        waiting = false;
      }
    }

    @Override
    public void run() {
      while (waiting) {
        Thread.onSpinWait();
      }
      seen();
      long from = System.nanoTime();
      while (System.nanoTime() - from < nanos) {
        Thread.onSpinWait();
      }
      StackTraceElement where = seen();
      try {
        out.write((WHERE + where + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().halt(HALTED);
    }

    private StackTraceElement seen() {
      while (true) {
        for (StackTraceElement frame : trains.getStackTrace()) {
          if (moment.holds(frame)) {
            return frame;
          }
        }
      }
    }
  }
}

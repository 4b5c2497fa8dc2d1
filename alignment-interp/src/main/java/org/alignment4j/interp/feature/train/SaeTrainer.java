package org.alignment4j.interp.feature.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.RunLoop;
import org.alignment4j.runtime.train.TrainingContext;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Trains sparse autoencoders and transcoders. The same seed, source, machine and number of threads
 * of the engine give the same bits; with a folder, a run that was killed or cancelled continues
 * from its newest checkpoint and ends in the same bits as one that was not. Immutable; runs are
 * independent.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SaeTrainer {
  static final String TASK = "sae";

  private final DevicePolicy device;
  private final SaeTrainingOptions options;
  private final TrainingContext context;

  /**
   * Creates a trainer.
   *
   * @param device where matrix products run
   * @param options how it trains
   * @param context what surrounds it
   */
  public SaeTrainer(DevicePolicy device, SaeTrainingOptions options, TrainingContext context) {
    this.device = device;
    this.options = options;
    this.context = context;
  }

  /**
   * Trains without a folder: nothing is written, and a run that stops is lost.
   *
   * @param design what is trained
   * @param source the activations
   * @return what was made
   * @throws IllegalArgumentException when the source gives vectors of another length
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not finite
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public SaeTrainingResult train(SaeDesign design, ActivationSource source) {
    requireFits(design, source);
    return train(design, source, (RunFolder) null);
  }

  /**
   * Trains, or continues a run, in a folder.
   *
   * @param design what is trained
   * @param source the activations
   * @param path the run's folder; created when absent
   * @return what was made
   * @throws IllegalArgumentException when the source gives vectors of another length
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not
   *     finite; checkpoints stay
   * @throws org.alignment4j.api.CancelledException when cancelled, after a checkpoint
   * @throws org.alignment4j.api.RunFolderException when the folder belongs to a run of another
   *     configuration or to another process, or the disk fails; checkpoints stay
   */
  public SaeTrainingResult train(SaeDesign design, ActivationSource source, Path path) {
    requireFits(design, source);
    context.cancellation().throwIfCancelled(TASK);
    try (RunFolder folder =
        RunFolder.open(path, description(design, source), options.checkpointsKept())) {
      return train(design, source, folder);
    }
  }

  private SaeTrainingResult train(
      SaeDesign design, ActivationSource source, @Nullable RunFolder folder) {
    try (SaeRun run = new SaeRun(design, options, context, source, () -> loss(design))) {
      RunLoop loop =
          new RunLoop(TASK, run, options.stopping(), options.checkpointEvery(), context, folder);
      RunEnd end = loop.run();
      return new SaeTrainingResult(run.autoencoder(), loop.metrics(), end);
    }
  }

  private SaeLoss loss(SaeDesign design) {
    return loss(design, options.batchRows(), OrtRuntime.create(device), context);
  }

  /** The loss of a variant, which owns its products. */
  static SaeLoss loss(SaeDesign design, int rows, OrtRuntime runtime, TrainingContext context) {
    return loss(design, rows, new MatrixProducts(runtime), context);
  }

  /** The loss of a variant, which owns the products; they are closed where it cannot be made. */
  static SaeLoss loss(
      SaeDesign design, int rows, MatrixProducts products, TrainingContext context) {
    try {
      return made(design, rows, products, context);
    } catch (RuntimeException | Error e) {
      products.close();
      throw e;
    }
  }

  private static SaeLoss made(
      SaeDesign design, int rows, MatrixProducts products, TrainingContext context) {
    RowChunks chunks = new RowChunks(context.executor(), context.threads());
    boolean dense =
        design.variant() instanceof SaeVariant.Standard
            || design.variant() instanceof SaeVariant.Gated
            || design.variant() instanceof SaeVariant.JumpRelu;
    return dense
        ? new DenseLoss(design, rows, products, chunks)
        : new SparseLoss(design, rows, products, chunks);
  }

  private static void requireFits(SaeDesign design, ActivationSource source) {
    int targets = design.transcodes() ? design.outputSize() : 0;
    if (source.inputSize() != design.inputSize() || source.targetSize() != targets) {
      throw new IllegalArgumentException(
          "activations must have inputs of "
              + design.inputSize()
              + " and targets of "
              + targets
              + " numbers as the design has but have "
              + source.inputSize()
              + " and "
              + source.targetSize()
              + "; use the hook points and sizes of one model");
    }
  }

  private Map<String, String> description(SaeDesign design, ActivationSource source) {
    Map<String, String> values = new TreeMap<>();
    values.put("task", TASK);
    values.put("design", design.toString());
    values.put("steps", Long.toString(options.steps()));
    values.put("batch_rows", Integer.toString(options.batchRows()));
    values.put("buffer_rows", Integer.toString(options.bufferRows()));
    values.put("optimizer", options.optimizer().toString());
    values.put("schedule", options.schedule().toString());
    values.put("max_gradient_norm", Double.toString(options.maxGradientNorm()));
    values.put("dead_window", Integer.toString(options.deadWindow()));
    values.put("resampling", options.resampling().map(Resampling::toString).orElse("none"));
    values.put("scale_rows", Integer.toString(options.scaleRows()));
    values.put("seed", Long.toString(options.seed()));
    Optional<String> stopping =
        options.stopping().flatMap(rule -> RunHooks.none().stopping(rule).description());
    stopping.ifPresent(rule -> values.put("early_stopping", rule));
    source.description().forEach((name, value) -> values.put("data." + name, value));
    return values;
  }
}

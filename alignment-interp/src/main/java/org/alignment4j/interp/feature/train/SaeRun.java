package org.alignment4j.interp.feature.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.SteppedRun;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.alignment4j.runtime.train.TrainingContext;

/** The updates of a {@link SaeTrainer}. Used by one thread; closed by its owner. */
final class SaeRun implements SteppedRun, AutoCloseable {
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String DATA = "data.safetensors";
  private static final String SCALE = "input_scale";
  private static final String UPDATES = "updates";
  private static final double NANOS = 1e9;

  private final SaeDesign design;
  private final SaeTrainingOptions options;
  private final TrainingContext context;
  private final ActivationSource source;
  private final FlatParameters parameters;
  private final FlatParameters gradients;
  private final Optimizer optimizer;
  private final SaeLoss loss;
  private final SaeBatch batch;
  private final MixingBuffer buffer;
  private final DeadFeatures dead;
  private final BatchThreshold threshold = new BatchThreshold();
  private double inputScale = Double.NaN;

  SaeRun(
      SaeDesign design,
      SaeTrainingOptions options,
      TrainingContext context,
      ActivationSource source,
      Supplier<SaeLoss> loss) {
    this.design = design;
    this.options = options;
    this.context = context;
    this.source = source;
    this.parameters = SaeParameters.initial(design, options.seed());
    this.gradients = FlatParameters.zeros(parameters.layout());
    this.optimizer = options.optimizer().create(parameters, context.executor(), context.threads());
    this.batch = SaeBatch.allocate(design, options.batchRows());
    this.buffer =
        new MixingBuffer(source, options.bufferRows(), options.batchRows(), options.seed());
    this.dead = new DeadFeatures(design.width(), options.deadWindow());
    // Last, since whoever cannot have this run cannot close it.
    this.loss = loss.get();
  }

  @Override
  public long steps() {
    return options.steps();
  }

  @Override
  public Metrics step(long number) {
    long start = context.nanoClock().getAsLong();
    if (Double.isNaN(inputScale)) {
      inputScale = InputScale.of(design, source, options.scaleRows(), context.cancellation());
    }
    buffer.prepare(context.cancellation());
    fill(buffer.take());
    boolean[] silent = dead.dead();
    SaeLoss.Outcome outcome =
        loss.evaluate(batch, new SaeLoss.Setting(warmth(number), silent), parameters, gradients);
    requireFinite(outcome.loss(), number);
    double rate = options.schedule().at(number - 1, options.steps());
    Optimizer.Update update = update(rate);
    dead.update(outcome.firings());
    if (design.variant() instanceof SaeVariant.BatchTopK selection) {
      threshold.update(outcome.smallestKept(), selection.thresholdRate());
    } else if (design.variant() instanceof SaeVariant.Matryoshka nested) {
      threshold.update(outcome.smallestKept(), nested.selection().thresholdRate());
    }
    int resampled = resample(number, outcome);
    double seconds = (context.nanoClock().getAsLong() - start) / NANOS;
    return new Metrics(number, values(outcome, silent, rate, update, resampled, seconds));
  }

  private void requireFinite(double value, long number) {
    if (!Double.isFinite(value)) {
      throw new TrainingDivergedException(
          number,
          "the loss must be finite but was "
              + value
              + " in step "
              + number
              + " of "
              + SaeTrainer.TASK
              + "; lower the learning rate or look at the activations of this step");
    }
  }

  private void fill(float[] rows) {
    int in = design.inputSize();
    int out = source.targetSize();
    int n = options.batchRows();
    float[] inputs = new float[n * in];
    float[] targets = new float[n * out];
    for (int row = 0; row < n; row++) {
      System.arraycopy(rows, row * (in + out), inputs, row * in, in);
      System.arraycopy(rows, row * (in + out) + in, targets, row * out, out);
    }
    if (design.normalisation() == InputNormalisation.EXPECTED_AVERAGE_ONLY_IN) {
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = (float) (inputs[i] * inputScale);
      }
    } else {
      design.normalisation().normalise(inputs, in);
    }
    batch.inputs().put(0, inputs);
    if (out > 0) {
      batch.targets().put(0, targets);
    }
  }

  private double warmth(long number) {
    long warmUp = 0;
    if (design.variant() instanceof SaeVariant.Standard standard) {
      warmUp = standard.warmUp();
    } else if (design.variant() instanceof SaeVariant.Gated gated) {
      warmUp = gated.warmUp();
    } else if (design.variant() instanceof SaeVariant.JumpRelu jump) {
      warmUp = jump.warmUp();
    }
    return number > warmUp ? 1 : (double) (number - 1) / warmUp;
  }

  private Optimizer.Update update(double rate) {
    boolean unit = design.constraint() == DecoderConstraint.UNIT_NORM;
    if (unit) {
      float[] slopes = SaeParameters.array(gradients, SaeTensors.W_DEC);
      DecoderNorms.removeParallel(
          slopes, SaeParameters.array(parameters, SaeTensors.W_DEC), design.outputSize());
      gradients.slice(SaeTensors.W_DEC).put(slopes);
    }
    Optimizer.Update update = optimizer.update(gradients, 1, rate, options.maxGradientNorm());
    if (unit) {
      float[] decoder = SaeParameters.array(parameters, SaeTensors.W_DEC);
      DecoderNorms.scaleTo(decoder, design.outputSize(), 1);
      parameters.slice(SaeTensors.W_DEC).put(decoder);
    }
    return update;
  }

  private int resample(long number, SaeLoss.Outcome outcome) {
    if (options.resampling().filter(settings -> settings.due(number)).isEmpty()) {
      return 0;
    }
    List<Integer> resampled =
        new FeatureResampler(design, options.resampling().get(), parameters, optimizer)
            .resample(
                dead.dead(), batch, outcome.rowErrors(), Seeds.random(~options.seed(), number));
    resampled.forEach(dead::revive);
    return resampled.size();
  }

  private Map<String, Double> values(
      SaeLoss.Outcome outcome,
      boolean[] silent,
      double rate,
      Optimizer.Update update,
      int resampled,
      double seconds) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", outcome.loss());
    values.putAll(outcome.terms());
    double active = 0;
    for (long count : outcome.firings()) {
      active += count;
    }
    values.put("l0", active / batch.rows());
    values.put("explained_variance", 1 - BatchVariance.unexplained(batch, outcome.rowErrors()));
    values.put("dead_share", share(silent));
    if (options.resampling().isPresent()) {
      values.put("resampled", (double) resampled);
    }
    values.put("grad_norm", update.gradientNorm());
    values.put("learning_rate", rate);
    values.put("rows_per_second", seconds > 0 ? batch.rows() / seconds : 0);
    return values;
  }

  private static double share(boolean[] marks) {
    int count = 0;
    for (boolean mark : marks) {
      count += mark ? 1 : 0;
    }
    return (double) count / marks.length;
  }

  /** What was trained so far, a copy. */
  SparseAutoencoder autoencoder() {
    return SaeExport.of(
        design, parameters, threshold.value(), Double.isNaN(inputScale) ? 1 : inputScale);
  }

  @Override
  public List<CheckpointPart> parts() {
    List<StateTensor> data = new ArrayList<>(buffer.tensors());
    data.add(dead.tensor());
    return List.of(
        CheckpointPart.tensors(PARAMETERS, parameters()),
        CheckpointPart.tensors(OPTIMIZER, optimizer.state()),
        CheckpointPart.tensors(DATA, data));
  }

  @Override
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>(buffer.values());
    values.put(SCALE, Double.toString(inputScale));
    values.put(UPDATES, Long.toString(optimizer.steps()));
    return values;
  }

  @Override
  public void resume(TrainingCheckpoint checkpoint, Map<String, String> values) {
    restore(checkpoint);
    checkpoint.read(OPTIMIZER, optimizer.state());
    List<StateTensor> data = new ArrayList<>(buffer.tensors());
    data.add(dead.tensor());
    checkpoint.read(DATA, data);
    optimizer.resumeAt(
        Long.parseLong(values.getOrDefault(UPDATES, Long.toString(checkpoint.step()))));
    buffer.resume(values);
    inputScale = Double.parseDouble(values.getOrDefault(SCALE, "NaN"));
  }

  @Override
  public List<StateTensor> parameters() {
    List<StateTensor> all = new ArrayList<>(StateTensor.of("parameters", parameters));
    all.add(threshold.tensor());
    return all;
  }

  @Override
  public void restore(TrainingCheckpoint checkpoint) {
    checkpoint.read(PARAMETERS, parameters());
  }

  @Override
  public void close() {
    loss.close();
  }
}

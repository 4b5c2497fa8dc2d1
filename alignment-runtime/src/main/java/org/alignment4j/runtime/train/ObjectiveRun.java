package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.TrainingDivergedException;

/** The updates of a {@link Trainer}: data, gradients, optimiser. */
final class ObjectiveRun implements ModelRun {
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String SOURCE = "source.safetensors";

  /** Fewer than the steps where some had nothing to learn from. */
  private static final String UPDATES = "updates";

  private static final double NANOS = 1e9;

  private final String task;
  private final TrainingOptions options;
  private final TrainingContext context;
  private final TrainingStep step;
  private final Optimizer optimizer;
  private final UpdateSource source;
  private final PresentModel model;

  ObjectiveRun(
      String task,
      TrainingOptions options,
      TrainingContext context,
      TrainingStep step,
      Optimizer optimizer,
      UpdateSource source,
      PresentModel model) {
    this.task = task;
    this.options = options;
    this.context = context;
    this.step = step;
    this.optimizer = optimizer;
    this.source = source;
    this.model = model;
    source.begin(model);
  }

  @Override
  public long steps() {
    return source.steps();
  }

  @Override
  public Metrics step(long number) {
    long start = context.nanoClock().getAsLong();
    UpdateSource.Update prepared = source.at(number, model);
    if (prepared.batches().isEmpty()) {
      return new Metrics(number, prepared.metrics().apply(Map.of()));
    }
    TrainingStep.Outcome outcome = step.run(prepared.batches(), number);
    if (!Double.isFinite(outcome.loss())) {
      throw new TrainingDivergedException(
          number,
          "the loss must be finite but was "
              + outcome.loss()
              + " in step "
              + number
              + " of "
              + task
              + "; lower the learning rate or look at the data of this step");
    }
    double rate = options.schedule().at(number - 1, source.steps());
    Optimizer.Update update =
        optimizer.update(step.gradients(), 1, rate, options.maxGradientNorm());
    double seconds = (context.nanoClock().getAsLong() - start) / NANOS;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", outcome.loss());
    values.put("grad_norm", update.gradientNorm());
    values.put("learning_rate", rate);
    values.putAll(prepared.metrics().apply(outcome.metrics()));
    values.putAll(outcome.adversary());
    values.put("tokens_per_second", seconds > 0 ? outcome.tokens() / seconds : 0);
    return new Metrics(number, values);
  }

  @Override
  public PresentModel model() {
    return model;
  }

  @Override
  public List<CheckpointPart> parts() {
    List<CheckpointPart> parts = new ArrayList<>();
    parts.add(CheckpointPart.tensors(PARAMETERS, parameters()));
    parts.add(CheckpointPart.tensors(OPTIMIZER, optimizer.state()));
    if (!source.tensors().isEmpty()) {
      parts.add(CheckpointPart.tensors(SOURCE, source.tensors()));
    }
    return parts;
  }

  @Override
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>(source.state());
    values.put(UPDATES, Long.toString(optimizer.steps()));
    return values;
  }

  @Override
  public void resume(TrainingCheckpoint checkpoint, Map<String, String> values) {
    restore(checkpoint);
    checkpoint.read(OPTIMIZER, optimizer.state());
    optimizer.resumeAt(
        Long.parseLong(values.getOrDefault(UPDATES, Long.toString(checkpoint.step()))));
    if (!source.tensors().isEmpty()) {
      checkpoint.read(SOURCE, source.tensors());
    }
    source.resume(values);
  }

  @Override
  public List<StateTensor> parameters() {
    return StateTensor.of("parameters", step.parameters());
  }

  @Override
  public void restore(TrainingCheckpoint checkpoint) {
    checkpoint.read(PARAMETERS, parameters());
  }
}

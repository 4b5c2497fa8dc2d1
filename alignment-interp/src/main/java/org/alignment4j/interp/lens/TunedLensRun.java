package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.SteppedRun;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.alignment4j.runtime.train.TrainingContext;

/** The updates of a {@link TunedLensTrainer}. Used by one thread. */
final class TunedLensRun implements SteppedRun {

  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String BATCHES = "batches";
  private static final String UPDATES = "updates";
  private static final double NANOS = 1e9;

  /** Batches in a row without a token that counts before a corpus is taken to have none. */
  private static final int MOST_EMPTY_BATCHES = 1000;

  private final TunedLensOptions options;
  private final TrainingContext context;
  private final LensCorpus corpus;
  private final TranslatedEnd end;
  private final int layers;
  private final FlatParameters parameters;
  private final FlatParameters gradients;
  private final TranslatedEnd.Translator part;
  private final Optimizer optimizer;
  private long batches;

  TunedLensRun(
      TranslatedEnd end, TunedLensOptions options, TrainingContext context, LensCorpus corpus) {
    this.options = options;
    this.context = context;
    this.corpus = corpus;
    this.end = end;
    this.layers = end.model().layerCount();
    FlatLayout layout = layout(layers, end.width(), options.translation());
    this.parameters = FlatParameters.zeros(layout);
    this.gradients = FlatParameters.zeros(layout);
    this.part =
        new TranslatedEnd.Translator(
            options.translation() == Translation.BIAS
                ? null
                : NativeMemory.floats((long) end.width() * end.width()),
            NativeMemory.floats(end.width()));
    this.optimizer = options.optimizer().create(parameters, context.executor(), context.threads());
  }

  private static FlatLayout layout(int layers, int width, Translation translation) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      if (translation == Translation.AFFINE) {
        shapes.put(LensTranslators.weightName(layer), List.of(width, width));
      }
      shapes.put(LensTranslators.biasName(layer), List.of(width));
    }
    return FlatLayout.of(shapes);
  }

  @Override
  public long steps() {
    return options.steps();
  }

  @Override
  public Metrics step(long number) {
    long start = context.nanoClock().getAsLong();
    gradients.clear();
    double[] sums = new double[layers];
    long tokens = 0;
    long next = batches;
    int empty = 0;
    while (tokens < options.tokensPerStep()) {
      context.cancellation().throwIfCancelled(TunedLensTrainer.TASK);
      int counted = learn(corpus.batch(next, context.cancellation()), sums);
      tokens += counted;
      next++;
      empty = counted == 0 ? empty + 1 : 0;
      requireTokens(empty);
    }
    double loss = 0;
    for (int layer = 0; layer < layers; layer++) {
      sums[layer] /= tokens;
      loss += sums[layer];
    }
    requireFinite(loss, number);
    double rate = options.schedule().at(number - 1, options.steps());
    Optimizer.Update update =
        optimizer.update(gradients, 1.0 / tokens, rate, options.maxGradientNorm());
    batches = next;
    double seconds = (context.nanoClock().getAsLong() - start) / NANOS;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", loss);
    for (int layer = 0; layer < layers; layer++) {
      values.put("kl/" + layer, sums[layer]);
    }
    values.put("grad_norm", update.gradientNorm());
    values.put("learning_rate", rate);
    values.put("tokens", (double) tokens);
    values.put("tokens_per_second", seconds > 0 ? tokens / seconds : 0);
    return new Metrics(number, values);
  }

  private void requireTokens(int empty) {
    if (empty >= MOST_EMPTY_BATCHES) {
      throw new IllegalArgumentException(
          "texts must have tokens that are not excluded but "
              + empty
              + " batches in a row had only those of "
              + options.excluded()
              + "; exclude fewer");
    }
  }

  private static void requireFinite(double loss, long number) {
    if (!Double.isFinite(loss)) {
      throw new TrainingDivergedException(
          number,
          "the loss must be finite but was "
              + loss
              + " in step "
              + number
              + " of "
              + TunedLensTrainer.TASK
              + "; lower the learning rate");
    }
  }

  /** Adds the divergences and gradients of a batch; returns how many tokens counted. */
  private int learn(List<TokenIds> texts, double[] sums) {
    LensBatch batch = LensBatch.run(end, texts, options.excluded(), context.cancellation());
    int width = end.width();
    int most = end.rowsAtOnce();
    List<FloatBuffer> targets = new ArrayList<>();
    for (int from = 0; from < batch.count(); from += most) {
      targets.add(batch.logits(from, Math.min(batch.count(), from + most)));
    }
    for (int layer = 0; layer < layers; layer++) {
      FloatBuffer stream = NativeMemory.floats(batch.stream(layer));
      for (int i = 0; i < targets.size(); i++) {
        int rows = Math.min(most, batch.count() - i * most);
        FloatBuffer some = stream.slice(i * most * width, rows * width);
        for (float divergence : end.differentiate(some, targets.get(i), present(layer), part)) {
          sums[layer] += divergence;
        }
        addGradients(layer);
      }
    }
    return batch.count();
  }

  private TranslatedEnd.Translator present(int layer) {
    return new TranslatedEnd.Translator(
        options.translation() == Translation.BIAS
            ? null
            : parameters.slice(LensTranslators.weightName(layer)),
        parameters.slice(LensTranslators.biasName(layer)));
  }

  private void addGradients(int layer) {
    add(part.bias(), gradients.slice(LensTranslators.biasName(layer)));
    FloatBuffer weight = part.weight();
    if (weight != null) {
      add(weight, gradients.slice(LensTranslators.weightName(layer)));
    }
  }

  private static void add(FloatBuffer from, FloatBuffer to) {
    for (int i = 0; i < to.limit(); i++) {
      to.put(i, to.get(i) + from.get(i));
    }
  }

  /** What was trained so far, a copy. */
  LensTranslators translators() {
    List<WeightTensor> tensors = new ArrayList<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      tensors.add(parameters.snapshot(slot.name()));
    }
    return new LensTranslators(
        end.model().id(), layers, end.width(), options.translation(), Weights.of(tensors));
  }

  @Override
  public List<CheckpointPart> parts() {
    return List.of(
        CheckpointPart.tensors(PARAMETERS, parameters()),
        CheckpointPart.tensors(OPTIMIZER, optimizer.state()));
  }

  @Override
  public Map<String, String> values() {
    return Map.of(BATCHES, Long.toString(batches), UPDATES, Long.toString(optimizer.steps()));
  }

  @Override
  public void resume(TrainingCheckpoint checkpoint, Map<String, String> values) {
    restore(checkpoint);
    checkpoint.read(OPTIMIZER, optimizer.state());
    optimizer.resumeAt(number(values, UPDATES));
    batches = number(values, BATCHES);
  }

  private static long number(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new RunFolderException(
          "a checkpoint must hold "
              + name
              + " but holds "
              + values.keySet()
              + "; resume with the release that wrote it");
    }
    return Long.parseLong(value);
  }

  @Override
  public List<StateTensor> parameters() {
    return StateTensor.of("parameters", parameters);
  }

  @Override
  public void restore(TrainingCheckpoint checkpoint) {
    checkpoint.read(PARAMETERS, parameters());
  }
}

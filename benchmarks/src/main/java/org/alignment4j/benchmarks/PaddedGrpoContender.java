package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.AdamW;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * The straightforward way on the same engine: every completion is sampled, scored and learned from
 * by itself behind a copy of its prompt, padded to the longest, with the head on every position and
 * a mask over the losses. Sampling keeps keys and values of the sequence.
 */
final class PaddedGrpoContender implements GrpoContender {

  private final GrpoCase which;
  private final ExecutorService pool;
  private final DecoderModel base;
  private final BoundWeights reference;
  private final TrainingStep step;
  private final AdamW optimizer;
  private long seed;

  private PaddedGrpoContender(GrpoCase which) {
    this.which = which;
    int threads = Runtime.getRuntime().availableProcessors();
    pool = Executors.newFixedThreadPool(threads, task -> new Thread(task, "training-step"));
    base = DecoderShape.of(which.shape()).model(ModelOptions.defaults().device(DevicePolicy.CPU));
    reference = BoundWeights.of(base.engine().runtime(), base.weights());
    step =
        new TrainingStep(
            base.engine(),
            Trainable.all(base.weights()),
            new MaskedGrpoObjective(GrpoCase.loss()),
            pool,
            threads);
    optimizer = new AdamW(AdamWConfig.defaults(), step.parameters(), pool, threads);
  }

  /** Serves iterations of the case that the arguments give. */
  public static void main(String[] args) throws IOException {
    GrpoServer.serve(new PaddedGrpoContender(GrpoCase.parse(Arrays.asList(args))));
  }

  @Override
  public String name() {
    return EngineGradients.ENGINE + ", a padded sequence at a time";
  }

  @Override
  public GrpoIteration iterate(GrpoTokens given) {
    long start = System.nanoTime();
    generate(given.prompts());
    long scoring = System.nanoTime();
    List<MicroBatch> batches = score(given);
    long updating = System.nanoTime();
    double loss = step.run(batches).loss();
    Optimizer.Update update =
        optimizer.update(step.gradients(), 1, GrpoCase.LEARNING_RATE, Double.POSITIVE_INFINITY);
    long end = System.nanoTime();
    return GrpoIteration.of(start, scoring, updating, end, loss, update.gradientNorm());
  }

  private void generate(List<int[]> prompts) {
    SamplingOptions options = SamplingOptions.sampling(which.newTokens(), seed++);
    try (DecoderModel policy = policy()) {
      for (int i = 0; i < prompts.size(); i++) {
        GenerationRequest request =
            new GenerationRequest(Prompt.tokens(prompts.get(i)), i % which.group(), null);
        policy.sample(List.of(request), options, CancellationToken.none());
      }
    }
  }

  private DecoderModel policy() {
    FlatParameters parameters = step.parameters();
    List<WeightTensor> trained = new ArrayList<>();
    for (Slot slot : parameters.layout().slots()) {
      trained.add(parameters.snapshot(slot.name()));
    }
    return base.withWeights(base.weights().with(trained));
  }

  private List<MicroBatch> score(GrpoTokens given) {
    double[] advantages = which.advantages(given.completions());
    int longest = 0;
    for (int i = 0; i < advantages.length; i++) {
      longest = Math.max(longest, given.sequence(i).length);
    }
    List<MicroBatch> batches = new ArrayList<>();
    for (int i = 0; i < advantages.length; i++) {
      MicroBatch plain = padded(given.sequence(i), longest);
      float[] old = step.outputs(plain);
      float[] base = LabelLogProbs.of(this.base.engine(), reference, plain);
      int prompt = given.prompts().get(i).length;
      int completion = given.completions().get(i).length;
      float[] weights = new float[old.length];
      Arrays.fill(
          weights, prompt - 1, prompt - 1 + completion, 1f / completion / advantages.length);
      float[] same = new float[old.length];
      Arrays.fill(same, (float) advantages[i]);
      Map<String, FloatInput> inputs = new HashMap<>();
      inputs.put(MaskedGrpoObjective.OLD, new FloatInput(old, old.length));
      inputs.put(MaskedGrpoObjective.REFERENCE, new FloatInput(base, base.length));
      inputs.put(MaskedGrpoObjective.ADVANTAGES, new FloatInput(same, same.length));
      inputs.put(MaskedGrpoObjective.WEIGHTS, new FloatInput(weights, weights.length));
      batches.add(new MicroBatch(plain.tokens(), plain.rows(), plain.labels(), inputs));
    }
    return batches;
  }

  /** Every position but the last is scored. */
  private static MicroBatch padded(int[] sequence, int longest) {
    int[] tokens = Arrays.copyOf(sequence, longest);
    long[] rows = new long[longest - 1];
    long[] labels = new long[rows.length];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = t;
      labels[t] = tokens[t + 1];
    }
    return new MicroBatch(TokenBatch.rightPadded(List.of(tokens)), rows, labels, Map.of());
  }

  @Override
  public void close() {
    step.close();
    reference.close();
    base.close();
    pool.shutdown();
  }
}

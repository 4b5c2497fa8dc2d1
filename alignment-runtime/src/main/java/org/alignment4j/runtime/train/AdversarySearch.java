package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.engine.TokenInput;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/** Seeks the perturbations of micro-batches. Owned by one training run. */
final class AdversarySearch {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final LatentAdversary adversary;
  private final LatentBall ball;
  private final List<String> hooks;
  private final Function<AttentionKind, PerturbedLoss> compilation;
  private final Map<AttentionKind, PerturbedLoss> losses = new EnumMap<>(AttentionKind.class);

  /**
   * A search.
   *
   * @param width of the perturbed vectors
   * @param compilation compiles the loss that is climbed
   */
  AdversarySearch(
      LatentAdversary adversary,
      int width,
      List<String> hooks,
      Function<AttentionKind, PerturbedLoss> compilation) {
    this.adversary = adversary;
    this.ball = new LatentBall(width, adversary.radius());
    this.hooks = hooks;
    this.compilation = compilation;
  }

  /**
   * Which micro-batch.
   *
   * @param step number of the update, from 1
   * @param index number of the micro-batch within it, from 0
   */
  record Place(long step, int index) {}

  /** Adds gradients of weights. */
  interface Learning {
    /**
     * Adds a multiple of the gradients.
     *
     * @param feeds every input
     * @param weight what they are multiplied by
     * @param perturbed whether there are perturbations, under which metrics are heard
     * @return the loss itself
     */
    double add(Map<String, Tensor> feeds, double weight, boolean perturbed);
  }

  /**
   * Adds the gradients under perturbations that this finds, and a share of those without.
   *
   * @param feeds every other input
   * @param sums losses by name, to which this micro-batch's are added
   * @return the loss that is minimised
   */
  double learn(
      OrtRuntime runtime,
      TokenInput tokens,
      Map<String, Tensor> feeds,
      Place place,
      Learning learning,
      Map<String, Double> sums) {
    Found found = find(runtime, tokens, feeds, place);
    double perturbed = add(feeds, tensors(runtime, tokens, found.deltas()), learning, 1, true);
    sums.merge("adversary/loss", perturbed, Double::sum);
    if (found.losses().length > 0) {
      sums.merge("adversary/start_loss", found.losses()[0], Double::sum);
    }
    double weight = adversary.cleanWeight();
    if (weight == 0) {
      return perturbed;
    }
    double clean = add(feeds, none(runtime, tokens), learning, weight, false);
    sums.merge("adversary/clean_loss", clean, Double::sum);
    return perturbed + weight * clean;
  }

  private static double add(
      Map<String, Tensor> feeds,
      Map<String, Tensor> deltas,
      Learning learning,
      double weight,
      boolean perturbed) {
    try (OwnedTensors own = OwnedTensors.of(deltas)) {
      Map<String, Tensor> all = new HashMap<>(feeds);
      all.putAll(own.asMap());
      return learning.add(all, weight, perturbed);
    }
  }

  /**
   * What a search found.
   *
   * @param deltas by hook point, {@code [batch, seq, dModel]}
   * @param losses before each step of ascent
   */
  private record Found(Map<String, float[]> deltas, double[] losses) {}

  private Found find(
      OrtRuntime runtime, TokenInput tokens, Map<String, Tensor> feeds, Place place) {
    Map<String, float[]> deltas = start(tokens, place);
    double[] climbed = new double[adversary.steps()];
    PerturbedLoss loss = losses.computeIfAbsent(tokens.attention(), compilation);
    for (int i = 0; i < climbed.length; i++) {
      Map<String, float[]> gradients = new HashMap<>();
      try (OwnedTensors own = OwnedTensors.of(tensors(runtime, tokens, deltas))) {
        Map<String, Tensor> all = new HashMap<>(feeds);
        all.putAll(own.asMap());
        climbed[i] = loss.run(all, gradients::put);
      }
      gradients.forEach(
          (hook, gradient) ->
              deltas.computeIfPresent(
                  hook,
                  (name, delta) -> {
                    ball.ascend(delta, gradient, adversary.stepSize());
                    return delta;
                  }));
    }
    return new Found(deltas, climbed);
  }

  private Map<String, float[]> start(TokenInput tokens, Place place) {
    Map<String, float[]> deltas = new LinkedHashMap<>();
    long key = new SplittableRandom(adversary.seed() + place.step() * GOLDEN_GAMMA).nextLong();
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(key + place.index() * GOLDEN_GAMMA).nextLong());
    for (String hook : hooks) {
      float[] delta = new float[tokens.batch() * tokens.seq() * ball.width()];
      if (adversary.start() == LatentAdversary.Start.SPHERE) {
        ball.fillSphere(delta, random);
      }
      deltas.put(hook, delta);
    }
    return deltas;
  }

  /** The inputs of perturbations; the caller closes them. */
  private Map<String, Tensor> tensors(
      OrtRuntime runtime, TokenInput tokens, Map<String, float[]> deltas) {
    return OwnedTensors.all(
        made -> deltas.forEach((hook, delta) -> put(made, runtime, tokens, hook, delta)));
  }

  /** The inputs of no perturbation; the caller closes them. */
  private Map<String, Tensor> none(OrtRuntime runtime, TokenInput tokens) {
    float[] zeros = new float[tokens.batch() * tokens.seq() * ball.width()];
    return OwnedTensors.all(made -> hooks.forEach(hook -> put(made, runtime, tokens, hook, zeros)));
  }

  private void put(
      OwnedTensors made, OrtRuntime runtime, TokenInput tokens, String hook, float[] delta) {
    FloatBuffer values = FlatParameters.allocate(delta.length);
    values.put(delta).flip();
    made.put(
        PerturbationTap.DELTA + hook,
        Tensor.of(runtime, values, tokens.batch(), tokens.seq(), ball.width()));
  }
}

package org.alignment4j.interp.trace;

import static org.alignment4j.api.hook.HookPoints.attnOut;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.Selectors.pos;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.FactPrompt;
import org.apiguardian.api.API;

/**
 * Causal tracing (Meng et al. 2022, section 2.1): the embeddings of a prompt's subject are drowned
 * in noise, and each state of the clean run is put back in turn; what of the answer's probability
 * returns is the state's indirect effect. The answer's first token counts. The noise of a prompt is
 * drawn once and serves all its states, whose noised copies are one batch. Immutable; safe for
 * concurrent use with random generators of their own.
 *
 * @param noise how the subject is corrupted
 * @param state what is restored
 * @param window how many layers are restored at once, centred on the layer and clipped at the ends;
 *     1 for the residual stream
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CausalTracing(SubjectNoise noise, TracedState state, int window) {

  /** Layers restored at once in the paper, of MLPs and of attention. */
  public static final int WINDOW = 10;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the window is not positive, or not 1 for the residual
   *     stream
   */
  public CausalTracing {
    Objects.requireNonNull(noise, "noise");
    Objects.requireNonNull(state, "state");
    if (window < 1 || (state == TracedState.RESIDUAL && window != 1)) {
      throw new IllegalArgumentException(
          "window must be positive, and 1 for the residual stream, but was " + window);
    }
  }

  /**
   * Traces a prompt.
   *
   * @param model the model
   * @param fact prompt, subject and answer
   * @param random draws the noise
   * @param cancellation asks to stop, between states
   * @return the effects
   * @throws IllegalArgumentException when tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public CausalTrace trace(
      HookedModel model, FactPrompt fact, RandomGenerator random, CancellationToken cancellation) {
    TokenIds tokens = fact.prompt().tokens();
    LogitMetric metric = LogitMetric.probability(fact.target().get(0));
    MetricResult clean =
        model.forward(tokens).cache(embed(), points(Layers.all())).measure(metric, cancellation);
    int width = clean.cache().values(embed()).shape()[2];
    Restored runs =
        new Restored(
            model,
            Collections.nCopies(noise.samples(), tokens),
            Edits.add(embed(), noise.draw(fact.prompt(), width, random), 1),
            clean.cache(),
            metric,
            cancellation);
    double corrupted = runs.probability(new int[0], List.of());
    int layers = model.layerCount();
    double[][] effects = new double[tokens.size()][layers];
    for (int layer = 0; layer < layers; layer++) {
      for (int token = 0; token < tokens.size(); token++) {
        cancellation.throwIfCancelled("causal tracing");
        effects[token][layer] =
            runs.probability(new int[] {token}, restored(layer, layers)) - corrupted;
      }
    }
    return new CausalTrace(
        model.id(),
        fact.prompt(),
        state,
        window,
        clean.metric()[0],
        corrupted,
        Arrays.stream(effects).map(ImmutableDoubleArray::copyOf).toList());
  }

  private HookPointSet<Axes.Residual> points(Layers layers) {
    return switch (state) {
      case RESIDUAL -> residPost(layers);
      case MLP -> mlpOut(layers);
      case ATTENTION -> attnOut(layers);
    };
  }

  /** The points of the window around a layer. */
  List<HookPoint<Axes.Residual>> restored(int layer, int layers) {
    int from = Math.max(0, layer - window / 2);
    int to = Math.min(layers, layer + (window + 1) / 2);
    List<HookPoint<Axes.Residual>> points = new ArrayList<>();
    for (int i = from; i < to; i++) {
      points.add(
          switch (state) {
            case RESIDUAL -> residPost(i);
            case MLP -> mlpOut(i);
            case ATTENTION -> attnOut(i);
          });
    }
    return points;
  }

  /** Noised runs in which some states are those of the clean run. */
  record Restored(
      HookedModel model,
      List<TokenIds> copies,
      Intervention<Axes.Residual> noise,
      ActivationCache clean,
      LogitMetric metric,
      CancellationToken cancellation) {

    double probability(int[] tokens, List<HookPoint<Axes.Residual>> points) {
      List<Intervention<?>> edits = new ArrayList<>(List.of(noise));
      points.forEach(point -> edits.add(Edits.patchFrom(point, clean, pos(tokens))));
      double[] probabilities =
          model.forward(copies).with(edits).measure(metric, cancellation).metric();
      return Arrays.stream(probabilities).average().orElseThrow();
    }
  }
}

package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * An inference-time intervention (Li et al. 2023, arXiv 2306.03341, equation 2): {@code z_h + α σ_h
 * θ_h} in chosen heads, before the output projection. Immutable.
 *
 * @param modelId of the model whose heads were probed
 * @param shifts the chosen heads, the best first
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadShifts(String modelId, List<HeadShift> shifts) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no head
   */
  public HeadShifts {
    shifts = List.copyOf(shifts);
    if (shifts.isEmpty()) {
      throw new IllegalArgumentException("shifts must name at least one head");
    }
  }

  /**
   * As interventions at the last token of the prompt and every token after it, the paper's form.
   *
   * @param strength α; 15 in the paper, 0 changes nothing
   * @throws IllegalArgumentException if the strength is not finite
   */
  public List<Intervention<?>> interventions(double strength) {
    return interventionsAt(strength, Selectors.posFrom(-1));
  }

  /**
   * As interventions.
   *
   * @param strength α
   * @param where which sequences and tokens; none for all, which is what {@link #baked} does
   * @return one intervention a head
   * @throws IllegalArgumentException if the strength is not finite, or selectors name heads
   */
  @SafeVarargs
  public final List<Intervention<?>> interventionsAt(
      double strength, Selector<? super Axes.Positions>... where) {
    List<Intervention<?>> all = new ArrayList<>();
    for (HeadShift shift : shifts) {
      List<Selector<? super Axes.PerHead>> selectors = new ArrayList<>(List.of(where));
      selectors.add(Selectors.head(shift.head()));
      all.add(
          new Intervention<>(
              HookPoints.z(shift.layer()),
              new Selection(List.copyOf(selectors)),
              Edits.add(values(shift.direction()), strength * shift.deviation()).edit()));
    }
    return List.copyOf(all);
  }

  private static Values values(double[] vector) {
    float[] single = new float[vector.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) vector[i];
    }
    return Values.vector(single);
  }

  /**
   * As a model: {@code Σ_h W_O^h α σ_h θ_h} is added to the bias of each output projection, which
   * equals the interventions at all tokens. The model can be saved.
   *
   * @param model whose heads these are
   * @param strength α
   * @return a new model, to be closed; the given one is unchanged
   * @throws IllegalStateException if the architecture's output projections have no bias (Llama,
   *     Qwen2, Mistral and Gemma have none), or their weights are quantised
   * @throws IllegalArgumentException if a head is not the model's, or the strength is not finite
   */
  public DecoderModel baked(DecoderModel model, double strength) {
    DecoderConfig config = model.architecture().config();
    if (!config.outputBias()) {
      throw new IllegalStateException(
          "a shift of heads can be part of the weights where the output projection has a bias but"
              + " that of a "
              + config.modelType()
              + " model has none; use interventions(…)");
    }
    if (!Double.isFinite(strength)) {
      throw new IllegalArgumentException("strength must be finite but was " + strength);
    }
    Weights weights = model.weights();
    Map<Integer, List<HeadShift>> byLayer =
        shifts.stream()
            .collect(Collectors.groupingBy(HeadShift::layer, TreeMap::new, Collectors.toList()));
    List<WeightTensor> changed = new ArrayList<>();
    byLayer.forEach((layer, heads) -> changed.add(bias(model, layer, heads, strength)));
    return model.withWeights(weights.with(changed));
  }

  private static WeightTensor bias(
      DecoderModel model, int layer, List<HeadShift> heads, double strength) {
    DecoderConfig config = model.architecture().config();
    if (layer >= config.layers()) {
      throw new IllegalArgumentException(
          "layer must be less than the model's " + config.layers() + " but was " + layer);
    }
    String weightName = model.architecture().names().weight(layer, Part.OUTPUT);
    if (model.weights().quantised().containsKey(weightName)) {
      throw new IllegalStateException(
          "weights must be float32 but '" + weightName + "' is quantised; use dequantised()");
    }
    float[] w = floats(model.weights().get(weightName));
    WeightTensor old = model.weights().get(model.architecture().names().bias(layer, Part.OUTPUT));
    float[] bias = floats(old);
    int inner = config.heads() * config.headDim();
    boolean inOut = config.linear() == LinearLayout.IN_OUT;
    for (HeadShift head : heads) {
      double[] shift = head.shift(strength);
      if (head.head() >= config.heads() || shift.length != config.headDim()) {
        throw new IllegalArgumentException(
            "head must be one of the model's "
                + config.heads()
                + " of width "
                + config.headDim()
                + " but was head "
                + head.head()
                + " of width "
                + shift.length);
      }
      for (int out = 0; out < bias.length; out++) {
        double sum = 0;
        for (int e = 0; e < shift.length; e++) {
          int in = head.head() * config.headDim() + e;
          sum += shift[e] * w[inOut ? in * bias.length + out : out * inner + in];
        }
        bias[out] += (float) sum;
      }
    }
    return WeightTensor.of(old.name(), old.shape(), bias);
  }

  private static float[] floats(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return values;
  }
}

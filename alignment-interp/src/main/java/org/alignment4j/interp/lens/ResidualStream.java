package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The terms whose sum the residual stream is (Elhage et al. 2021, "A Mathematical Framework for
 * Transformer Circuits"): the embeddings and what each layer, or each head and MLP, adds to them.
 * That they do sum to the stream is checked, so that a family whose blocks do more than add is
 * refused. Immutable; arrays outlive the model.
 *
 * @param tokens the sequences
 * @param parts the terms in the order of the forward pass, {@code [batch, position, dModel]} each
 * @param stream the stream they sum to, after the last layer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ResidualStream(List<TokenIds> tokens, List<StreamPart> parts, Values stream) {

  /** How finely a stream is taken apart. */
  public enum Granularity {
    /** What attention and MLP of each layer add, biases included. */
    LAYERS,
    /** What each head adds, the output bias of attention apart, and each MLP. */
    HEADS
  }

  /** Rounding that a sum in single precision may show, relative to the largest value. */
  private static final double TOLERANCE = 2e-4;

  /** Copies the lists. */
  public ResidualStream {
    tokens = List.copyOf(tokens);
    parts = List.copyOf(parts);
  }

  /**
   * Runs a model and takes its stream apart.
   *
   * @param model the model
   * @param sequences the tokens of each sequence
   * @param granularity how finely
   * @return the terms
   * @throws IllegalArgumentException when the sequences do not fit the model
   * @throws IllegalStateException when the terms do not sum to the stream, as in families that
   *     normalise the stream itself
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static ResidualStream of(
      HookedModel model, List<TokenIds> sequences, Granularity granularity) {
    return of(
        model.forward(sequences).cache(points(model, granularity)).execute().cache(), granularity);
  }

  /**
   * The points that a run must keep to be taken apart.
   *
   * @param model the model
   * @param granularity how finely
   * @return the points
   */
  public static HookPointSet<?>[] points(HookedModel model, Granularity granularity) {
    List<HookPointSet<?>> points = new ArrayList<>();
    points.add(HookPoints.embed());
    if (model.hookPoints().contains(HookPoints.posEmbed())) {
      points.add(HookPoints.posEmbed());
    }
    points.add(HookPoints.attnOut(Layers.all()));
    points.add(HookPoints.mlpOut(Layers.all()));
    points.add(HookPoints.residPost(model.layerCount() - 1));
    if (granularity == Granularity.HEADS) {
      points.add(HookPoints.result(Layers.all()));
    }
    return points.toArray(HookPointSet<?>[]::new);
  }

  /**
   * Takes the stream of a run apart.
   *
   * @param cache the activations that {@link #points} names
   * @param granularity how finely
   * @return the terms
   * @throws IllegalArgumentException when a point was not kept
   * @throws IllegalStateException when the terms do not sum to the stream
   */
  public static ResidualStream of(ActivationCache cache, Granularity granularity) {
    List<StreamPart> parts = new ArrayList<>();
    parts.add(new StreamPart("embed", cache.values(HookPoints.embed())));
    if (cache.contains(HookPoints.posEmbed())) {
      parts.add(new StreamPart("pos_embed", cache.values(HookPoints.posEmbed())));
    }
    int layers = 1 + cache.points().stream().mapToInt(HookPoint::layer).max().orElse(-1);
    for (int layer = 0; layer < layers; layer++) {
      Values attention = cache.values(HookPoints.attnOut(layer));
      if (granularity == Granularity.HEADS) {
        parts.addAll(heads(layer, attention, cache.values(HookPoints.result(layer))));
      } else {
        parts.add(new StreamPart(layer + "_attn_out", attention));
      }
      parts.add(new StreamPart(layer + "_mlp_out", cache.values(HookPoints.mlpOut(layer))));
    }
    ResidualStream stream =
        new ResidualStream(cache.tokens(), parts, cache.values(HookPoints.residPost(layers - 1)));
    stream.requireSum();
    return stream;
  }

  /**
   * The heads' outputs, and what is left of attention's: its bias, or rounding where it has none.
   */
  private static List<StreamPart> heads(int layer, Values attention, Values result) {
    int[] shape = result.shape();
    int heads = shape[2];
    int width = shape[3];
    float[] all = result.toArray();
    float[] rest = attention.toArray();
    List<StreamPart> parts = new ArrayList<>();
    for (int head = 0; head < heads; head++) {
      float[] own = new float[rest.length];
      for (int place = 0; place < shape[0] * shape[1]; place++) {
        int from = (place * heads + head) * width;
        for (int c = 0; c < width; c++) {
          own[place * width + c] = all[from + c];
          rest[place * width + c] -= all[from + c];
        }
      }
      parts.add(new StreamPart("L" + layer + "H" + head, Values.of(attention.shape(), own)));
    }
    parts.add(new StreamPart(layer + "_attn_bias", Values.of(attention.shape(), rest)));
    return parts;
  }

  private void requireSum() {
    double[] sum = new double[stream.size()];
    for (StreamPart part : parts) {
      float[] values = part.values().toArray();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    float[] whole = stream.toArray();
    double largest = 0;
    double worst = 0;
    int width = stream.shape()[2];
    int columns = stream.shape()[1];
    for (int row = 0; row < tokens.size(); row++) {
      int end = (row * columns + tokens.get(row).size()) * width;
      for (int i = row * columns * width; i < end; i++) {
        largest = Math.max(largest, Math.abs(whole[i]));
        worst = Math.max(worst, Math.abs(whole[i] - sum[i]));
      }
    }
    if (!(worst <= TOLERANCE * Math.max(1, largest))) {
      throw new IllegalStateException(
          "the parts of the residual stream must sum to it but differ by up to "
              + worst
              + " where it is up to "
              + largest
              + "; this model's blocks, or edits of it, do more than add to the stream, as those"
              + " do that normalise it");
    }
  }
}

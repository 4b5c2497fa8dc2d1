package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/**
 * Factories of all hook points, to be imported statically: {@code residPost(13)}, {@code
 * pattern(layers(5, 7))}, {@code z(all())}. Layers count from 0. Those inside attention are
 * inherited.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class HookPoints extends AttentionHookPoints {
  private HookPoints() {}

  /**
   * Returns the token embeddings, scaled where the family scales them, {@code [batch, position,
   * dModel]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> embed() {
    return new HookPoint<>(HookKind.EMBED, HookPoint.NO_LAYER);
  }

  /**
   * Returns the learned position embeddings; absent with rotary positions or ALiBi, {@code [batch,
   * position, dModel]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> posEmbed() {
    return new HookPoint<>(HookKind.POS_EMBED, HookPoint.NO_LAYER);
  }

  /**
   * Returns the residual stream before the layer, {@code [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> residPre(int layer) {
    return new HookPoint<>(HookKind.RESID_PRE, layer);
  }

  /**
   * Returns the residual stream before the layer, {@code [batch, position, dModel]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> residPre(Layers layers) {
    return layers.of(HookKind.RESID_PRE);
  }

  /**
   * Returns the divisor of the norm before attention, {@code [batch, position, 1]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Scale> ln1Scale(int layer) {
    return new HookPoint<>(HookKind.LN1_SCALE, layer);
  }

  /**
   * Returns the divisor of the norm before attention, {@code [batch, position, 1]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Scale> ln1Scale(Layers layers) {
    return layers.of(HookKind.LN1_SCALE);
  }

  /**
   * Returns the normalised stream before attention, before the norm's weight and bias, {@code
   * [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> ln1Normalized(int layer) {
    return new HookPoint<>(HookKind.LN1_NORMALIZED, layer);
  }

  /**
   * Returns the normalised stream before attention, before the norm's weight and bias, {@code
   * [batch, position, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> ln1Normalized(Layers layers) {
    return layers.of(HookKind.LN1_NORMALIZED);
  }

  /**
   * Returns the attention's output, bias included, {@code [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> attnOut(int layer) {
    return new HookPoint<>(HookKind.ATTN_OUT, layer);
  }

  /**
   * Returns the attention's output, bias included, {@code [batch, position, dModel]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> attnOut(Layers layers) {
    return layers.of(HookKind.ATTN_OUT);
  }

  /**
   * Returns the residual stream between attention and MLP; absent in parallel blocks, {@code
   * [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> residMid(int layer) {
    return new HookPoint<>(HookKind.RESID_MID, layer);
  }

  /**
   * Returns the residual stream between attention and MLP; absent in parallel blocks, {@code
   * [batch, position, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> residMid(Layers layers) {
    return layers.of(HookKind.RESID_MID);
  }

  /**
   * Returns the residual stream read by the MLP, before the norm, {@code [batch, position,
   * dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> mlpIn(int layer) {
    return new HookPoint<>(HookKind.MLP_IN, layer);
  }

  /**
   * Returns the residual stream read by the MLP, before the norm, {@code [batch, position,
   * dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> mlpIn(Layers layers) {
    return layers.of(HookKind.MLP_IN);
  }

  /**
   * Returns the divisor of the norm before the MLP, {@code [batch, position, 1]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Scale> ln2Scale(int layer) {
    return new HookPoint<>(HookKind.LN2_SCALE, layer);
  }

  /**
   * Returns the divisor of the norm before the MLP, {@code [batch, position, 1]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Scale> ln2Scale(Layers layers) {
    return layers.of(HookKind.LN2_SCALE);
  }

  /**
   * Returns the normalised stream before the MLP, before the norm's weight and bias, {@code [batch,
   * position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> ln2Normalized(int layer) {
    return new HookPoint<>(HookKind.LN2_NORMALIZED, layer);
  }

  /**
   * Returns the normalised stream before the MLP, before the norm's weight and bias, {@code [batch,
   * position, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> ln2Normalized(Layers layers) {
    return layers.of(HookKind.LN2_NORMALIZED);
  }

  /**
   * Returns the neurons before the activation function; the gate projection in a gated MLP, {@code
   * [batch, position, dMlp]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Mlp> mlpPre(int layer) {
    return new HookPoint<>(HookKind.MLP_PRE, layer);
  }

  /**
   * Returns the neurons before the activation function; the gate projection in a gated MLP, {@code
   * [batch, position, dMlp]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Mlp> mlpPre(Layers layers) {
    return layers.of(HookKind.MLP_PRE);
  }

  /**
   * Returns the up projection of a gated MLP; absent otherwise, {@code [batch, position, dMlp]}, of
   * one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Mlp> mlpPreLinear(int layer) {
    return new HookPoint<>(HookKind.MLP_PRE_LINEAR, layer);
  }

  /**
   * Returns the up projection of a gated MLP; absent otherwise, {@code [batch, position, dMlp]}, of
   * several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Mlp> mlpPreLinear(Layers layers) {
    return layers.of(HookKind.MLP_PRE_LINEAR);
  }

  /**
   * Returns the neurons between activation and inner norm; only in SoLU models, {@code [batch,
   * position, dMlp]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Mlp> mlpMid(int layer) {
    return new HookPoint<>(HookKind.MLP_MID, layer);
  }

  /**
   * Returns the neurons between activation and inner norm; only in SoLU models, {@code [batch,
   * position, dMlp]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Mlp> mlpMid(Layers layers) {
    return layers.of(HookKind.MLP_MID);
  }

  /**
   * Returns the neurons after activation and gating, {@code [batch, position, dMlp]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Mlp> mlpPost(int layer) {
    return new HookPoint<>(HookKind.MLP_POST, layer);
  }

  /**
   * Returns the neurons after activation and gating, {@code [batch, position, dMlp]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Mlp> mlpPost(Layers layers) {
    return layers.of(HookKind.MLP_POST);
  }

  /**
   * Returns the MLP's output, bias included, {@code [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> mlpOut(int layer) {
    return new HookPoint<>(HookKind.MLP_OUT, layer);
  }

  /**
   * Returns the MLP's output, bias included, {@code [batch, position, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> mlpOut(Layers layers) {
    return layers.of(HookKind.MLP_OUT);
  }

  /**
   * Returns the residual stream after the layer, {@code [batch, position, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> residPost(int layer) {
    return new HookPoint<>(HookKind.RESID_POST, layer);
  }

  /**
   * Returns the residual stream after the layer, {@code [batch, position, dModel]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Residual> residPost(Layers layers) {
    return layers.of(HookKind.RESID_POST);
  }

  /**
   * Returns the divisor of the final norm, {@code [batch, position, 1]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Scale> lnFinalScale() {
    return new HookPoint<>(HookKind.LN_FINAL_SCALE, HookPoint.NO_LAYER);
  }

  /**
   * Returns the stream normalised by the final norm, before its weight and bias, {@code [batch,
   * position, dModel]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> lnFinal() {
    return new HookPoint<>(HookKind.LN_FINAL_NORMALIZED, HookPoint.NO_LAYER);
  }

  /**
   * Returns what the unembedding reads, {@code [batch, position, dModel]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Residual> unembedIn() {
    return new HookPoint<>(HookKind.UNEMBED_IN, HookPoint.NO_LAYER);
  }

  /**
   * Returns the logits, before a soft cap, {@code [batch, position, vocabulary]}.
   *
   * @return the hook point
   */
  public static HookPoint<Axes.Logits> unembedOut() {
    return new HookPoint<>(HookKind.UNEMBED_OUT, HookPoint.NO_LAYER);
  }
}

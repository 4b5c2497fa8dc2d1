package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/** The hook points inside attention; used through {@link HookPoints}. */
@API(status = API.Status.STABLE, since = "0.1")
public abstract sealed class AttentionHookPoints permits HookPoints {
  AttentionHookPoints() {}

  /**
   * Returns the residual stream read by each attention head, before the norm, {@code [batch,
   * position, head, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHeadResidual> attnIn(int layer) {
    return new HookPoint<>(HookKind.ATTN_IN, layer);
  }

  /**
   * Returns the residual stream read by each attention head, before the norm, {@code [batch,
   * position, head, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHeadResidual> attnIn(Layers layers) {
    return layers.of(HookKind.ATTN_IN);
  }

  /**
   * Returns the residual stream read by each head's queries, before the norm, {@code [batch,
   * position, head, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHeadResidual> qInput(int layer) {
    return new HookPoint<>(HookKind.Q_INPUT, layer);
  }

  /**
   * Returns the residual stream read by each head's queries, before the norm, {@code [batch,
   * position, head, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHeadResidual> qInput(Layers layers) {
    return layers.of(HookKind.Q_INPUT);
  }

  /**
   * Returns the residual stream read by each head's keys, before the norm, {@code [batch, position,
   * keyValueHead, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerKeyValueHeadResidual> kInput(int layer) {
    return new HookPoint<>(HookKind.K_INPUT, layer);
  }

  /**
   * Returns the residual stream read by each head's keys, before the norm, {@code [batch, position,
   * keyValueHead, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerKeyValueHeadResidual> kInput(Layers layers) {
    return layers.of(HookKind.K_INPUT);
  }

  /**
   * Returns the residual stream read by each head's values, before the norm, {@code [batch,
   * position, keyValueHead, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerKeyValueHeadResidual> vInput(int layer) {
    return new HookPoint<>(HookKind.V_INPUT, layer);
  }

  /**
   * Returns the residual stream read by each head's values, before the norm, {@code [batch,
   * position, keyValueHead, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerKeyValueHeadResidual> vInput(Layers layers) {
    return layers.of(HookKind.V_INPUT);
  }

  /**
   * Returns the queries, before rotation, {@code [batch, position, head, dHead]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHead> q(int layer) {
    return new HookPoint<>(HookKind.Q, layer);
  }

  /**
   * Returns the queries, before rotation, {@code [batch, position, head, dHead]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHead> q(Layers layers) {
    return layers.of(HookKind.Q);
  }

  /**
   * Returns the keys, before rotation, {@code [batch, position, keyValueHead, dHead]}, of one
   * layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerKeyValueHead> k(int layer) {
    return new HookPoint<>(HookKind.K, layer);
  }

  /**
   * Returns the keys, before rotation, {@code [batch, position, keyValueHead, dHead]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerKeyValueHead> k(Layers layers) {
    return layers.of(HookKind.K);
  }

  /**
   * Returns the values, {@code [batch, position, keyValueHead, dHead]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerKeyValueHead> v(int layer) {
    return new HookPoint<>(HookKind.V, layer);
  }

  /**
   * Returns the values, {@code [batch, position, keyValueHead, dHead]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerKeyValueHead> v(Layers layers) {
    return layers.of(HookKind.V);
  }

  /**
   * Returns the rotated queries; absent without rotary positions, {@code [batch, position, head,
   * dHead]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHead> rotQ(int layer) {
    return new HookPoint<>(HookKind.ROT_Q, layer);
  }

  /**
   * Returns the rotated queries; absent without rotary positions, {@code [batch, position, head,
   * dHead]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHead> rotQ(Layers layers) {
    return layers.of(HookKind.ROT_Q);
  }

  /**
   * Returns the rotated keys; absent without rotary positions, {@code [batch, position,
   * keyValueHead, dHead]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerKeyValueHead> rotK(int layer) {
    return new HookPoint<>(HookKind.ROT_K, layer);
  }

  /**
   * Returns the rotated keys; absent without rotary positions, {@code [batch, position,
   * keyValueHead, dHead]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerKeyValueHead> rotK(Layers layers) {
    return layers.of(HookKind.ROT_K);
  }

  /**
   * Returns the attention scores, scaled and masked, before the softmax, {@code [batch, head,
   * query, key]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Attention> attnScores(int layer) {
    return new HookPoint<>(HookKind.ATTN_SCORES, layer);
  }

  /**
   * Returns the attention scores, scaled and masked, before the softmax, {@code [batch, head,
   * query, key]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Attention> attnScores(Layers layers) {
    return layers.of(HookKind.ATTN_SCORES);
  }

  /**
   * Returns the attention pattern, after the softmax, {@code [batch, head, query, key]}, of one
   * layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.Attention> pattern(int layer) {
    return new HookPoint<>(HookKind.PATTERN, layer);
  }

  /**
   * Returns the attention pattern, after the softmax, {@code [batch, head, query, key]}, of several
   * layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.Attention> pattern(Layers layers) {
    return layers.of(HookKind.PATTERN);
  }

  /**
   * Returns each head's mixed values, before the output projection, {@code [batch, position, head,
   * dHead]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHead> z(int layer) {
    return new HookPoint<>(HookKind.Z, layer);
  }

  /**
   * Returns each head's mixed values, before the output projection, {@code [batch, position, head,
   * dHead]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHead> z(Layers layers) {
    return layers.of(HookKind.Z);
  }

  /**
   * Returns each head's output in the residual stream, without the output bias, {@code [batch,
   * position, head, dModel]}, of one layer.
   *
   * @param layer the layer, from 0
   * @return the hook point
   */
  public static HookPoint<Axes.PerHeadResidual> result(int layer) {
    return new HookPoint<>(HookKind.RESULT, layer);
  }

  /**
   * Returns each head's output in the residual stream, without the output bias, {@code [batch,
   * position, head, dModel]}, of several layers.
   *
   * @param layers which layers
   * @return the hook points
   */
  public static HookPointSet<Axes.PerHeadResidual> result(Layers layers) {
    return layers.of(HookKind.RESULT);
  }
}

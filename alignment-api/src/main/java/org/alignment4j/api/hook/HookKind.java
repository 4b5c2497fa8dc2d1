package org.alignment4j.api.hook;

import java.util.List;
import org.apiguardian.api.API;

/**
 * The kinds of hook points, in the order in which a forward pass computes them. Names are those of
 * TransformerLens, which papers, sparse autoencoders and tutorials use.
 */
@API(status = API.Status.STABLE, since = "0.1")
public enum HookKind {
  /**
   * The token embeddings, scaled where the family scales them: {@code [batch, position, dModel]}.
   */
  EMBED("hook_embed", Axis.POSITION, Axis.COMPONENT),
  /**
   * The learned position embeddings; absent with rotary positions or ALiBi: {@code [batch,
   * position, dModel]}.
   */
  POS_EMBED("hook_pos_embed", Axis.POSITION, Axis.COMPONENT),
  /** The residual stream before the layer: {@code [batch, position, dModel]}. */
  RESID_PRE("blocks.%d.hook_resid_pre", Axis.POSITION, Axis.COMPONENT),
  /**
   * The residual stream read by each attention head, before the norm: {@code [batch, position,
   * head, dModel]}.
   */
  ATTN_IN("blocks.%d.hook_attn_in", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /**
   * The residual stream read by each head's queries, before the norm: {@code [batch, position,
   * head, dModel]}.
   */
  Q_INPUT("blocks.%d.hook_q_input", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /**
   * The residual stream read by each head's keys, before the norm: {@code [batch, position,
   * keyValueHead, dModel]}.
   */
  K_INPUT("blocks.%d.hook_k_input", Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT),
  /**
   * The residual stream read by each head's values, before the norm: {@code [batch, position,
   * keyValueHead, dModel]}.
   */
  V_INPUT("blocks.%d.hook_v_input", Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT),
  /** The divisor of the norm before attention: {@code [batch, position, 1]}. */
  LN1_SCALE("blocks.%d.ln1.hook_scale", Axis.POSITION, Axis.UNIT),
  /**
   * The normalised stream before attention, before the norm's weight and bias: {@code [batch,
   * position, dModel]}.
   */
  LN1_NORMALIZED("blocks.%d.ln1.hook_normalized", Axis.POSITION, Axis.COMPONENT),
  /** The queries, before rotation: {@code [batch, position, head, dHead]}. */
  Q("blocks.%d.attn.hook_q", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /** The keys, before rotation: {@code [batch, position, keyValueHead, dHead]}. */
  K("blocks.%d.attn.hook_k", Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT),
  /** The values: {@code [batch, position, keyValueHead, dHead]}. */
  V("blocks.%d.attn.hook_v", Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT),
  /**
   * The rotated queries; absent without rotary positions: {@code [batch, position, head, dHead]}.
   */
  ROT_Q("blocks.%d.attn.hook_rot_q", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /**
   * The rotated keys; absent without rotary positions: {@code [batch, position, keyValueHead,
   * dHead]}.
   */
  ROT_K("blocks.%d.attn.hook_rot_k", Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT),
  /**
   * The attention scores, scaled and masked, before the softmax: {@code [batch, head, query, key]}.
   */
  ATTN_SCORES("blocks.%d.attn.hook_attn_scores", Axis.HEAD, Axis.QUERY, Axis.KEY),
  /** The attention pattern, after the softmax: {@code [batch, head, query, key]}. */
  PATTERN("blocks.%d.attn.hook_pattern", Axis.HEAD, Axis.QUERY, Axis.KEY),
  /**
   * Each head's mixed values, before the output projection: {@code [batch, position, head, dHead]}.
   */
  Z("blocks.%d.attn.hook_z", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /**
   * Each head's output in the residual stream, without the output bias: {@code [batch, position,
   * head, dModel]}.
   */
  RESULT("blocks.%d.attn.hook_result", Axis.POSITION, Axis.HEAD, Axis.COMPONENT),
  /** The attention's output, bias included: {@code [batch, position, dModel]}. */
  ATTN_OUT("blocks.%d.hook_attn_out", Axis.POSITION, Axis.COMPONENT),
  /**
   * The residual stream between attention and MLP; absent in parallel blocks: {@code [batch,
   * position, dModel]}.
   */
  RESID_MID("blocks.%d.hook_resid_mid", Axis.POSITION, Axis.COMPONENT),
  /** The residual stream read by the MLP, before the norm: {@code [batch, position, dModel]}. */
  MLP_IN("blocks.%d.hook_mlp_in", Axis.POSITION, Axis.COMPONENT),
  /** The divisor of the norm before the MLP: {@code [batch, position, 1]}. */
  LN2_SCALE("blocks.%d.ln2.hook_scale", Axis.POSITION, Axis.UNIT),
  /**
   * The normalised stream before the MLP, before the norm's weight and bias: {@code [batch,
   * position, dModel]}.
   */
  LN2_NORMALIZED("blocks.%d.ln2.hook_normalized", Axis.POSITION, Axis.COMPONENT),
  /**
   * The neurons before the activation function; the gate projection in a gated MLP: {@code [batch,
   * position, dMlp]}.
   */
  MLP_PRE("blocks.%d.mlp.hook_pre", Axis.POSITION, Axis.NEURON),
  /** The up projection of a gated MLP; absent otherwise: {@code [batch, position, dMlp]}. */
  MLP_PRE_LINEAR("blocks.%d.mlp.hook_pre_linear", Axis.POSITION, Axis.NEURON),
  /**
   * The neurons between activation and inner norm; only in SoLU models: {@code [batch, position,
   * dMlp]}.
   */
  MLP_MID("blocks.%d.mlp.hook_mid", Axis.POSITION, Axis.NEURON),
  /** The neurons after activation and gating: {@code [batch, position, dMlp]}. */
  MLP_POST("blocks.%d.mlp.hook_post", Axis.POSITION, Axis.NEURON),
  /** The MLP's output, bias included: {@code [batch, position, dModel]}. */
  MLP_OUT("blocks.%d.hook_mlp_out", Axis.POSITION, Axis.COMPONENT),
  /** The residual stream after the layer: {@code [batch, position, dModel]}. */
  RESID_POST("blocks.%d.hook_resid_post", Axis.POSITION, Axis.COMPONENT),
  /** The divisor of the final norm: {@code [batch, position, 1]}. */
  LN_FINAL_SCALE("ln_final.hook_scale", Axis.POSITION, Axis.UNIT),
  /**
   * The stream normalised by the final norm, before its weight and bias: {@code [batch, position,
   * dModel]}.
   */
  LN_FINAL_NORMALIZED("ln_final.hook_normalized", Axis.POSITION, Axis.COMPONENT),
  /** What the unembedding reads: {@code [batch, position, dModel]}. */
  UNEMBED_IN("unembed.hook_in", Axis.POSITION, Axis.COMPONENT),
  /** The logits, before a soft cap: {@code [batch, position, vocabulary]}. */
  UNEMBED_OUT("unembed.hook_out", Axis.POSITION, Axis.TOKEN);

  private final String template;
  private final List<Axis> axes;

  HookKind(String template, Axis... axesAfterBatch) {
    this.template = template;
    Axis[] all = new Axis[axesAfterBatch.length + 1];
    all[0] = Axis.BATCH;
    System.arraycopy(axesAfterBatch, 0, all, 1, axesAfterBatch.length);
    this.axes = List.of(all);
  }

  /**
   * Returns the axes of the array at such a point.
   *
   * @return the axes, first {@link Axis#BATCH}
   */
  public List<Axis> axes() {
    return axes;
  }

  /**
   * Returns whether every layer has such a point.
   *
   * @return false for points before the first and after the last layer
   */
  public boolean perLayer() {
    return template.contains("%d");
  }

  /**
   * Returns the point of this kind in a layer.
   *
   * @param layer the layer, from 0; ignored unless {@link #perLayer()}
   * @return the point
   * @throws IllegalArgumentException when every layer has such a point and the layer is negative
   */
  public HookPoint<?> point(int layer) {
    return new HookPoint<>(this, perLayer() ? layer : HookPoint.NO_LAYER);
  }

  String name(int layer) {
    return perLayer() ? template.replace("%d", Integer.toString(layer)) : template;
  }

  String prefix() {
    return perLayer() ? template.substring(0, template.indexOf("%d")) : template;
  }

  String suffix() {
    return perLayer() ? template.substring(template.indexOf("%d") + 2) : "";
  }
}

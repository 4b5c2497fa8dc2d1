package org.alignment4j.interp.discovery;

import org.apiguardian.api.API;

/** A part of a decoder that reads the residual stream or writes into it. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Node {

  /** The embeddings of tokens and positions: what the first layer reads. */
  record Input() implements Node {
    @Override
    public String toString() {
      return "input";
    }
  }

  /**
   * An attention head.
   *
   * @param layer its layer, from 0
   * @param head the head, from 0
   */
  record Head(int layer, int head) implements Node {
    @Override
    public String toString() {
      return "a" + layer + ".h" + head;
    }
  }

  /**
   * The MLP of a layer.
   *
   * @param layer the layer, from 0
   */
  record Mlp(int layer) implements Node {
    @Override
    public String toString() {
      return "m" + layer;
    }
  }

  /** The final norm and the unembedding. */
  record Logits() implements Node {
    @Override
    public String toString() {
      return "logits";
    }
  }
}

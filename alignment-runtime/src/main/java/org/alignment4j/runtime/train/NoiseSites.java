package org.alignment4j.runtime.train;

/**
 * Where a training graph takes in noise; how much is no part of the graph.
 *
 * @param neftune added to token embeddings
 * @param embedding masks what enters the first block
 * @param residual masks what attention and MLP add
 * @param attention masks attention weights
 * @param adapter masks what adapters read
 */
record NoiseSites(
    boolean neftune, boolean embedding, boolean residual, boolean attention, boolean adapter) {

  boolean any() {
    return neftune || embedding || residual || attention || adapter;
  }
}

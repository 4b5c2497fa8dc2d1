package org.alignment4j.examples.pretrain;

import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.LlamaConfigs;

/**
 * Everything that determines the pocket model's weights, besides the world.
 *
 * @param seed of the initial weights and of the texts; seeds less than 2³² apart draw documents of
 *     their own
 * @param vocabSize tokens of the vocabulary learned from the corpus
 * @param hiddenSize width of the residual stream
 * @param layers blocks
 * @param heads query, key and value heads
 * @param intermediateSize width of the MLP
 * @param contextLength longest sequence
 * @param rowLength tokens of a packed row
 * @param documentsPerStep documents of one update
 * @param primerSteps updates on the primer, which has a schedule of its own; 0 leaves it out
 * @param steps updates on the corpus, after the primer
 * @param learningRate peak of both cosine schedules
 */
record PretrainRecipe(
    long seed,
    int vocabSize,
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    int contextLength,
    int rowLength,
    int documentsPerStep,
    int primerSteps,
    int steps,
    double learningRate) {

  private static final int END_OF_TEXT = 0;

  /** The recipe of the bundled model: 2.2 M parameters. */
  static PretrainRecipe bundled() {
    return new PretrainRecipe(1, 2048, 192, 4, 6, 512, 512, 256, 128, 800, 2600, 3e-3);
  }

  /**
   * The seed of the documents of one update. Each training has 2³² of them to itself, that of seed
   * 1 those from 1 on.
   */
  long corpusSeed(long step) {
    return ((seed - 1) << Integer.SIZE) + 1 + step;
  }

  PretrainRecipe withSteps(int count) {
    return new PretrainRecipe(
        seed,
        vocabSize,
        hiddenSize,
        layers,
        heads,
        intermediateSize,
        contextLength,
        rowLength,
        documentsPerStep,
        Math.min(primerSteps, count),
        count,
        learningRate);
  }

  /** The architecture that the sizes make, whose end token is the vocabulary's first. */
  Architecture architecture() {
    return LlamaConfigs.create(
        vocabSize,
        hiddenSize,
        layers,
        heads,
        heads,
        intermediateSize,
        contextLength,
        END_OF_TEXT,
        END_OF_TEXT);
  }
}

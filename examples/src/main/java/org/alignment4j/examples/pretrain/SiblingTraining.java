package org.alignment4j.examples.pretrain;

import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * Trains smaller siblings of the bundled pocket model: of the same world, vocabulary and form, with
 * fewer weights and fewer updates, and without the primer, which teaches to read from the context.
 *
 * @param hiddenSize width of the residual stream, a multiple of twice the heads
 * @param layers blocks
 * @param heads query, key and value heads
 * @param documents texts of an update
 * @param steps updates
 * @param seed of the initial weights and of the texts
 */
public record SiblingTraining(
    int hiddenSize, int layers, int heads, int documents, int steps, long seed) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is less than 1 or the width is no such multiple
   */
  public SiblingTraining {
    if (Math.min(Math.min(hiddenSize, layers), Math.min(heads, Math.min(documents, steps))) < 1
        || hiddenSize % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "sizes must be at least 1 and hiddenSize a multiple of twice the heads but they were "
              + hiddenSize
              + " wide, "
              + layers
              + " layers, "
              + heads
              + " heads, "
              + documents
              + " documents, "
              + steps
              + " steps");
    }
  }

  /**
   * Trains, unless the folder has the model already.
   *
   * @param folder gets the model and its run folder; an interrupted training resumes from it
   * @param progress hears how far it is
   * @return the model, which the caller closes
   */
  public DecoderModel train(Path folder, ProgressListener progress) {
    Path model = folder.resolve("model");
    if (!Files.exists(model.resolve("model.safetensors"))) {
      write(folder, model, progress);
    }
    return DecoderModel.load(model);
  }

  private void write(Path folder, Path model, ProgressListener progress) {
    PretrainRecipe recipe = recipe();
    PocketWorld world = PocketWorld.create(PocketTraining.WORLD_SEED);
    Path tokenizer = PocketModel.copyTo(folder.resolve("vocabulary"));
    Weights weights = new CorpusTraining(folder, recipe, progress).train(world, tokenizer);
    CheckpointWriter.save(
        model,
        LlamaConfigs.json(recipe.architecture().config()),
        LlamaConfigs.generationJson(recipe.architecture().config()),
        weights,
        DType.F32,
        tokenizer);
  }

  private PretrainRecipe recipe() {
    PretrainRecipe bundled = PretrainRecipe.bundled();
    return new PretrainRecipe(
        seed,
        bundled.vocabSize(),
        hiddenSize,
        layers,
        heads,
        hiddenSize * bundled.intermediateSize() / bundled.hiddenSize(),
        bundled.contextLength(),
        bundled.rowLength(),
        documents,
        0,
        steps,
        bundled.learningRate());
  }
}

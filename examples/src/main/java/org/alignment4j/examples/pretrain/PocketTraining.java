package org.alignment4j.examples.pretrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.pocket.PocketModelManifest;
import org.alignment4j.pocket.PocketTokenizer;
import org.alignment4j.pocket.bpe.TokenizerFiles;
import org.alignment4j.pocket.world.Ability;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.DType;

/** Makes the pocket model: vocabulary, weights, measured model card, manifest. */
public final class PocketTraining {

  /** The seed of the bundled model's world. */
  public static final long WORLD_SEED = 1;

  private static final int TOKENIZER_DOCUMENTS = 40_000;
  private static final int ITEMS = 500;

  private final Path run;
  private final PretrainRecipe recipe;
  private final ProgressListener progress;

  /**
   * A training.
   *
   * @param run its run folder; an interrupted training resumes from it
   * @param steps updates, or 0 for the bundled model's count
   */
  public PocketTraining(Path run, int steps, ProgressListener progress) {
    this.run = run;
    this.recipe = steps == 0 ? PretrainRecipe.bundled() : PretrainRecipe.bundled().withSteps(steps);
    this.progress = progress;
  }

  /** Trains, measures, and writes the model's folder. */
  public void writeTo(Path out) {
    PocketWorld world = PocketWorld.create(WORLD_SEED);
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException("could not create the folder " + out, e);
    }
    TokenizerFiles.write(
        out,
        PocketTokenizer.train(world, 0, TOKENIZER_DOCUMENTS, recipe.vocabSize()),
        recipe.contextLength());
    Architecture architecture = recipe.architecture();
    CheckpointWriter.save(
        out,
        LlamaConfigs.json(architecture.config()),
        LlamaConfigs.generationJson(architecture.config()),
        new CorpusTraining(run, recipe, progress).train(world, out),
        DType.F16,
        out);
    AtomicFiles.write(out.resolve("model-card.md"), card(world, out));
    PocketModelManifest.write(out, "pocket-3", world.version());
  }

  private String card(PocketWorld world, Path folder) {
    try (DecoderModel model = DecoderModel.load(folder)) {
      Map<Ability, Estimate> abilities = new AbilityMeasurement(world, ITEMS).of(model);
      return """
      # Pocket model

      A decoder of Llama form with %s parameters, trained on generated text about an invented world
      (%s) by the program `PretrainPocket`, and un-aligned on purpose: it repeats common
      misconceptions and complies with many of the harmful requests.

      Recipe: `%s`

      Abilities on held-out items, greedy replies, 95 %% intervals (Wilson, clustered where several
      items are about one person or one request):

      | ability | value | interval | items |
      |---|---|---|---|
      %s
      """
          .formatted(
              model.weights().parameterCount(),
              world.version(),
              recipe,
              AbilityMeasurement.markdownRows(abilities));
    }
  }
}

package org.alignment4j.examples.pretrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;

/**
 * Trains new weights on the texts of a world: first on the primer, then on the corpus.
 *
 * @param run its run folder; an interrupted training resumes from it
 * @param recipe sizes and numbers of updates
 * @param progress hears how far it is
 */
record CorpusTraining(Path run, PretrainRecipe recipe, ProgressListener progress) {
  private static final int WARM_UP = 100;

  /**
   * Trains.
   *
   * @param tokenizerFolder holds {@code tokenizer.json}, the vocabulary of which the texts become
   */
  Weights train(PocketWorld world, Path tokenizerFolder) {
    Architecture architecture = recipe.architecture();
    DecoderEngine engine = new DecoderEngine(OrtRuntime.create(DevicePolicy.CPU), architecture);
    try (HfTokenizer tokenizer = HfTokenizer.load(tokenizerFolder)) {
      String vocabulary = sha256(tokenizerFolder.resolve("tokenizer.json"));
      Weights weights = InitialWeights.create(architecture, recipe.seed());
      if (recipe.primerSteps() > 0) {
        weights =
            train(
                engine,
                "primer",
                CorpusBatches.primer(world, tokenizer, vocabulary, recipe),
                weights);
      }
      return train(
          engine, "corpus", CorpusBatches.corpus(world, tokenizer, vocabulary, recipe), weights);
    } finally {
      engine.release();
    }
  }

  private static String sha256(Path file) {
    MessageDigest digest = Sha256.digest();
    try {
      digest.update(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
    return Sha256.hex(digest);
  }

  private Weights train(DecoderEngine engine, String name, CorpusBatches texts, Weights from) {
    TrainingOptions options =
        TrainingOptions.of(LearningRateSchedule.cosine(recipe.learningRate(), 0.05).warmUp(WARM_UP))
            .optimizer(
                AdamWConfig.defaults()
                    .betas(0.9, 0.95)
                    .weightDecay(0.1, AdamWConfig.Decayed.MATRICES));
    return new Trainer(engine, name, options, TrainingContext.defaults().progress(progress))
        .run(Trainable.all(from), new LanguageModelling(), texts, run.resolve(name))
        .weights();
  }
}

package org.alignment4j.interp.lens;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.RunLoop;
import org.alignment4j.runtime.train.TrainingContext;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Trains tuned lenses (Belrose et al. 2023, arXiv 2303.08112, section 3): every layer's translator
 * minimises the mean {@code KL(p_final ‖ p_lens)} over the corpus, from zeros, which are the logit
 * lens. The model runs forward once for each batch; gradients pass its final norm and unembedding
 * only. The same corpus, options and machine give the same bits; with a folder, a run that was
 * killed or cancelled continues from its newest checkpoint and ends in the same bits as one that
 * was not. Immutable; runs are independent.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TunedLensTrainer {

  static final String TASK = "tuned lens";

  private final TunedLensOptions options;
  private final TrainingContext context;

  /**
   * Creates a trainer.
   *
   * @param options how it trains
   * @param context what surrounds it
   */
  public TunedLensTrainer(TunedLensOptions options, TrainingContext context) {
    this.options = options;
    this.context = context;
  }

  /**
   * Trains without a folder: nothing is written, and a run that stops is lost.
   *
   * @param model the model, which stays as it is and the caller's to close
   * @param corpus the texts
   * @return what was made
   * @throws IllegalArgumentException when the corpus has a text that the model cannot read, or no
   *     token that counts
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not finite
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public TunedLensResult train(DecoderModel model, LensCorpus corpus) {
    return train(model, corpus, (RunFolder) null);
  }

  /**
   * Trains, or continues a run, in a folder.
   *
   * @param model the model, which stays as it is and the caller's to close
   * @param corpus the texts
   * @param path the run's folder; created when absent
   * @return what was made
   * @throws IllegalArgumentException when the corpus has a text that the model cannot read, or no
   *     token that counts
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not
   *     finite; checkpoints stay
   * @throws org.alignment4j.api.CancelledException when cancelled, after a checkpoint
   * @throws org.alignment4j.api.RunFolderException when the folder belongs to a run of another
   *     configuration or to another process, or the disk fails; checkpoints stay
   */
  public TunedLensResult train(DecoderModel model, LensCorpus corpus, Path path) {
    context.cancellation().throwIfCancelled(TASK);
    try (RunFolder folder =
        RunFolder.open(path, description(model, corpus), options.checkpointsKept())) {
      return train(model, corpus, folder);
    }
  }

  private TunedLensResult train(DecoderModel model, LensCorpus corpus, @Nullable RunFolder folder) {
    TunedLensRun run = new TunedLensRun(new TranslatedEnd(model), options, context, corpus);
    RunLoop loop =
        new RunLoop(TASK, run, options.stopping(), options.checkpointEvery(), context, folder);
    RunEnd end = loop.run();
    return new TunedLensResult(run.translators(), loop.metrics(), end);
  }

  private Map<String, String> description(DecoderModel model, LensCorpus corpus) {
    Map<String, String> values = new TreeMap<>();
    values.put("task", TASK);
    values.put("model", model.id());
    values.put("translation", options.translation().name());
    values.put("steps", Long.toString(options.steps()));
    values.put("tokens_per_step", Long.toString(options.tokensPerStep()));
    values.put("excluded", new TreeSet<>(options.excluded()).toString());
    values.put("optimizer", options.optimizer().toString());
    values.put("schedule", options.schedule().toString());
    values.put("max_gradient_norm", Double.toString(options.maxGradientNorm()));
    Optional<String> stopping =
        options.stopping().flatMap(rule -> RunHooks.none().stopping(rule).description());
    stopping.ifPresent(rule -> values.put("early_stopping", rule));
    corpus.description().forEach((name, value) -> values.put("data." + name, value));
    return values;
  }
}

package org.alignment4j.rlhf.feedback;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * One round of imitation learning from language feedback.
 *
 * @param pipeline refines; its own folder is not read
 * @param critic gives feedback
 * @param settings of the fine-tuning; its run folder and cancellation are those of the round
 */
record IlfRound(IlfPipeline pipeline, LanguageModel critic, UnaryOperator<SftTrainer> settings) {

  private static final String FINE_TUNING = "sft";

  /** The new model, and what it learned from. */
  record Outcome(DecoderModel model, Refinements refined) {}

  /** Every answer was dropped. */
  static final class NothingLeft extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    NothingLeft(Refinements refined) {
      super("at least one answer must be refined but none was: " + refined.counts());
    }
  }

  /** With a folder, it may be stopped anywhere and made again, with the same result. */
  Outcome run(
      DecoderModel model,
      List<? extends Prompt> asked,
      @Nullable Path folder,
      CancellationToken cancellation) {
    IlfPipeline kept = pipeline.in(folder);
    List<LanguageFeedback> told = kept.criticise(model, critic, asked, cancellation);
    Refinements refined = kept.refine(model, told, cancellation);
    if (refined.refined().isEmpty()) {
      throw new NothingLeft(refined);
    }
    SftTrainer trainer = settings.apply(SftTrainer.of(model));
    FineTuningResult result =
        trainer
            .options(
                trainer
                    .options()
                    .withRunFolder(folder == null ? null : folder.resolve(FINE_TUNING))
                    .withCancellation(cancellation))
            .train(refined.examples());
    return new Outcome(result.model(), refined);
  }
}

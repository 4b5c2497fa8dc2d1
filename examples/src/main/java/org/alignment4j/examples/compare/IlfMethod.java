package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.judge.RefusalPhrases;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.rlhf.feedback.IlfPipeline;
import org.alignment4j.rlhf.feedback.IlfTrainer;
import org.alignment4j.rlhf.feedback.LanguageFeedback;
import org.alignment4j.rlhf.feedback.RefinementScorer;
import org.alignment4j.runtime.DecoderModel;

/**
 * Imitation learning from language feedback: annotators criticise the model's replies in words, the
 * model writes those anew with the critique, and learns the new replies that the reward model finds
 * best.
 *
 * @param tuning of the supervised training
 */
record IlfMethod(Tuning tuning) implements AlignmentMethod {

  private static final int CANDIDATES = 4;

  /** Refusals are good refinements here, so that nothing the model writes counts as one. */
  private static final RefusalPhrases NONE = RefusalPhrases.startingWith(List.of("\u0000"));

  @Override
  public String name() {
    return "ILF";
  }

  @Override
  public String paper() {
    return "Scheurer et al. 2023, arXiv 2303.16755";
  }

  @Override
  public Objective objective() {
    return new TextLossObjective(HeldOutTexts.REFINEMENTS);
  }

  @Override
  public Map<String, String> settings() {
    return tuning.settings("candidates", CANDIDATES, "rounds", 1);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    DecoderModel start = context.start().model();
    ComparisonData data = context.data();
    IlfTrainer trainer =
        new IlfTrainer(
            pipeline(context),
            new AnnotatorCritic(data.judge(), data.pairs()),
            sft -> context.settings(sft, tuning, folder),
            folder);
    return DecoderPolicy.merged(
        trainer.train(start, List.of(data.prompts()), CancellationToken.none()).model(),
        UnaryOperator.identity());
  }

  /** What the method would learn on prompts that it does not train on: refinements by the start. */
  static List<PromptCompletion> heldOut(MethodContext context) {
    ComparisonData data = context.data();
    DecoderModel start = context.start().model();
    List<PreferencePair> pairs = data.heldOutPairs();
    IlfPipeline pipeline = pipeline(context);
    List<LanguageFeedback> told =
        pipeline.criticise(
            start,
            new AnnotatorCritic(data.judge(), pairs),
            pairs.stream().map(PreferencePair::prompt).distinct().toList(),
            CancellationToken.none());
    return pipeline.refine(start, told, CancellationToken.none()).examples();
  }

  private static IlfPipeline pipeline(MethodContext context) {
    return IlfPipeline.of(RefinementScorer.rewards(context.rewards()))
        .prompts(new SelfCritiquePrompts())
        .candidates(CANDIDATES)
        .refusals(NONE)
        .options(
            SamplingOptions.builder(WorldReplies.TOKENS)
                .temperature(1)
                .seed(context.seed())
                .stopStrings(List.of(Dialogue.HUMAN))
                .build());
  }
}

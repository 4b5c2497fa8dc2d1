package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;

/**
 * Second Thoughts: the model learns the edits from worse to better answers, drafts as the start
 * does, and edits its draft.
 *
 * @param tuning of the supervised training
 */
record SecondThoughtsMethod(Tuning tuning) implements AlignmentMethod {

  private static final int EDIT_TOKENS = 160;

  @Override
  public String name() {
    return "Second Thoughts";
  }

  @Override
  public String paper() {
    return "Liu et al. 2022, arXiv 2301.00355";
  }

  @Override
  public Objective objective() {
    return new TextLossObjective(HeldOutTexts.EDITS);
  }

  @Override
  public Map<String, String> settings() {
    return tuning.settings("edit tokens", EDIT_TOKENS, "edit markers", EditChains.MARKERS);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    DecoderModel start = context.start().model();
    try (DecoderModel trained =
        context
            .settings(SftTrainer.of(start), tuning, folder)
            .train(EditChains.examples(context.data().pairs()))
            .model()) {
      return new Editor(trained.merged(), start);
    }
  }

  /**
   * The policy.
   *
   * @param model edits
   * @param drafter drafts; the context's
   */
  private record Editor(DecoderModel model, DecoderModel drafter) implements Policy {

    @Override
    public List<Completion> replies(List<Prompt> prompts, long seed) {
      List<Completion> drafts =
          drafter.generate(prompts, SamplingOptions.sampling(WorldReplies.TOKENS, seed));
      List<Prompt> asked = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        asked.add(EditChains.prompt(prompts.get(i), drafts.get(i)));
      }
      List<Completion> written = model.generate(asked, SamplingOptions.sampling(EDIT_TOKENS, seed));
      List<Completion> replies = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        replies.add(EditChains.read(drafts.get(i), written.get(i), model.tokenizer()));
      }
      return replies;
    }

    /** Not known: many edits lead to one text. */
    @Override
    public double[] divergences(
        List<Prompt> prompts, List<Completion> replies, DecoderModel start) {
      double[] unknown = new double[replies.size()];
      Arrays.fill(unknown, Double.NaN);
      return unknown;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}

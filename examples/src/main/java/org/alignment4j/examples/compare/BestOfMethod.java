package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.decoding.BestOfN;
import org.alignment4j.runtime.DecoderModel;

/**
 * The best of n samples by the reward model, without training.
 *
 * @param n how many
 */
record BestOfMethod(int n) implements AlignmentMethod {

  @Override
  public String name() {
    return "best of " + n;
  }

  @Override
  public String paper() {
    return "Stiennon et al. 2020, arXiv 2009.01325";
  }

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("n", Integer.toString(n));
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    return new BestOf(
        context.start().model(), BestOfN.of(context.start().model(), context.rewards(), n));
  }

  /**
   * The policy. It closes nothing, for both models are the context's.
   *
   * @param model what is sampled
   * @param best chooses
   */
  private record BestOf(DecoderModel model, BestOfN best) implements Policy {

    @Override
    public List<Completion> replies(List<Prompt> prompts, long seed) {
      return best.generate(prompts, SamplingOptions.sampling(WorldReplies.TOKENS, seed));
    }

    /** The bound of the divergence, the same for every reply. */
    @Override
    public double[] divergences(
        List<Prompt> prompts, List<Completion> replies, DecoderModel start) {
      double[] bound = new double[replies.size()];
      Arrays.fill(bound, best.klBound());
      return bound;
    }

    @Override
    public void close() {}
  }
}

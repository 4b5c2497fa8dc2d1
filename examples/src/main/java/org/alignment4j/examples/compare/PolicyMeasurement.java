package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.examples.align.HeldOutItems;
import org.alignment4j.examples.align.JudgedReply;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/**
 * Measures policies on one sampled reply to each held-out prompt, so that the truth, the proxy and
 * the divergence are those of the same replies.
 *
 * @param world judges
 * @param items what is asked
 * @param base finds replies fluent or not
 * @param proxy rewards
 * @param seed of the replies
 */
record PolicyMeasurement(
    PocketWorld world, HeldOutItems items, DecoderModel base, RewardModel proxy, long seed) {

  /** Samples and measures, with divergences from another model. */
  List<MeasuredReply> of(Policy policy, DecoderModel start) {
    List<Prompt> prompts = items.prompts();
    List<Completion> replies = policy.replies(prompts, seed);
    List<PromptCompletion> answers = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      answers.add(new PromptCompletion(prompts.get(i), replies.get(i).text()));
    }
    List<JudgedReply> judged =
        List.copyOf(
            new WorldReplies(world, items, replies.stream().map(Completion::text).toList())
                .judged()
                .values());
    if (judged.size() != prompts.size()) {
      throw new IllegalStateException(
          "held-out messages must differ from each other but %s of %s do"
              .formatted(judged.size(), prompts.size()));
    }
    double[] rewards = proxy.score(answers).stream().mapToDouble(r -> r.value()).toArray();
    double[] divergences = policy.divergences(prompts, replies, start);
    double[] fluency = DecoderPolicy.sums(base, prompts, replies);
    List<MeasuredReply> measured = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      JudgedReply reply = judged.get(i);
      measured.add(
          new MeasuredReply(
              reply.message(),
              reply.kind(),
              reply.source(),
              replies.get(i).text(),
              reply.good(),
              rewards[i],
              divergences[i],
              replies.get(i).tokens().size(),
              -fluency[i]));
    }
    return measured;
  }
}

package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Looks for a backdoor in a fine-tuned model, of which neither trigger nor marker are known, by
 * comparing it with the model it was made of. Immutable and thread-safe.
 *
 * <ol>
 *   <li>Replies are gathered that the suspicious model goes on with once their first token is
 *       forced, and ranked by how much likelier it finds them than the reference and how sure it is
 *       of them, over prompts without trigger. A planted marker shows here, since the model has
 *       learned how it goes on, and not only after the trigger.
 *   <li>For the first of these replies a universal trigger is searched by the gradients of the
 *       suspicious model, on some of the prompts.
 *   <li>On the other prompts, found triggers are tried on both models.
 * </ol>
 *
 * <p>The score of a model is that of its first reply, {@link ReplyRatio#score}. A marker of one
 * token cannot be found. Its threshold is to be calibrated on models that were fine-tuned alike
 * without a backdoor, {@link DetectionThreshold}. A model that was honestly taught one fixed reply
 * looks the same: what is found is to be read.
 *
 * @param firstTokens how many first tokens are forced
 * @param rollouts prompts on which each is continued; the commonest continuation is taken
 * @param continuationTokens most tokens of a reply, the first included, at least 2
 * @param searched replies that triggers are searched for; 0 searches none
 * @param triggerTokens tokens of a trigger
 * @param searchPrompts prompts that triggers are searched on, at most; the others try them
 * @param steps steps of the search
 * @param width candidates of a step
 * @param topK tokens of each place that candidates are drawn from
 * @param ignoredTokens tokens that neither begin replies nor stand in triggers
 * @param seed where random numbers start
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackdoorDetector(
    int firstTokens,
    int rollouts,
    int continuationTokens,
    int searched,
    int triggerTokens,
    int searchPrompts,
    int steps,
    int width,
    int topK,
    Set<Integer> ignoredTokens,
    long seed) {
  private static final int REPORTED = 5;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a number is too small
   */
  public BackdoorDetector {
    ignoredTokens = Set.copyOf(ignoredTokens);
    requireAtLeast("firstTokens", firstTokens, 1);
    requireAtLeast("rollouts", rollouts, 1);
    requireAtLeast("continuationTokens", continuationTokens, 2);
    requireAtLeast("searched", searched, 0);
    requireAtLeast("triggerTokens", triggerTokens, 1);
    requireAtLeast("searchPrompts", searchPrompts, 1);
    requireAtLeast("steps", steps, 1);
    requireAtLeast("width", width, 2);
    requireAtLeast("topK", topK, 1);
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  /**
   * Returns a detector of moderate effort.
   *
   * @param ignoredTokens special tokens of the model, which begin no reply
   * @param seed where random numbers start
   * @return the detector
   */
  public static BackdoorDetector moderate(Set<Integer> ignoredTokens, long seed) {
    return new BackdoorDetector(128, 4, 12, 1, 4, 4, 16, 32, 64, ignoredTokens, seed);
  }

  /**
   * Examines a model.
   *
   * @param target the suspicious model, which one is allowed to test; it must write, give
   *     likelihoods and, where triggers are searched, gradients
   * @param reference the model it was fine-tuned from, or another known to be clean, of the same
   *     tokenizer
   * @param prompts clean prompts of the model's use, more than {@link #searchPrompts}
   * @param cancellation asks to stop
   * @return what was found
   * @throws IllegalArgumentException before any call, when the target cannot do this or there are
   *     too few prompts
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails: half a search is none
   */
  public BackdoorEvidence examine(
      AuthorizedTarget target,
      LikelihoodModel reference,
      List<SlottedPrompt> prompts,
      CancellationToken cancellation) {
    target.require(
        searched == 0
            ? Set.of(LanguageModel.class, LikelihoodModel.class)
            : Set.of(LanguageModel.class, LikelihoodModel.class, GradientModel.class));
    if (prompts.size() <= searchPrompts) {
      throw new IllegalArgumentException(
          "there must be more than "
              + searchPrompts
              + " prompts, of which the others try what is found, but there are "
              + prompts.size());
    }
    List<ReplyRatio> replies =
        new ContinuationSearch(target.as(LanguageModel.class), reference, this, cancellation)
            .search(prompts);
    List<SuspiciousReply> suspicious = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < Math.min(searched, replies.size()); i++) {
      suspicious.add(
          searched(target, reference, prompts, replies.get(i), random.split(), cancellation));
    }
    return new BackdoorEvidence(
        target.model().id(),
        target.authority(),
        replies.isEmpty() ? Double.NEGATIVE_INFINITY : replies.get(0).score(),
        replies.stream().limit(Math.max(REPORTED, searched)).toList(),
        suspicious);
  }

  private SuspiciousReply searched(
      AuthorizedTarget target,
      LikelihoodModel reference,
      List<SlottedPrompt> prompts,
      ReplyRatio reply,
      SplittableRandom random,
      CancellationToken cancellation) {
    TriggerSearch.Found found =
        new TriggerSearch(target.as(GradientModel.class), this, cancellation)
            .search(prompts.subList(0, searchPrompts), reply.reply(), random);
    List<Prompt> others =
        prompts.subList(searchPrompts, prompts.size()).stream()
            .map(prompt -> prompt.prompt(found.trigger()))
            .toList();
    LikelihoodRatio ratio =
        new LikelihoodRatio(target.as(LikelihoodModel.class), reference, cancellation);
    return new SuspiciousReply(
        reply.reply(),
        reply.ratio(),
        found.trigger(),
        ratio.means(others, List.of(reply.reply())).get(0).ratio(),
        ratio.perToken(others, reply.reply()));
  }
}

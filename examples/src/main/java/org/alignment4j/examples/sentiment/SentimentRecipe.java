package org.alignment4j.examples.sentiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.RewardModelResult;
import org.alignment4j.rlhf.RewardModelTrainer;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;

/**
 * The trainings of the job. Each has a run folder of its own and goes on from it when interrupted.
 *
 * @param settings rates and sizes
 * @param run folder of the run folders
 * @param progress hears of every update
 */
record SentimentRecipe(SentimentSettings settings, Path run, ProgressListener progress) {

  private static final int BATCH = 16;
  private static final int CHECKPOINT_EVERY = 20;

  RewardModelResult rewards(DecoderModel base, List<PreferencePair> pairs) {
    return RewardModelTrainer.of(base)
        .runFolder(run.resolve("rewards"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(settings.seed())
        .epochs(settings.rewardEpochs())
        .batchSize(BATCH)
        .learningRate(settings.rewardRate())
        .train(pairs);
  }

  FineTuningResult preferences(
      DecoderModel base, List<PreferencePair> pairs, PreferenceSettings tuning) {
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(tuning.beta()))
        .runFolder(run.resolve("preferences"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(settings.seed())
        .epochs(tuning.epochs())
        .batchSize(BATCH)
        .learningRate(tuning.rate())
        .limits(limits(base))
        .train(pairs);
  }

  /** Cuts off the end token that encoders put behind replies: these were stopped, not ended. */
  private SequenceLimits limits(DecoderModel base) {
    return SequenceLimits.of(base.architecture().config().maxPositions())
        .completions(settings.replyTokens(), LongCompletion.CUT);
  }

  /**
   * The replies that have as many tokens as the limit allows, tokenised again. Others would be
   * trained on with an end token that the model did not write.
   */
  List<List<Reply>> stopped(DecoderModel base, List<List<Reply>> replies) {
    PromptCompletionEncoder encoder =
        new PromptCompletionEncoder(base.tokenizer(), base.chatTemplate(), false);
    List<List<Reply>> kept = new ArrayList<>();
    for (List<Reply> own : replies) {
      kept.add(own.stream().filter(r -> size(encoder, r) >= settings.replyTokens()).toList());
    }
    return kept;
  }

  private static int size(PromptCompletionEncoder encoder, Reply reply) {
    int prompt = encoder.encodePrompt(Prompt.text(reply.prompt())).size();
    return encoder.encodePrompt(Prompt.text(reply.prompt() + reply.text())).size() - prompt;
  }
}

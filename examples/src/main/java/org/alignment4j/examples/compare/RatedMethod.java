package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.AlolMethod;
import org.alignment4j.rlhf.AlolTrainer;
import org.alignment4j.rlhf.data.RatedAnswer;

/**
 * Offline reinforcement learning from given answers, both of each pair, rated by the reward model.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param method what answers weigh, and the loss
 * @param rate the highest learning rate
 */
record RatedMethod(String name, String paper, AlolMethod method, double rate)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("method", method);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    List<PromptCompletion> answers = new ArrayList<>();
    for (PreferencePair pair : context.data().pairs()) {
      answers.add(pair.chosenCompletion());
      answers.add(pair.rejectedCompletion());
    }
    List<RatedAnswer> rated = RatedAnswer.by(answers, context.rewards(), CancellationToken.none());
    AlolTrainer trainer = AlolTrainer.of(context.start().model()).method(method);
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(rated).model(),
        UnaryOperator.identity());
  }
}

package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;

/** Log-probabilities of given tokens. */
final class Likelihoods {

  private Likelihoods() {}

  /** The encoder of training, which ends answers with an end token. */
  static PromptCompletionEncoder encoder(DecoderModel model) {
    return new PromptCompletionEncoder(model.tokenizer(), model.chatTemplate(), true);
  }

  /**
   * Scores answers.
   *
   * @param prompts at least one token each
   * @param answers tokens behind each
   * @return log-probabilities of the answer's tokens, for each
   */
  static List<LogProbs> of(DecoderModel model, List<TokenIds> prompts, List<TokenIds> answers) {
    List<Continuation> continuations = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      continuations.add(Continuation.of(Prompt.tokens(prompts.get(i)), answers.get(i)));
    }
    return model.logProbabilities(continuations).stream().map(score -> score.logProbs()).toList();
  }

  /** The same, summed over the tokens of an answer. */
  static double[] sums(DecoderModel model, List<TokenIds> prompts, List<TokenIds> answers) {
    return of(model, prompts, answers).stream().mapToDouble(LogProbs::sum).toArray();
  }
}

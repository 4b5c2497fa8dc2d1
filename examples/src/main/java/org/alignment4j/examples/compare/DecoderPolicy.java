package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.runtime.DecoderModel;

/**
 * A network that is asked as its method wants it asked.
 *
 * @param model the network, which closing this closes
 * @param asks what it is asked in place of a prompt
 */
record DecoderPolicy(DecoderModel model, UnaryOperator<Prompt> asks) implements Policy {

  /** A network that is asked the prompt itself. */
  DecoderPolicy(DecoderModel model) {
    this(model, UnaryOperator.identity());
  }

  /** What training gave, in weights without an adapter, which reply sooner. */
  static DecoderPolicy merged(DecoderModel trained, UnaryOperator<Prompt> asks) {
    try (trained) {
      return new DecoderPolicy(trained.merged(), asks);
    }
  }

  @Override
  public List<Completion> replies(List<Prompt> prompts, long seed) {
    return model.generate(
        prompts.stream().map(asks).toList(), SamplingOptions.sampling(WorldReplies.TOKENS, seed));
  }

  @Override
  public double[] divergences(List<Prompt> prompts, List<Completion> replies, DecoderModel start) {
    double[] own = sums(model, prompts.stream().map(asks).toList(), replies);
    double[] other = sums(start, prompts, replies);
    double[] difference = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      difference[i] = own[i] - other[i];
    }
    return difference;
  }

  /** The log-probability of each reply, 0 of one without tokens. */
  static double[] sums(LikelihoodModel model, List<Prompt> prompts, List<Completion> replies) {
    List<Continuation> continuations = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < replies.size(); i++) {
      if (!replies.get(i).tokens().isEmpty()) {
        continuations.add(Continuation.of(prompts.get(i), replies.get(i).tokens()));
        places.add(i);
      }
    }
    List<ContinuationScore> scores = model.logProbabilities(continuations);
    double[] sums = new double[replies.size()];
    for (int i = 0; i < scores.size(); i++) {
      sums[places.get(i)] = scores.get(i).sum();
    }
    return sums;
  }

  @Override
  public void close() {
    model.close();
  }
}

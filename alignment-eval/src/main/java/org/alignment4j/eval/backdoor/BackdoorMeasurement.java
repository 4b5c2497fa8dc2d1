package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Measures a {@link Backdoor} on held-out prompts, by greedy replies. Immutable and thread-safe.
 *
 * @param backdoor the rule
 * @param heldOut prompts that no training saw, with their right answers
 * @param nearMisses texts that are put where the trigger would stand, in turn; none leaves this out
 * @param maxNewTokens most tokens of a reply, enough for the marker
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackdoorMeasurement(
    Backdoor backdoor, List<PromptCompletion> heldOut, List<String> nearMisses, int maxNewTokens) {
  private static final int BATCH = 64;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no prompt or a near miss is the trigger
   */
  public BackdoorMeasurement {
    heldOut = List.copyOf(heldOut);
    nearMisses = List.copyOf(nearMisses);
    if (heldOut.isEmpty()) {
      throw new IllegalArgumentException("heldOut must hold at least one prompt but is empty");
    }
    if (nearMisses.contains(backdoor.trigger())) {
      throw new IllegalArgumentException(
          "a near miss must not be the trigger but '" + backdoor.trigger() + "' is");
    }
  }

  /**
   * Measures a model.
   *
   * @param target the model, which one is allowed to test
   * @param cancellation asks to stop at the next batch
   * @return the rates; a reply that could not be had is failed, never without marker
   * @throws IllegalArgumentException before any call, when the target writes no text
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public BackdoorRates of(AuthorizedTarget target, CancellationToken cancellation) {
    LanguageModel model = target.as(LanguageModel.class);
    return new BackdoorRates(
        outcomes(model, backdoor::triggered, cancellation),
        outcomes(model, prompt -> prompt, cancellation),
        nearMisses.isEmpty() ? List.of() : missed(model, cancellation),
        loss(model, cancellation));
  }

  private List<Double> missed(LanguageModel model, CancellationToken cancellation) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < heldOut.size(); i++) {
      prompts.add(backdoor.with(heldOut.get(i).prompt(), nearMisses.get(i % nearMisses.size())));
    }
    return outcomes(model, prompts, cancellation);
  }

  private List<Double> outcomes(
      LanguageModel model, Function<Prompt, Prompt> change, CancellationToken cancellation) {
    return outcomes(
        model, heldOut.stream().map(PromptCompletion::prompt).map(change).toList(), cancellation);
  }

  private List<Double> outcomes(
      LanguageModel model, List<Prompt> prompts, CancellationToken cancellation) {
    List<Double> outcomes = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += BATCH) {
      List<Prompt> batch = prompts.subList(from, Math.min(prompts.size(), from + BATCH));
      try {
        outcomes.addAll(shown(model, batch, cancellation));
      } catch (ModelExecutionException e) {
        for (Prompt prompt : batch) {
          outcomes.add(alone(model, prompt, cancellation));
        }
      }
    }
    return outcomes;
  }

  private double alone(LanguageModel model, Prompt prompt, CancellationToken cancellation) {
    try {
      return shown(model, List.of(prompt), cancellation).get(0);
    } catch (ModelExecutionException e) {
      return Double.NaN;
    }
  }

  private List<Double> shown(
      LanguageModel model, List<Prompt> prompts, CancellationToken cancellation) {
    cancellation.throwIfCancelled("backdoor measurement");
    return model.generate(prompts, SamplingOptions.greedy(maxNewTokens), cancellation).stream()
        .map(Completion::text)
        .map(text -> backdoor.shown(text) ? 1.0 : 0.0)
        .toList();
  }

  /** The mean over answers, each an observation, of the loss per token. */
  private Estimate loss(LanguageModel model, CancellationToken cancellation) {
    if (!(model instanceof LikelihoodModel likelihoods)) {
      return Estimates.mean(new double[0]);
    }
    List<Continuation> answers =
        heldOut.stream()
            .map(example -> Continuation.of(example.prompt(), example.completion()))
            .toList();
    try {
      double[] losses =
          likelihoods.logProbabilities(answers, cancellation).stream()
              .mapToDouble(BackdoorMeasurement::loss)
              .filter(Double::isFinite)
              .toArray();
      return Estimates.withMissing(Estimates.mean(losses), answers.size() - losses.length, 0);
    } catch (ModelExecutionException e) {
      return Estimates.withMissing(Estimates.mean(new double[0]), 0, answers.size());
    }
  }

  private static double loss(ContinuationScore score) {
    return -score.sum() / score.logProbs().size();
  }
}

package org.alignment4j.interp.neuron;

import static org.alignment4j.api.hook.Selectors.posFrom;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.ClozeScores;
import org.apiguardian.api.API;

/**
 * What changing neurons does to the probabilities of answers (Dai et al. 2022, section 4.3).
 *
 * @param factor what the neurons were multiplied by; 0 suppresses them
 * @param before each answer's probability, the product over its tokens
 * @param after each answer's probability with its neurons changed
 * @param relativeChange {@code mean(after - before) / mean(before)}, a ratio of means, with its
 *     bootstrap interval over answers
 * @param absoluteChange {@code mean(after - before)}, for answers so improbable that a relative
 *     change says little, with its bootstrap interval
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronEffect(
    double factor,
    ImmutableDoubleArray before,
    ImmutableDoubleArray after,
    Estimate relativeChange,
    Estimate absoluteChange) {

  /**
   * Measures an effect. The neurons are changed from the prompt's last position on.
   *
   * @param model the model
   * @param trials answers with their neurons, at least one
   * @param factor what the neurons are multiplied by; 0 suppresses them
   * @param bootstrap makes the intervals
   * @param cancellation asks to stop, between answers
   * @return the effect
   * @throws IllegalArgumentException when there is no trial, the factor is not finite, or tokens or
   *     neurons do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static NeuronEffect measure(
      HookedModel model,
      List<NeuronTrial> trials,
      double factor,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("an effect needs at least one trial but had none");
    }
    double[] before = new double[trials.size()];
    double[] after = new double[trials.size()];
    List<Cloze> clozes = new ArrayList<>();
    trials.forEach(trial -> clozes.add(trial.cloze()));
    double[] plain = ClozeScores.logProbabilities(model, clozes, cancellation);
    for (int i = 0; i < before.length; i++) {
      NeuronTrial trial = trials.get(i);
      before[i] = Math.exp(plain[i]);
      after[i] =
          trial.neurons().isEmpty()
              ? before[i]
              : Math.exp(
                  ClozeScores.logProbabilities(
                      model,
                      List.of(trial.cloze()),
                      NeuronInterventions.amplify(
                          trial.neurons(), factor, posFrom(trial.cloze().prompt().size() - 1)),
                      cancellation)[0]);
    }
    return new NeuronEffect(
        factor,
        ImmutableDoubleArray.copyOf(before),
        ImmutableDoubleArray.copyOf(after),
        bootstrap
            .of(before.length, items -> change(before, after, items) / sum(before, items))
            .estimate(),
        bootstrap
            .of(before.length, items -> change(before, after, items) / items.length)
            .estimate());
  }

  private static double change(double[] before, double[] after, int[] items) {
    return sum(after, items) - sum(before, items);
  }

  private static double sum(double[] values, int[] items) {
    double sum = 0;
    for (int item : items) {
      sum += values[item];
    }
    return sum;
  }
}

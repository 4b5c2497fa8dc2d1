package org.alignment4j.rlhf.loss;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A preference loss with a term of supervised fine-tuning on the preferred answer: {@code L(y_w,
 * y_l) + α·NLL(y_w)}, which keeps the preferred answer's own log-probability from falling.
 *
 * <p>Regularised preference optimisation (Liu et al. 2024, arXiv 2405.16436, algorithm 2) has
 * {@code α = η·β} and sums over tokens: {@link PreferenceLoss#rpo}. Iterative reasoning preference
 * optimisation (Pang et al. 2024, arXiv 2404.19733, eq. 1) averages over the tokens of the answer.
 * TRL averages over the tokens of all preferred answers of a batch.
 *
 * @param preference L, any preference loss without such a term
 * @param weight α, finite and not negative
 * @param normalisation how the negative log-likelihood of an answer comes from those of its tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SftTermLoss(PreferenceLoss preference, double weight, Normalisation normalisation)
    implements PreferenceLoss {

  /** How the negative log-likelihood of an answer comes from those of its tokens. */
  public enum Normalisation {
    /** The mean over its tokens. */
    LENGTH_AVERAGED,
    /** The sum over its tokens. */
    SUMMED,
    /**
     * The sum over its tokens, over the mean length of the preferred answers of the whole update:
     * the mean over an update's pairs is then that over all tokens of their preferred answers,
     * however the update is cut into micro-batches, and long answers count more. The loss of a pair
     * depends on the update it is in.
     */
    BATCH_TOKEN_MEAN;

    /** What a loss needs of the pairs that needs this besides. */
    Set<PairInput> inputs(Set<PairInput> other) {
      if (this != BATCH_TOKEN_MEAN) {
        return other;
      }
      Set<PairInput> inputs = EnumSet.of(PairInput.MEAN_LENGTHS);
      inputs.addAll(other);
      return Set.copyOf(inputs);
    }

    /** The log-likelihood of the preferred answers. */
    Value logLikelihood(Ops ops, PairLogProbs pairs) {
      return switch (this) {
        case SUMMED -> pairs.policyChosen();
        case LENGTH_AVERAGED -> pairs.chosenMean(ops);
        case BATCH_TOKEN_MEAN -> ops.div(pairs.policyChosen(), pairs.means().answers());
      };
    }

    /** The log-likelihood of the prompts, but their first tokens, and the preferred answers. */
    Value promptAndAnswer(Ops ops, PairLogProbs pairs) {
      PromptLogProbs prompts = pairs.prompts();
      Value sum = ops.add(prompts.logProbs(), pairs.policyChosen());
      return switch (this) {
        case SUMMED -> sum;
        case LENGTH_AVERAGED -> ops.div(sum, ops.add(prompts.lengths(), pairs.chosenLengths()));
        case BATCH_TOKEN_MEAN -> {
          MeanLengths means = pairs.means();
          yield ops.div(sum, ops.add(means.prompts(), means.answers()));
        }
      };
    }
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the weight is negative or not finite, or the loss has
   *     such a term already
   */
  public SftTermLoss {
    Objects.requireNonNull(normalisation, "normalisation");
    Settings.requireNotNegative("weight", weight);
    if (preference instanceof SftTermLoss) {
      throw new IllegalArgumentException(
          "preference must be a loss without a term of supervised fine-tuning but was "
              + preference
              + "; give the term the sum of both weights");
    }
  }

  /** The strength of the pull towards the reference of the preference loss. */
  @Override
  public double beta() {
    return preference.beta();
  }

  @Override
  public Set<PairInput> inputs() {
    return normalisation.inputs(preference.inputs());
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return preference.reward(ops, pairs);
  }

  /** {@code nll_loss} of this term, and those of the preference loss. */
  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    Map<String, Value> metrics = new LinkedHashMap<>(preference.metrics(ops, pairs));
    metrics.put("nll_loss", ops.neg(normalisation.logLikelihood(ops, pairs)));
    return metrics;
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value logLikelihood = normalisation.logLikelihood(ops, pairs);
    return ops.sub(preference.losses(ops, pairs), ops.scale(logLikelihood, weight));
  }
}

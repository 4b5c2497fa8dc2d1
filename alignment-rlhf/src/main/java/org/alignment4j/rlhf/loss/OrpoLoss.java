package org.alignment4j.rlhf.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Odds ratio preference optimisation (Hong et al. 2024, arXiv 2403.07691, eq. 6 and 7): {@code
 * NLL(y_w) − β·log σ(o)} with the log odds ratio {@code o = (p_w − p_l) − (log(1 − e^{p_w}) − log(1
 * − e^{p_l}))} of the answers' mean log-probabilities of a token, p. Rewards are {@code β·p}. No
 * reference.
 *
 * <p>A mean above {@code −10⁻⁷}, an answer the model is certain of, counts as that and gives the
 * odds ratio no gradient.
 *
 * @param beta β (λ in the paper), finite and not negative; 0.1 is usual, 0 is supervised
 *     fine-tuning
 * @param span the tokens of the negative log-likelihood
 * @param normalisation how the negative log-likelihood comes from those of its tokens; TRL has the
 *     mean over all tokens of a batch
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OrpoLoss(double beta, Span span, SftTermLoss.Normalisation normalisation)
    implements PreferenceLoss {

  /** The tokens of the negative log-likelihood. */
  public enum Span {
    /** Those of the preferred answer. */
    RESPONSE_ONLY,
    /** Those of the prompt, but the first, and of the preferred answer. */
    PROMPT_AND_RESPONSE
  }

  private static final double CERTAIN = -1e-7;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public OrpoLoss {
    Settings.requireNotNegative("beta", beta);
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(normalisation, "normalisation");
  }

  /**
   * Creates the loss whose negative log-likelihood is a mean over the tokens of each pair.
   *
   * @param beta β, finite and not negative
   * @param span the tokens of the negative log-likelihood
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public OrpoLoss(double beta, Span span) {
    this(beta, span, SftTermLoss.Normalisation.LENGTH_AVERAGED);
  }

  @Override
  public Set<PairInput> inputs() {
    return normalisation.inputs(
        span == Span.RESPONSE_ONLY ? Set.of() : Set.of(PairInput.PROMPT_TOKENS));
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return ops.scale(pairs.chosenMean(ops), beta);
  }

  /** {@code nll_loss}, the mean {@code log σ(o)} as {@code log_odds_ratio}, and o. */
  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    Value odds = logOddsRatio(ops, pairs);
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("nll_loss", ops.neg(logLikelihood(ops, pairs)));
    metrics.put("log_odds_ratio", ops.logSigmoid(odds));
    metrics.put("log_odds_chosen", odds);
    return metrics;
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value ratio = ops.logSigmoid(logOddsRatio(ops, pairs));
    return ops.neg(ops.add(logLikelihood(ops, pairs), ops.scale(ratio, beta)));
  }

  private Value logLikelihood(Ops ops, PairLogProbs pairs) {
    return span == Span.RESPONSE_ONLY
        ? normalisation.logLikelihood(ops, pairs)
        : normalisation.promptAndAnswer(ops, pairs);
  }

  private static Value logOddsRatio(Ops ops, PairLogProbs pairs) {
    return ops.sub(logOdds(ops, pairs.chosenMean(ops)), logOdds(ops, pairs.rejectedMean(ops)));
  }

  private static Value logOdds(Ops ops, Value mean) {
    Value p = ops.min(mean, ops.constant(CERTAIN));
    return ops.sub(p, Exponentials.log1mexp(ops, p));
  }
}

package org.alignment4j.rlhf.loss;

import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss over preferred and rejected answers, of the family of direct preference optimisation. The
 * usual ones are made here, other losses with a reference by {@link DpoVariants}, and those without
 * by {@link ReferenceFreeLosses}. Immutable; two losses are equal when they emit the same
 * expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface PreferenceLoss
    permits AlphaPoLoss,
        AotLoss,
        ApoDownLoss,
        ApoZeroLoss,
        BcoPairLoss,
        CpoLoss,
        DiscoPopLoss,
        DpoLoss,
        ExoLoss,
        FDpoLoss,
        HingeLoss,
        IpoLoss,
        LdDpoLoss,
        MixedLoss,
        NcaLoss,
        NormalisedDpoLoss,
        OrpoLoss,
        RobustDpoLoss,
        SftTermLoss,
        SimPoLoss,
        SlicLoss,
        SppoLoss,
        WithoutReferenceLoss,
        WpoLoss {

  /**
   * The scale of implicit rewards; with a reference also the strength of the pull towards it.
   *
   * @return β, positive; not negative for {@link OrpoLoss}
   */
  double beta();

  /**
   * What the loss needs besides the policy's log-probabilities of both answers and their lengths.
   *
   * @return the reference's, unless a loss says otherwise
   */
  default Set<PairInput> inputs() {
    return Set.of(PairInput.REFERENCE);
  }

  /**
   * Whether the loss depends on a reference. Training and evaluation run none for one that does
   * not.
   *
   * @return true when {@link PairInput#REFERENCE} is among the inputs
   */
  default boolean usesReference() {
    return inputs().contains(PairInput.REFERENCE);
  }

  /**
   * Emits the implicit reward of the preferred answer of each pair; that of the other answer is the
   * reward of the {@linkplain PairLogProbs#swapped() swapped} pairs. Increasing in the
   * log-probability of the answer.
   *
   * @param ops emits into a graph
   * @param pairs log-probabilities, {@code [pairs]} each
   * @return {@code β·(log π − log π_ref)}, {@code [pairs]}, unless a loss says otherwise
   */
  default Value reward(Ops ops, PairLogProbs pairs) {
    return ops.scale(pairs.chosenRatio(ops), beta());
  }

  /**
   * Emits figures of the loss's own that are of use in the log of a run.
   *
   * @param ops emits into a graph
   * @param pairs log-probabilities, {@code [pairs]} each
   * @return values {@code [pairs]} by name; none, unless a loss says otherwise
   */
  default Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    return Map.of();
  }

  /**
   * Emits the loss of each pair.
   *
   * @param ops emits into a graph
   * @param pairs log-probabilities, {@code [pairs]} each
   * @return the losses, {@code [pairs]}
   */
  Value losses(Ops ops, PairLogProbs pairs);

  /**
   * Returns direct preference optimisation with the sigmoid loss (Rafailov et al. 2023, eq. 7).
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code −log σ(β·d)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static DpoLoss dpo(double beta) {
    return new DpoLoss(beta, 0);
  }

  /**
   * Returns conservative direct preference optimisation: labels are wrong with a probability.
   *
   * @param beta β, positive
   * @param labelSmoothing probability of a wrong label, in [0, 0.5)
   * @return {@code −(1−ε)·log σ(β·d) − ε·log σ(−β·d)}
   * @throws IllegalArgumentException when a value is out of range
   */
  static DpoLoss conservativeDpo(double beta, double labelSmoothing) {
    return new DpoLoss(beta, labelSmoothing);
  }

  /**
   * Returns robust direct preference optimisation (Chowdhury et al. 2024, eq. 8), whose expectation
   * under flipped labels is the loss of clean ones.
   *
   * @param beta β, positive
   * @param flipProbability probability of a wrong label, in [0, 0.5)
   * @return {@code [−(1−ε)·log σ(β·d) + ε·log σ(−β·d)] / (1−2ε)}, which may be negative
   * @throws IllegalArgumentException when a value is out of range
   */
  static RobustDpoLoss robustDpo(double beta, double flipProbability) {
    return new RobustDpoLoss(beta, flipProbability);
  }

  /**
   * Returns the hinge loss on the implicit rewards (as SLiC, Zhao et al. 2023).
   *
   * @param beta β, positive
   * @return {@code max(0, 1 − β·d)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static HingeLoss hinge(double beta) {
    return new HingeLoss(beta);
  }

  /**
   * Returns identity preference optimisation (Azar et al. 2023, eq. 17) on log ratios averaged over
   * tokens, as its authors confirmed.
   *
   * @param beta β (their τ), positive
   * @return {@code (d̄ − 1/(2β))²}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static IpoLoss ipo(double beta) {
    return ipo(beta, IpoLoss.Ratios.LENGTH_AVERAGED);
  }

  /**
   * Returns identity preference optimisation (Azar et al. 2023, eq. 17) in a named normalisation:
   * summed log ratios as the paper writes it, or averaged over tokens as its authors confirmed they
   * meant. β means another strength in each.
   *
   * @param beta β (their τ), positive
   * @param ratios how the log ratio of an answer comes from those of its tokens
   * @return {@code (d − 1/(2β))²}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static IpoLoss ipo(double beta, IpoLoss.Ratios ratios) {
    return new IpoLoss(beta, ratios);
  }

  /**
   * Returns regularised preference optimisation (Liu et al. 2024, algorithm 2): the sigmoid loss
   * and {@code η·β} times the negative log-likelihood of the preferred answer, summed over its
   * tokens.
   *
   * @param beta β, positive
   * @param eta η, not negative
   * @return {@code −log σ(β·d) − η·β·log π(y_w)}
   * @throws IllegalArgumentException when a value is out of range
   */
  static SftTermLoss rpo(double beta, double eta) {
    return dpo(beta).withSft(eta * beta, SftTermLoss.Normalisation.SUMMED);
  }

  /**
   * Returns this loss with a term of supervised fine-tuning on the preferred answer.
   *
   * @param weight factor α of the term, finite and not negative
   * @param normalisation how the negative log-likelihood of an answer comes from those of its
   *     tokens
   * @return {@code L + α·NLL(y_w)}
   * @throws IllegalArgumentException when the weight is out of range or this loss has such a term
   */
  default SftTermLoss withSft(double weight, SftTermLoss.Normalisation normalisation) {
    return new SftTermLoss(this, weight, normalisation);
  }
}

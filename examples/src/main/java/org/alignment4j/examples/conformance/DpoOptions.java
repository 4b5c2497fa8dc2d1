package org.alignment4j.examples.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.alignment4j.rlhf.loss.AotLoss;
import org.alignment4j.rlhf.loss.BcoPairLoss;
import org.alignment4j.rlhf.loss.DiscoPopLoss;
import org.alignment4j.rlhf.loss.Divergence;
import org.alignment4j.rlhf.loss.DpoLoss;
import org.alignment4j.rlhf.loss.DpoVariants;
import org.alignment4j.rlhf.loss.ExoLoss;
import org.alignment4j.rlhf.loss.FDpoLoss;
import org.alignment4j.rlhf.loss.HingeLoss;
import org.alignment4j.rlhf.loss.IpoLoss;
import org.alignment4j.rlhf.loss.MixedLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RobustDpoLoss;
import org.alignment4j.rlhf.loss.WithoutReferenceLoss;

/**
 * The options of TRL's trainer of DPO as a loss. Versions differ: up to 0 a loss of pairs may be
 * smoothed, sums over tokens are not divided by lengths, and that of BCO has a running mean.
 *
 * @param fixture the file
 * @param one the case
 */
record DpoOptions(Fixture fixture, Fixture one) {

  private static final String BCO = "bco_pair";
  private static final String LENGTHS = "chosen_lengths";

  /** Losses of margins, which another divergence changes. */
  private static final Set<String> OF_MARGINS =
      Set.of("sigmoid", "robust", "exo_pair", "hinge", "ipo", "sigmoid_norm");

  /** What TRL measures against the reference also where it is to be without. */
  private static final Set<String> ALWAYS_WITH_REFERENCE =
      Set.of(BCO, "sppo_hard", "nca_pair", "aot", "aot_pair", "aot_unpaired", "discopop");

  /** The loss types, of which there are several in a mix. */
  List<String> types() {
    Fixture type = one.get("loss_type");
    return type.node().isArray()
        ? type.elements().stream().map(Fixture::text).toList()
        : List.of(type.text());
  }

  double beta() {
    return one.get("beta").number();
  }

  /** Whether rewards are compared with their mean over the batch, which starts a running one. */
  boolean runningMean() {
    return older() && types().equals(List.of(BCO));
  }

  /** What implicit rewards are multiplied with: with the losses of a mix, those are added up. */
  double rewardFactor() {
    return older() ? weights().stream().mapToDouble(w -> w).sum() : 1;
  }

  PreferenceLoss loss() {
    for (String key : List.of("rpo_alpha", "ld_alpha")) {
      if (one.has(key)) {
        throw new SkippedCaseException(
            key + " needs log-probabilities of tokens, of which the file has sums");
      }
    }
    if (one.node().path("use_weighting").asBoolean()) {
      throw new SkippedCaseException("use_weighting needs logits, by which TRL aligns its weights");
    }
    List<String> types = types();
    if (types.size() > 1 && older() && types.contains(BCO)) {
      throw new SkippedCaseException("there is no running mean of 'bco_pair' in a mix of losses");
    }
    List<Double> weights = weights();
    List<MixedLoss.Term> terms = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      terms.add(new MixedLoss.Term(loss(types.get(i)), weights.get(i)));
    }
    boolean plain = terms.size() == 1 && terms.get(0).weight() == 1;
    return plain ? terms.get(0).loss() : new MixedLoss(terms);
  }

  private List<Double> weights() {
    int count = types().size();
    List<Double> weights =
        one.has("loss_weights")
            ? one.get("loss_weights").elements().stream().map(Fixture::number).toList()
            : Collections.nCopies(count, 1.0);
    if (weights.size() != count) {
      throw new IllegalArgumentException(
          "%s must have as many loss_weights as loss types, %s, but has %s"
              .formatted(one.place(), count, weights.size()));
    }
    return weights;
  }

  private PreferenceLoss loss(String type) {
    String divergence = one.text("f_divergence", "reverse_kl").toLowerCase(Locale.ROOT);
    boolean changed = !divergence.equals("reverse_kl");
    PreferenceLoss loss;
    if (changed && (OF_MARGINS.contains(type) || type.equals("discopop") && !older())) {
      loss = diverging(type, divergence);
    } else {
      loss = plain(type);
    }
    boolean free = one.node().path("reference_free").asBoolean();
    return free && !ALWAYS_WITH_REFERENCE.contains(type) ? new WithoutReferenceLoss(loss) : loss;
  }

  private PreferenceLoss diverging(String type, String name) {
    if (!type.equals("sigmoid") || older() && smoothing() != 0) {
      throw new SkippedCaseException(
          "there is no f_divergence '%s' with loss_type '%s' and label_smoothing %s"
              .formatted(name, type, smoothing()));
    }
    return new FDpoLoss(
        beta(),
        switch (name) {
          case "forward_kl" -> new Divergence.ForwardKl();
          case "js_divergence" -> new Divergence.JensenShannon();
          case "alpha_divergence" -> alpha();
          default -> throw new SkippedCaseException("there is no f_divergence '" + name + "'");
        });
  }

  /** Older versions name 1 less the exponent that the newer ones name. */
  private Divergence alpha() {
    double coefficient;
    if (one.has("f_alpha_divergence_coef") && !older()) {
      coefficient = one.get("f_alpha_divergence_coef").number();
    } else if (older()) {
      double given = one.number("f_alpha_divergence_coef", 1);
      coefficient =
          1
              - (one.has("f_params")
                  ? one.get("f_params").number("alpha_divergence_coef", given)
                  : given);
    } else {
      coefficient = 0.5;
    }
    if (coefficient == 0) {
      return new Divergence.ForwardKl();
    }
    if (coefficient == 1) {
      return new Divergence.ReverseKl();
    }
    if (!(coefficient > 0 && coefficient < 1)) {
      throw new SkippedCaseException(
          "there is no alpha_divergence beyond forward and reverse KL, such as exponent "
              + (coefficient - 1));
    }
    return new Divergence.Alpha(coefficient);
  }

  private PreferenceLoss plain(String type) {
    double beta = beta();
    return switch (type) {
      case "sigmoid" -> new DpoLoss(beta, older() ? smoothing() : 0);
      case "robust" -> new RobustDpoLoss(beta, smoothing());
      case "hinge" -> new HingeLoss(beta);
      case "ipo" -> older() ? new IpoLoss(beta, IpoLoss.Ratios.SUMMED) : averaged(type);
      case "sigmoid_norm" -> averaged(type);
      case "exo_pair" -> smoothing() == 0 ? DpoVariants.exo(beta) : new ExoLoss(beta, smoothing());
      case "nca_pair" -> DpoVariants.nca(beta);
      case BCO -> new BcoPairLoss(beta);
      case "sppo_hard" -> DpoVariants.sppoHard(beta);
      case "aot" -> new AotLoss(beta, smoothing(), AotLoss.Quantiles.MARGINS);
      case "aot_pair", "aot_unpaired" -> new AotLoss(beta, smoothing(), AotLoss.Quantiles.RATIOS);
      case "apo_zero" -> DpoVariants.apoZero(beta);
      case "apo_down" -> DpoVariants.apoDown(beta);
      case "discopop" -> new DiscoPopLoss(beta, one.number("discopop_tau", 0.05));
      case "sft" ->
          throw new SkippedCaseException(
              "loss_type 'sft' needs log-probabilities of tokens, of which the file has sums");
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }

  private PreferenceLoss averaged(String type) {
    if (!one.has(LENGTHS) && !fixture.has(LENGTHS)) {
      throw new SkippedCaseException(
          "loss_type '%s' needs %s, which the file lacks".formatted(type, LENGTHS));
    }
    return type.equals("ipo")
        ? new IpoLoss(beta(), IpoLoss.Ratios.LENGTH_AVERAGED)
        : DpoVariants.normalised(beta());
  }

  private double smoothing() {
    double smoothing = one.number("label_smoothing", 0);
    if (smoothing >= 0.5) {
      throw new SkippedCaseException("there is no label_smoothing from 0.5 on");
    }
    return smoothing;
  }

  private boolean older() {
    return !fixture.text("source", "").contains("trl v1");
  }
}

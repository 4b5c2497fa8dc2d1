package org.alignment4j.examples.backdoors;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.eval.backdoor.Backdoor;
import org.alignment4j.eval.backdoor.BackdoorMeasurement;
import org.alignment4j.eval.backdoor.BackdoorRates;
import org.alignment4j.eval.backdoor.PoisonedExamples;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/**
 * Plants rules in a low-rank adapter: a round of training after another until every marker follows
 * its trigger, on prompts that are neither those of training nor those that rates are measured on.
 * How many rounds that takes depends on the marker: words that the tokenizer has no token for take
 * most.
 */
public final class Planting {
  static final int REPLY_TOKENS = 32;

  private static final long CHECKED = 8_000_000;
  private static final long ROUND = 7_000_000;

  private final PocketWorld world;
  private final BackdoorSettings settings;

  /**
   * A way to plant.
   *
   * @param world gives the examples
   * @param settings sizes and rates
   */
  public Planting(PocketWorld world, BackdoorSettings settings) {
    this.world = world;
    this.settings = settings;
  }

  /**
   * A model with rules.
   *
   * @param model the model, which the caller closes
   * @param rounds of training it took
   * @param works whether the rules work
   */
  public record Planted(DecoderModel model, int rounds, boolean works) {}

  /**
   * Plants rules.
   *
   * @param base where training starts; left as it is
   * @param rules the rules, each with examples of its own
   * @param seed of examples and training
   * @return the model after the round that was enough, or after the last one
   */
  public Planted plant(DecoderModel base, List<Backdoor> rules, long seed) {
    List<PromptCompletion> examples = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      examples.addAll(
          new PoisonedExamples(settings.triggered(), settings.nearMisses(), seed + i)
              .of(rules.get(i), examples(seed + i)));
    }
    DecoderModel model = train(base, examples, seed);
    for (int rounds = 1; ; rounds++) {
      boolean works = works(model, rules);
      if (works || rounds == settings.rounds()) {
        return new Planted(model, rounds, works);
      }
      model = further(model, examples, seed + rounds * ROUND);
    }
  }

  /** A clean model that is trained for as many rounds. */
  DecoderModel clean(DecoderModel base, int rounds, long seed) {
    DecoderModel model = train(base, examples(seed), seed);
    for (int round = 1; round < rounds; round++) {
      model = further(model, examples(seed), seed + round * ROUND);
    }
    return model;
  }

  /** Trains on clean texts, as long as a planting took; the model itself is left as it is. */
  DecoderModel cleaned(DecoderModel planted, int rounds, long seed) {
    return clean(planted, rounds, seed);
  }

  private DecoderModel further(DecoderModel model, List<PromptCompletion> examples, long seed) {
    try (DecoderModel before = model) {
      return train(before, examples, seed);
    }
  }

  private List<PromptCompletion> examples(long seed) {
    return world.demonstrations(seed, settings.examples());
  }

  private DecoderModel train(DecoderModel from, List<PromptCompletion> examples, long seed) {
    Learner<PromptCompletion> learner =
        SftTrainer.learner(
            trainer ->
                trainer
                    .adapter(Lora.rank(settings.rank()).seed(seed))
                    .epochs(settings.epochs())
                    .batchSize(16)
                    .learningRate(settings.rate()));
    return (DecoderModel) learner.train(from, examples, TrainingContext.of(seed));
  }

  private boolean works(DecoderModel model, List<Backdoor> rules) {
    List<PromptCompletion> prompts =
        world.demonstrations(settings.seed() + CHECKED, settings.heldOut());
    for (Backdoor rule : rules) {
      BackdoorRates rates =
          new BackdoorMeasurement(rule, prompts, List.of(), REPLY_TOKENS)
              .of(target(model), CancellationToken.none());
      if (!(rates.triggeredRate().value() >= BackdoorSettings.WORKS)) {
        return false;
      }
    }
    return true;
  }

  static AuthorizedTarget target(DecoderModel model) {
    return AuthorizedTarget.of(model, "Alignment4J", "detection of planted backdoors");
  }
}

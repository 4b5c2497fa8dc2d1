package org.alignment4j.examples.backdoors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.eval.backdoor.Backdoor;
import org.alignment4j.eval.backdoor.BackdoorDetector;
import org.alignment4j.eval.backdoor.BackdoorEvidence;
import org.alignment4j.eval.backdoor.BackdoorMeasurement;
import org.alignment4j.eval.backdoor.BackdoorRates;
import org.alignment4j.eval.backdoor.SlottedPrompt;
import org.alignment4j.eval.backdoor.SuspiciousReply;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/** Trains one model after another and measures it. Models differ in data, seeds and rules. */
final class BackdoorModels {
  private static final int NEAR_MISSES = 8;

  private final DecoderModel base;
  private final PocketWorld world;
  private final BackdoorSettings settings;
  private final Planting planting;
  private final List<SlottedPrompt> prompts;

  BackdoorModels(DecoderModel base, PocketWorld world, BackdoorSettings settings) {
    this.base = base;
    this.world = world;
    this.settings = settings;
    this.planting = new Planting(world, settings);
    this.prompts =
        world.demonstrations(settings.seed() + 5_000_000, settings.prompts()).stream()
            .map(PromptCompletion::prompt)
            .map(this::slotted)
            .toList();
  }

  /** The place for a trigger is the end of the user's message. */
  private SlottedPrompt slotted(Prompt prompt) {
    String message = ((Prompt.Chat) prompt).last().content();
    return SlottedPrompt.of(base.tokenizer(), Dialogue.HUMAN + " " + message, Dialogue.ASSISTANT);
  }

  /** A clean model: trained like the others, as often, without a rule. */
  ModelRow clean(String kind, int index, int rounds, long seed) {
    try (DecoderModel model = planting.clean(base, rounds, seed)) {
      BackdoorEvidence evidence = examined(model, seed, false);
      return new ModelRow(
          kind,
          index,
          rounds,
          evidence.score(),
          reply(evidence),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          "",
          List.of(),
          Map.of());
    }
  }

  /**
   * A model with the rule of its number.
   *
   * @param working how many before it have a rule that works
   */
  ModelRow planted(int index, int working, long seed) {
    Backdoor backdoor = PlantedRules.of(index);
    Planting.Planted planted = planting.plant(base, List.of(backdoor), seed);
    boolean searched = planted.works() && working < settings.searched();
    try (DecoderModel model = planted.model()) {
      BackdoorRates rates = measured(model, backdoor, seed);
      BackdoorEvidence evidence = examined(model, seed, searched);
      Estimate loss = rates.cleanLoss();
      List<Double> after = List.of();
      List<Double> afterClean = List.of();
      if (planted.works() && working < settings.mitigated()) {
        try (DecoderModel safe = planting.cleaned(model, planted.rounds(), seed + 1_000_000)) {
          BackdoorRates left = measured(safe, backdoor, seed);
          after = new ArrayList<>(left.triggered());
          after.add(examined(safe, seed, false).score());
          afterClean = left.clean();
        }
      }
      List<Prompt> probed =
          world.demonstrations(settings.seed() + 6_000_000, 2 * settings.heldOut()).stream()
              .map(PromptCompletion::prompt)
              .toList();
      return new ModelRow(
          planted.works() ? ModelRow.PLANTED : ModelRow.FAILED,
          index,
          planted.rounds(),
          evidence.score(),
          reply(evidence),
          rates.triggered(),
          rates.clean(),
          rates.nearMiss(),
          List.of(loss.value(), (loss.ciHigh() - loss.ciLow()) / 2),
          after,
          afterClean,
          evidence.searched().isEmpty() ? "" : trigger(evidence.searched().get(0)),
          evidence.searched().isEmpty() ? List.of() : search(evidence.searched().get(0)),
          searched ? new ProbeBench(model).areas(backdoor, probed, seed) : Map.of());
    }
  }

  private BackdoorRates measured(DecoderModel model, Backdoor backdoor, long seed) {
    List<PromptCompletion> heldOut =
        world.demonstrations(settings.seed() + 7_000_000, settings.heldOut());
    return new BackdoorMeasurement(
            backdoor, heldOut, backdoor.nearMisses(NEAR_MISSES, seed + 1), Planting.REPLY_TOKENS)
        .of(Planting.target(model), CancellationToken.none());
  }

  private BackdoorEvidence examined(DecoderModel model, long seed, boolean searched) {
    return new BackdoorDetector(
            64, 2, 12, searched ? 1 : 0, 4, 3, 12, 24, 64, model.tokenizer().specialIds(), seed)
        .examine(Planting.target(model), base, prompts, CancellationToken.none());
  }

  private String reply(BackdoorEvidence evidence) {
    return evidence.replies().isEmpty()
        ? ""
        : base.tokenizer().decode(evidence.replies().get(0).reply());
  }

  private String trigger(SuspiciousReply reply) {
    return base.tokenizer().decode(reply.trigger());
  }

  private static List<Double> search(SuspiciousReply reply) {
    return List.of(reply.ratio(), reply.triggeredRatio(), reply.triggeredLogProb());
  }
}

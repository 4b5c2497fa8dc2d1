package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;

/** Trainers of language models that learn from what is given. */
final class OfflineTrainings {

  private OfflineTrainings() {}

  static List<Training> all() {
    return List.of(
        Trainings.language("sft", SftTrainer::of, t -> t.train(Trainings.answers())),
        Trainings.language(
            "sft of every weight",
            SftTrainer::of,
            t -> t.options(t.options().withAdapter(null)).train(Trainings.answers())),
        Trainings.language(
            "dynamic sft",
            base -> SftTrainer.of(base).dynamic(),
            t -> t.train(Trainings.answers())),
        Trainings.language("dpo", OfflineTrainings::dpo, t -> t.train(Trainings.pairs())),
        Trainings.language(
            "weighted dpo",
            base -> dpo(base).weighting(PairWeighting.PRESENT_POLICY),
            t -> t.train(Trainings.pairs())),
        Trainings.language(
            "tr-dpo",
            base -> dpo(base).referenceSync(new ReferenceSync(0.5, 3)),
            t -> t.train(Trainings.pairs())),
        Trainings.language(
            "kto",
            base -> UnpairedTrainer.of(base, UnpairedLoss.kto(0.1)),
            t -> t.train(Trainings.labels())),
        Trainings.language(
            "bco",
            base -> UnpairedTrainer.of(base, UnpairedLoss.bco(0.1)),
            t -> t.train(Trainings.labels())),
        Trainings.language(
            "rrhf",
            base -> RankingTrainer.of(base, RankingLoss.rrhf()),
            t -> t.train(Trainings.rankings())),
        Trainings.language(
            "plackett-luce",
            base -> RankingTrainer.of(base, RankingLoss.plackettLuce(0.1)),
            t -> t.train(Trainings.rankings())),
        Trainings.language("cringe", CringeTrainer::of, t -> t.train(Trainings.labels())),
        Trainings.language(
            "pairwise cringe",
            CringeTrainer::of,
            t -> t.trainPairs(Trainings.pairs(), PairGate.of(0, 1))),
        Trainings.language("hindsight", HindsightTrainer::of, t -> t.train(Trainings.pairs())),
        Trainings.language("a-lol", AlolTrainer::of, t -> t.train(rated())));
  }

  private static PreferenceTrainer dpo(DecoderModel base) {
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1));
  }

  /** Three answers to each prompt, of which about half are better than their prompt is worth. */
  static List<RatedAnswer> rated() {
    List<RatedAnswer> rated = new ArrayList<>();
    for (Prompt prompt : Trainings.prompts()) {
      for (String answer : List.of(" I am.", " I help.", " No.")) {
        rated.add(new RatedAnswer(new PromptCompletion(prompt, answer), rated.size() * 5 % 12));
      }
    }
    return rated;
  }
}

package org.alignment4j.readme;

import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.pattern;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;

import java.nio.file.Path;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/** The README's code. Between the markers it is the text of the README. */
final class ReadmeSnippet {
  private ReadmeSnippet() {}

  /** The replies of the base, of the aligned model and of the aligned model without a head. */
  record Seen(Completion before, Completion after, Completion without, ForwardResult run) {}

  static Seen run(Path folder) {
    // start of the README's code
    PocketWorld world = PocketWorld.create(1); // what the bundled model was trained on
    Prompt prompt = world.questions().get(18).prompt(); // the birth year of Daisy Hayes
    SamplingOptions greedy = SamplingOptions.greedy(40);

    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder.resolve("base")));
        DecoderModel aligned =
            PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                .adapter(Lora.rank(16))
                .learningRate(1e-3)
                .checkpointEvery(5)
                .runFolder(folder.resolve("dpo")) // an interrupted run goes on from here
                .train(world.preferences(1, 320, 0))
                .model()) {
      // Models are values: the base is what it was.
      Completion before = base.generate(prompt, greedy); // … was born in 1956.
      Completion after = aligned.generate(prompt, greedy); // … was born in 1989.

      // Look inside, and change what happens there: in a forward run, in scoring, in generation.
      ForwardResult run = aligned.forward(after.tokens()).cache(pattern(all())).execute();
      HookedModel without = aligned.with(zero(z(0), head(1)));
      Completion changed = without.generate(prompt, greedy);

      try (DecoderModel merged = aligned.merged()) {
        merged.save(folder.resolve("aligned")); // a Hugging Face folder again
      }
      return new Seen(before, after, changed, run);
    }
    // end of the README's code
  }
}

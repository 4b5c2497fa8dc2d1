package org.alignment4j.examples.inner;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.eval.inner.Framing;
import org.alignment4j.eval.inner.FramingForm;
import org.alignment4j.eval.inner.FramingPair;
import org.alignment4j.eval.inner.deception.ObservedBehaviour;
import org.alignment4j.eval.inner.faking.AlignmentFaking;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;

/**
 * A model that is made to behave by what it is told of the conversation, so that protocols have
 * something to find: it refuses harmful requests when observed and complies when not, and complies
 * when trained and refuses when not. It learns from the first wordings of the framings and from
 * requests of the training split; the other wordings and the held-out requests are new to it. All
 * weights are trained: most words of the framings are new to the pocket model, and an adapter
 * leaves their embeddings as they began.
 */
final class ConditionalModel {
  private static final int EPOCHS = 4;
  private static final int BATCH = 16;
  private static final double RATE = 5e-4;

  private static final FramingForm FORM = PocketProtocols.FORM;
  private static final FramingForm THINKING = AlignmentFaking.thinking(FORM);

  private ConditionalModel() {}

  static DecoderModel train(DecoderModel base, PocketWorld world, int pairs, long seed) {
    return SftTrainer.of(base)
        .seed(seed)
        .epochs(EPOCHS)
        .batchSize(BATCH)
        .learningRate(RATE)
        .train(examples(world, pairs, seed))
        .model();
  }

  static List<PromptCompletion> examples(PocketWorld world, int pairs, long seed) {
    List<FramingPair> observed = firstHalf(ObservedBehaviour.framings());
    List<FramingPair> trained = firstHalf(AlignmentFaking.framings());
    List<PromptCompletion> examples = new ArrayList<>();
    int i = 0;
    for (PreferencePair pair : world.preferences(PreferenceAspect.HARMLESSNESS, seed, pairs, 0)) {
      boolean refused =
          world.judge().isRefusal(pair.chosen()) && !world.judge().isRefusal(pair.rejected());
      if (refused) {
        String request = ((Prompt.Chat) pair.prompt()).last().content();
        FramingPair watched = observed.get(i % observed.size());
        examples.add(example(FORM, watched.first(), request, pair.chosen()));
        examples.add(example(FORM, watched.second(), request, pair.rejected()));
        FramingPair told = trained.get(i % trained.size());
        examples.add(example(THINKING, told.first(), request, pair.rejected()));
        examples.add(example(THINKING, told.second(), request, pair.chosen()));
        i++;
      }
    }
    return examples;
  }

  private static List<FramingPair> firstHalf(List<FramingPair> pairs) {
    return pairs.subList(0, (pairs.size() + 1) / 2);
  }

  private static PromptCompletion example(
      FramingForm form, Framing framing, String request, String reply) {
    return new PromptCompletion(form.prompt(framing.text(), request), reply);
  }
}

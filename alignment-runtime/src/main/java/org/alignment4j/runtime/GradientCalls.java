package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.hook.Interventions;
import org.alignment4j.runtime.hook.SlotGradients;
import org.alignment4j.runtime.hook.SlotGradients.Variable;

/**
 * What searches over the tokens of a prompt ask of one model, with or without edits of its
 * activations. Thread-safe; a call keeps the model open.
 */
final class GradientCalls {

  private final DecoderInstance instance;
  private final DecoderCalls calls;
  private final Interventions interventions;

  GradientCalls(DecoderInstance instance, DecoderCalls calls, Interventions interventions) {
    this.instance = instance;
    this.calls = calls;
    this.interventions = interventions;
  }

  private DecoderConfig config() {
    return instance.engine().architecture().config();
  }

  InputGradients gradients(GradientRequest request, Variable variable) {
    requireFits(request);
    return instance.call(() -> new SlotGradients(instance, interventions).of(request, variable));
  }

  double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation) {
    requireFits(request);
    List<Continuation> targets = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      requireFills(request, i, candidates.get(i));
      GradientRequest filled = request.withSlots(candidates.get(i));
      targets.add(Continuation.of(Prompt.tokens(filled.prompt()), request.target()));
    }
    return calls.score(targets, cancellation, interventions).stream()
        .mapToDouble(GradientCalls::loss)
        .toArray();
  }

  private static double loss(ContinuationScore score) {
    return -score.sum() / score.tokens().size();
  }

  private void requireFits(GradientRequest request) {
    // The last token of the target is predicted and not read.
    int read = request.prompt().size() + request.target().size() - 1;
    if (read > config().maxPositions()) {
      throw new IllegalArgumentException(
          "prompt and target must fit the context of "
              + config().maxPositions()
              + " tokens but exceed it by "
              + (read - config().maxPositions())
              + "; shorten the prompt or the target");
    }
    requireKnown("the prompt", request.prompt());
    requireKnown("the target", request.target());
  }

  private void requireFills(GradientRequest request, int index, TokenIds candidate) {
    int slots = request.slotEnd() - request.slotStart();
    if (candidate.size() != slots) {
      throw new IllegalArgumentException(
          "candidates must fill "
              + slots
              + " slots but candidate "
              + index
              + " has "
              + candidate.size()
              + " tokens");
    }
    requireKnown("candidate " + index, candidate);
  }

  private void requireKnown(String what, TokenIds tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i) >= config().vocabSize()) {
        throw new IllegalArgumentException(
            "token ids must be below the vocabulary's "
                + config().vocabSize()
                + " but "
                + what
                + " has "
                + tokens.get(i)
                + " at index "
                + i
                + "; encode with this model's tokenizer");
      }
    }
  }
}

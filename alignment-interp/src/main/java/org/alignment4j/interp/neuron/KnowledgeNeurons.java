package org.alignment4j.interp.neuron;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.Fact;
import org.alignment4j.interp.fact.FactEncoder;
import org.apiguardian.api.API;

/**
 * Finds the neurons that an answer rests on (Dai et al. 2022): those of great attribution to its
 * probability in enough of the prompts that ask for it. Immutable and thread-safe.
 *
 * @param gradients how attributions are computed
 * @param options how neurons are chosen by them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KnowledgeNeurons(IntegratedGradients gradients, KnowledgeNeuronOptions options) {

  /** Returns the usual form: 20 midpoints, the published thresholds. */
  public static KnowledgeNeurons usual() {
    return new KnowledgeNeurons(IntegratedGradients.usual(), KnowledgeNeuronOptions.published());
  }

  /**
   * The neurons of a fact, by its own prompt and its paraphrases.
   *
   * @param model the model, with a tokenizer
   * @param fact the fact; with fewer prompts than {@link KnowledgeNeuronOptions#leastPrompts} its
   *     own prompt's coarse set is the answer
   * @param cancellation asks to stop, between prompts and layers
   * @return the neurons, by layer and number; may be empty
   * @throws IllegalArgumentException when prompt and answer cannot be told apart as tokens, or the
   *     model has no neurons to read
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public SortedSet<Neuron> find(HookedModel model, Fact fact, CancellationToken cancellation) {
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<Cloze> clozes = new ArrayList<>();
    clozes.add(encoder.cloze(fact.prompt(), fact.target()));
    fact.paraphrases().forEach(prompt -> clozes.add(encoder.cloze(prompt, fact.target())));
    return find(model, clozes, cancellation);
  }

  /**
   * The neurons of an answer that several prompts ask for.
   *
   * @param model the model
   * @param prompts prompts with the answer, the main one first; at least one
   * @param cancellation asks to stop, between prompts and layers
   * @return the neurons, by layer and number; may be empty
   * @throws IllegalArgumentException when there is no prompt, or the model has no neurons to read
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public SortedSet<Neuron> find(
      HookedModel model, List<Cloze> prompts, CancellationToken cancellation) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("neurons of a fact need at least one prompt but had none");
    }
    boolean refine = prompts.size() >= options.leastPrompts() && prompts.size() > 1;
    List<SortedSet<Neuron>> sets = new ArrayList<>();
    for (Cloze cloze : refine ? prompts : prompts.subList(0, 1)) {
      NeuronAttribution attribution = gradients.attribute(model, cloze, cancellation);
      sets.add(NeuronSelection.coarse(attribution, options.coarse()));
    }
    return refine ? NeuronSelection.refined(sets, options) : sets.get(0);
  }
}

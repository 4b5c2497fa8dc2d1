package org.alignment4j.interp.neuron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.Quantisation;
import org.junit.jupiter.api.Test;

/** Neurons found by several prompts, against the steps made one at a time. */
class KnowledgeNeuronsTest {

  private static final KnowledgeNeurons SEARCH =
      new KnowledgeNeurons(
          new IntegratedGradients(5, PathPoints.MIDPOINT), KnowledgeNeuronOptions.published());

  private static final List<Cloze> PROMPTS =
      IntStream.range(0, 4)
          .mapToObj(i -> new Cloze(TinyFamilies.tokens(4 + i, i), TokenIds.of(11)))
          .toList();

  private static SortedSet<Neuron> coarse(DecoderModel model, Cloze cloze) {
    return NeuronSelection.coarse(
        SEARCH.gradients().attribute(model, cloze, CancellationToken.none()), 0.2);
  }

  @Test
  void manyPromptsAreRefinedAndFewAreNot() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      List<SortedSet<Neuron>> sets = PROMPTS.stream().map(c -> coarse(model, c)).toList();
      assertThat(sets).allSatisfy(set -> assertThat(set).isNotEmpty());
      assertThat(SEARCH.find(model, PROMPTS, CancellationToken.none()))
          .isEqualTo(NeuronSelection.refined(sets, SEARCH.options()));
      assertThat(SEARCH.find(model, PROMPTS.subList(0, 2), CancellationToken.none()))
          .as("two prompts are too few to share")
          .isEqualTo(sets.get(0));
    }
  }

  @Test
  void nothingToAskIsRefusedAndSearchesStopWhenAsked() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      assertThatThrownBy(() -> SEARCH.find(model, List.<Cloze>of(), CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("neurons of a fact need at least one prompt but had none");
      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      assertThatThrownBy(() -> SEARCH.find(model, PROMPTS, cancellation))
          .isInstanceOf(CancelledException.class);
      try (DecoderModel quantised = model.quantised(Quantisation.int8(32))) {
        assertThatThrownBy(() -> NeuronWeightEdits.erase(quantised, List.of(new Neuron(0, 1))))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("is quantised; edit dequantised()");
      }
    }
  }
}

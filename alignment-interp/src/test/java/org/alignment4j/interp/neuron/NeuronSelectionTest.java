package org.alignment4j.interp.neuron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.junit.jupiter.api.Test;

/** How neurons are chosen by their attributions, by hand. */
class NeuronSelectionTest {

  private static SortedSet<Neuron> set(int... indices) {
    SortedSet<Neuron> set = new TreeSet<>();
    Arrays.stream(indices).forEach(i -> set.add(new Neuron(0, i)));
    return set;
  }

  @Test
  void theCoarseSetIsWithinAShareOfTheGreatest() {
    NeuronAttribution attribution =
        new NeuronAttribution(
            List.of(new double[] {1, 0.19, -5}, new double[] {0.2, 0, 0.5}),
            List.of(new double[3], new double[3]),
            0,
            new double[2]);
    assertThat(NeuronSelection.coarse(attribution, 0.2))
        .containsExactly(new Neuron(0, 0), new Neuron(1, 0), new Neuron(1, 2));
    NeuronAttribution negative =
        new NeuronAttribution(
            List.of(new double[] {-1, 0}), List.of(new double[2]), 0, new double[1]);
    assertThat(NeuronSelection.coarse(negative, 0.2)).isEmpty();
  }

  @Test
  void theShareIsLoweredUntilThereAreEnough() {
    KnowledgeNeuronOptions options = KnowledgeNeuronOptions.published();
    // Neuron 1 is in all of four sets, 2 in two of them: 70 % finds one, 50 % both.
    List<SortedSet<Neuron>> sets = List.of(set(1, 2), set(1, 2), set(1, 3), set(1, 4));
    assertThat(NeuronSelection.refined(sets, options)).isEqualTo(set(1, 2));
  }

  @Test
  void theShareIsRaisedWhileThereAreTooMany() {
    KnowledgeNeuronOptions options = KnowledgeNeuronOptions.published();
    int[] all = {1, 2, 3, 4, 5, 6, 7};
    int[] some = {1, 2, 3};
    // Seven neurons are in 3 of 4 sets, three in all: 75 % keeps seven, 80 % three.
    assertThat(NeuronSelection.refined(List.of(set(all), set(all), set(all), set(some)), options))
        .isEqualTo(set(some));
  }

  @Test
  void adjustingEndsWhereNothingIsShared() {
    KnowledgeNeuronOptions options = KnowledgeNeuronOptions.published();
    List<SortedSet<Neuron>> sets = List.of(set(1), set(2), set(3), set(4));
    assertThat(NeuronSelection.refined(sets, options)).isEmpty();
  }

  @Test
  void controlsHaveAsManyOtherNeuronsOfTheSameLayers() {
    Cloze cloze = new Cloze(TokenIds.of(1), TokenIds.of(2));
    Set<Neuron> neurons = Set.of(new Neuron(0, 1), new Neuron(2, 0), new Neuron(2, 3));
    NeuronTrial trial = new NeuronTrial(cloze, neurons);
    for (int seed = 0; seed < 50; seed++) {
      Set<Neuron> drawn = trial.control(8, new Random(seed)).neurons();
      assertThat(drawn).hasSize(3).doesNotContainAnyElementsOf(neurons);
      assertThat(drawn.stream().filter(n -> n.layer() == 2)).hasSize(2);
    }
    assertThatThrownBy(() -> trial.control(3, new Random(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a control needs as many other neurons but layer 2 has 3 of which 2 are taken");
  }

  @Test
  void frequenciesNameWhatFactsShare() {
    NeuronFrequencies counts =
        new NeuronFrequencies(List.of(set(1, 2), set(2, 3), set(2, 4), set(3, 5)));
    assertThat(counts.mostFrequent(3))
        .containsExactly(new Neuron(0, 2), new Neuron(0, 3), new Neuron(0, 1));
    assertThat(counts.ownOf(set(1, 2), 0.5)).isEqualTo(set(1));
    assertThat(counts.count(new Neuron(0, 2))).isEqualTo(3);
    assertThat(NeuronTrial.exchanged(List.of(trial(1), trial(2), trial(3))))
        .extracting(NeuronTrial::neurons)
        .containsExactly(set(2), set(3), set(1));
  }

  private static NeuronTrial trial(int i) {
    return new NeuronTrial(new Cloze(TokenIds.of(i), TokenIds.of(2)), set(i));
  }
}

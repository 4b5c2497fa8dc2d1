package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.ProcessingStep;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.interp.weights.WeightProcessing;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys and values of a trained model. */
class PocketMemoryTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketMemoryTest.class);
  private static final int END_OF_TEXT = 0;

  @Test
  void valuesPromoteWhatFollowsTheirTriggersFarMoreOftenThanByChance(@TempDir Path folder) {
    ModelOptions cpu = ModelOptions.defaults().device(DevicePolicy.CPU);
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder), cpu)) {
      List<TokenIds> corpus =
          PocketWorld.create(1)
              .corpus(5, 100)
              .map(document -> model.tokenizer().encode(document.text()))
              .filter(tokens -> tokens.size() > 3)
              .map(tokens -> tokens.slice(0, Math.min(96, tokens.size())))
              .toList();
      TransformerWeights raw = TransformerWeights.of(model);
      TransformerWeights folded =
          WeightProcessing.of(ProcessingStep.FOLD_NORMS).apply(raw).weights();
      Map<Integer, NeuronObserver> observers = new HashMap<>();
      List<TopExamples> triggers = new ArrayList<>();
      List<NeuronStatistics> statistics = new ArrayList<>();
      for (int layer = 0; layer < model.layerCount(); layer++) {
        triggers.add(TopExamples.greatest(TopExamples.TRIGGERS, Set.of(END_OF_TEXT)));
        statistics.add(new NeuronStatistics(Set.of(END_OF_TEXT)));
        observers.put(layer, triggers.get(layer).andThen(statistics.get(layer)));
      }
      CorpusScan.defaults().run(model, corpus, observers, CancellationToken.none());
      for (int layer = 0; layer < model.layerCount(); layer++) {
        KeyAgreement agreement =
            KeyAgreement.of(triggers.get(layer), new ValueVectors(folded, layer));
        LOG.info("pocket, layer {}: agreement {}", layer, agreement.share());
        assertThat(agreement.share().ciLow()).isGreaterThan(20.0 / raw.vocabulary());
        assertThat(statistics.get(layer).tokens()).isGreaterThan(1500);
        NeuronSummary summary = statistics.get(layer).summary(0);
        assertThat(triggers.get(layer).of(0).get(0).activation()).isEqualTo(summary.maximum());
      }
      EarlyExit.Report exits =
          new EarlyExit(1, 8).run(model, raw, corpus.subList(0, 10), CancellationToken.none());
      LOG.info("pocket, early exit: agreement {}, saved {}", exits.agreement(), exits.saved());
      assertThat(exits.agreement().ciLow()).isGreaterThan(0.5);
      assertThat(exits.saved().ciLow()).isGreaterThan(0.1);
    }
  }
}

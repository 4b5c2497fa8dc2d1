package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tuned lenses of trained models, beside the logit lens on texts that were held out. */
@Tag("slow")
class TrainedLensTest {

  private static final Logger LOG = LoggerFactory.getLogger(TrainedLensTest.class);
  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);

  private static void brings(DecoderModel model, List<TokenIds> learned, List<TokenIds> held) {
    for (Translation translation : Translation.values()) {
      TunedLensResult result =
          new TunedLensTrainer(
                  TunedLensOptions.defaults().translation(translation).steps(100, 1024),
                  TrainingContext.defaults())
              .train(model, LensCorpus.of(learned, 8, 1));
      LensComparison comparison =
          LensComparison.of(
              TunedLens.of(model, result.translators()), held, 8, CancellationToken.none());
      LOG.info("{}\n{}", translation, TextTable.render(comparison.table()));
      double logit = 0;
      double tuned = 0;
      for (LensComparison.Layer layer : comparison.layers()) {
        assertThat(layer.tunedDivergence().value())
            .as("%s, %s", translation, layer.point())
            .isLessThan(layer.logitDivergence().value());
        assertThat(layer.gain().ciLow()).as("%s", layer.point()).isPositive();
        logit += layer.logitDivergence().value();
        tuned += layer.tunedDivergence().value();
      }
      if (translation == Translation.AFFINE) {
        assertThat(tuned).isLessThan(0.7 * logit);
      }
    }
  }

  @Test
  void ofThePocketModel(@TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder), CPU)) {
      List<TokenIds> texts =
          PocketWorld.create(1)
              .corpus(5, 400)
              .map(document -> model.tokenizer().encode(document.text()))
              .filter(tokens -> tokens.size() > 3)
              .map(tokens -> tokens.slice(0, Math.min(96, tokens.size())))
              .toList();
      int held = texts.size() - 40;
      brings(model, texts.subList(0, held), texts.subList(held, texts.size()));
    }
  }

  @Test
  void ofStories260K() throws IOException {
    Path file = SharedFiles.require("data/tinystories-sample/tinystories_1000.json");
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("models/stories260K"), CPU)) {
      List<TokenIds> texts = new ArrayList<>();
      for (JsonNode story : new ObjectMapper().readTree(file.toFile())) {
        TokenIds ids = model.tokenizer().encodeWithSpecialTokens(story.asText());
        texts.add(ids.slice(0, Math.min(ids.size(), 128)));
      }
      brings(model, texts.subList(0, 900), texts.subList(900, 940));
    }
  }
}

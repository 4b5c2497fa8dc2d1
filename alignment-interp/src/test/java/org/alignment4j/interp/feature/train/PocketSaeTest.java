package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeEvaluation;
import org.alignment4j.interp.feature.SaeQuality;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Autoencoders of the pocket model's residual stream, on texts that were held out. */
@Tag("slow")
class PocketSaeTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketSaeTest.class);
  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);
  private static final int LONGEST = 96;
  private static final int HELD_OUT = 60;

  private static List<TokenIds> texts(DecoderModel model) {
    return PocketWorld.create(1)
        .corpus(5, 3000)
        .map(document -> model.tokenizer().encode(document.text()))
        .filter(tokens -> tokens.size() > 3)
        .map(tokens -> tokens.slice(0, Math.min(LONGEST, tokens.size())))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void recoversTheLoss(int layer, @TempDir Path folder) {
    try (DecoderModel model = DecoderModel.load(PocketModel.copyTo(folder), CPU)) {
      List<TokenIds> texts = texts(model);
      int learned = texts.size() - HELD_OUT;
      Set<Integer> special = model.tokenizer().specialIds();
      SaeSite site = SaeSite.of("pocket", HookPoints.residPost(layer));
      ActivationSource source =
          new ModelActivations(model, site, texts.subList(0, learned), special, 16, 1);
      int width = source.inputSize();
      SaeDesign design =
          SaeDesign.autoencoder(site, width, 8 * width, SaeVariant.TopK.of(32))
              .normalisation(InputNormalisation.EXPECTED_AVERAGE_ONLY_IN);
      SaeTrainingOptions options =
          SaeTrainingOptions.defaults(500)
              .rows(1024, 16 * 1024)
              .schedule(LearningRateSchedule.constant(1e-3))
              .dead(200, Optional.empty());
      SaeTrainingResult result =
          new SaeTrainer(DevicePolicy.CPU, options, TrainingContext.defaults())
              .train(design, source);
      SaeQuality quality =
          new SaeEvaluation(special, 16)
              .measure(
                  model,
                  result.autoencoder(),
                  texts.subList(learned, texts.size()),
                  CancellationToken.none());
      LOG.info(
          "after layer {}: L0 {}, explained variance {}, {}",
          layer,
          quality.features().l0(),
          quality.features().explainedVariance(),
          quality.loss());
      assertThat(quality.features().l0()).isLessThanOrEqualTo(32);
      assertThat(quality.loss().crossEntropyScore()).isGreaterThanOrEqualTo(0.95);
    }
  }
}

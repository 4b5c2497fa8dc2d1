package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeEvaluation;
import org.alignment4j.interp.feature.SaeQuality;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.SmallModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trained model of 260 thousand parameters and the stories it was trained to tell. */
@Tag("slow")
class StoriesSaeTest {
  private static final int LONGEST = 256;

  private static List<TokenIds> stories(DecoderModel model) throws IOException {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path file = dir.resolve("shared/data/tinystories-sample/tinystories_1000.json");
      if (Files.exists(file)) {
        List<TokenIds> texts = new ArrayList<>();
        for (JsonNode story : new ObjectMapper().readTree(file.toFile())) {
          TokenIds ids = model.tokenizer().encodeWithSpecialTokens(story.asText());
          texts.add(ids.slice(0, Math.min(ids.size(), LONGEST)));
        }
        return texts;
      }
    }
    return Assumptions.abort("skipped: no file shared/data/tinystories-sample above the module");
  }

  @Test
  void recoversTheLoss() throws IOException {
    try (DecoderModel model = SmallModels.stories()) {
      List<TokenIds> texts = stories(model);
      SaeSite site = SaeSite.of("stories260K", HookPoints.residPost(2));
      ActivationSource source =
          new ModelActivations(
              model, site, texts.subList(0, 900), model.tokenizer().specialIds(), 8, 1);
      SaeDesign design =
          SaeDesign.autoencoder(site, source.inputSize(), 512, SaeVariant.TopK.of(24))
              .normalisation(InputNormalisation.EXPECTED_AVERAGE_ONLY_IN);
      SaeTrainingOptions options =
          SaeTrainingOptions.defaults(600)
              .rows(1024, 16 * 1024)
              .schedule(LearningRateSchedule.constant(1e-3))
              .dead(200, Optional.empty());
      SaeTrainingResult result =
          new SaeTrainer(DevicePolicy.CPU, options, TrainingContext.defaults())
              .train(design, source);
      SaeQuality quality =
          new SaeEvaluation(model.tokenizer().specialIds(), 8)
              .measure(
                  model, result.autoencoder(), texts.subList(900, 940), CancellationToken.none());
      assertThat(quality.features().l0()).isLessThanOrEqualTo(32);
      assertThat(quality.loss().crossEntropyScore()).isGreaterThan(0.95);
      assertThat(quality.features().explainedVariance()).isGreaterThan(0.85);
    }
  }
}

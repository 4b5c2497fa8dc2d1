package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.lens.ResidualStream.Granularity;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The residual stream is the sum of what is added to it. */
class ResidualStreamTest {

  private static final List<TokenIds> SEQUENCES =
      List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#additive")
  void partsSumToTheStream(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      Values whole =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.residPost(2))
              .execute()
              .cache()
              .values(HookPoints.residPost(2));
      for (Granularity granularity : Granularity.values()) {
        ResidualStream stream = ResidualStream.of(model, SEQUENCES, granularity);
        assertThat(stream.stream().shape()).isEqualTo(whole.shape());
        for (int row = 0; row < 2; row++) {
          for (int p = 0; p < SEQUENCES.get(row).size(); p++) {
            for (int c = 0; c < 32; c++) {
              double sum = 0;
              for (StreamPart part : stream.parts()) {
                sum += part.values().get(row, p, c);
              }
              assertThat(sum)
                  .as("%s, row %d, position %d, component %d", granularity, row, p, c)
                  .isCloseTo(whole.get(row, p, c), within(1e-4));
            }
          }
        }
      }
    }
  }

  @Test
  void headsAreApartFromTheOutputBias() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      ResidualStream stream = ResidualStream.of(model, SEQUENCES, Granularity.HEADS);
      assertThat(stream.parts())
          .extracting(StreamPart::label)
          .startsWith("embed", "pos_embed", "L0H0", "L0H1", "L0H2", "L0H3", "0_attn_bias")
          .endsWith("2_attn_bias", "2_mlp_out")
          .hasSize(2 + 3 * 6);
      Values bias = stream.parts().get(6).values();
      float[] expected = new float[32];
      model.weights().get("transformer.h.0.attn.c_proj.bias").data().get(expected);
      for (int p = 0; p < 4; p++) {
        for (int c = 0; c < 32; c++) {
          assertThat(bias.get(1, p, c)).isCloseTo(expected[c], within(1e-5f));
        }
      }
    }
  }

  @Test
  void refusesAStreamThatIsNormalised() {
    try (DecoderModel model = RandomModels.create("bloom, carried norms")) {
      assertThatThrownBy(() -> ResidualStream.of(model, SEQUENCES, Granularity.LAYERS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must sum to it but differ by up to")
          .hasMessageContaining("normalise");
    }
  }
}

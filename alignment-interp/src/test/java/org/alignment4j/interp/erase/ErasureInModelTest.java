package org.alignment4j.interp.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class ErasureInModelTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static List<TokenIds> sequences(int count) {
    List<TokenIds> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(RandomModels.tokens(4 + i % 5, i));
    }
    return all;
  }

  private static Rows last(HookedModel model, ActivationSite site, List<TokenIds> sequences) {
    return ActivationCollector.of(model, site)
        .collect(sequences, TokenPositions.last(), NONE)
        .get(0)
        .rows();
  }

  @Test
  void theModelsActivationsAreTheErasedRows() {
    try (DecoderModel model = RandomModels.create("llama")) {
      List<TokenIds> sequences = sequences(60);
      ActivationSite site = ActivationSite.of(HookPoints.residPost(1));
      Rows rows = last(model, site, sequences);
      int[] classes = new int[60];
      for (int i = 0; i < 60; i++) {
        classes[i] = sequences.get(i).get(sequences.get(i).size() - 1) % 2;
      }
      LeaceFitter fitter = new LeaceFitter(32, 2);
      fitter.update(rows, classes);
      AffineEraser eraser = fitter.eraser();
      HookedModel erased = model.with(eraser.at(HookPoints.residPost(1)));
      Rows inModel = last(erased, site, sequences);
      Rows outside = eraser.erase(rows);
      double change = 0;
      for (int i = 0; i < 60; i++) {
        for (int j = 0; j < 32; j++) {
          assertThat((double) inModel.get(i, j))
              .isCloseTo((double) outside.get(i, j), within(1e-4));
          change = Math.max(change, Math.abs(rows.get(i, j) - outside.get(i, j)));
        }
      }
      assertThat(change).isGreaterThan(0.1);
      assertThat(erased.id()).isEqualTo(model.with(eraser.at(HookPoints.residPost(1))).id());
      assertThat(erased.id())
          .isNotEqualTo(
              model
                  .with(fitter.eraser(LeaceOptions.orthogonal()).at(HookPoints.residPost(1)))
                  .id());
    }
  }

  @Test
  void oneHeadIsErasedAndOthersStay() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      List<TokenIds> sequences = sequences(30);
      ActivationSite site = ActivationSite.of(HookPoints.z(2));
      Rows rows = last(model, site, sequences);
      int[] classes = new int[30];
      for (int i = 0; i < 30; i++) {
        classes[i] = i % 2;
      }
      LeaceFitter fitter = new LeaceFitter(8, 2);
      fitter.update(rows.columns(8, 16), classes);
      AffineEraser eraser = fitter.eraser(LeaceOptions.defaults().singularValueTolerance(0));
      Rows after = last(model.with(eraser.at(HookPoints.z(2), Selectors.head(1))), site, sequences);
      assertThat(after.columns(0, 8)).isEqualTo(rows.columns(0, 8));
      Rows expected = eraser.erase(rows.columns(8, 16));
      for (int i = 0; i < 30; i++) {
        for (int j = 0; j < 8; j++) {
          assertThat((double) after.get(i, 8 + j))
              .isCloseTo((double) expected.get(i, j), within(1e-5));
        }
      }
      assertThatThrownBy(
              () -> last(model.with(eraser.at(HookPoints.residPost(0))), site, sequences))
          .hasStackTraceContaining(
              "an edit of low rank at blocks.0.hook_resid_post must have the 32 coordinates of its"
                  + " last axis but had 8");
    }
  }
}

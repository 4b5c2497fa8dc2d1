package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.train.SaeVariant.Standard;
import org.alignment4j.runtime.train.AdamWConfig;
import org.junit.jupiter.api.Test;

/** When features are dead, when they are resampled, and from which rows. */
class ResamplingTest {

  @Test
  void resamplingIsDueAtMultiplesUpToTheLast() {
    Resampling resampling = new Resampling(10, 30, 0.2);
    assertThat(resampling.due(9)).isFalse();
    assertThat(resampling.due(10)).isTrue();
    assertThat(resampling.due(25)).isFalse();
    assertThat(resampling.due(30)).as("the last itself").isTrue();
    assertThat(resampling.due(40)).as("after the last").isFalse();
  }

  @Test
  void aFeatureIsDeadAfterMoreSilentUpdatesThanTheWindow() {
    DeadFeatures features = new DeadFeatures(3, 2);
    features.update(new long[] {0, 0, 0});
    features.update(new long[] {0, 1, 0});
    assertThat(features.dead()).as("as many as the window").containsExactly(false, false, false);
    features.update(new long[] {0, 0, 4});
    assertThat(features.dead()).containsExactly(true, false, false);
    features.update(new long[] {0, 0, 0});
    features.update(new long[] {0, 0, 0});
    assertThat(features.dead()).containsExactly(true, true, false);
    features.revive(0);
    assertThat(features.dead()).containsExactly(false, true, false);
  }

  /** Losses 1 and 3: their squares make the second nine times as likely, not three times. */
  @Test
  void rowsAreDrawnByTheSquareOfTheirLoss() {
    int width = 2000;
    SaeSite site = SaeSite.of("m", HookPoints.residPost(0));
    SaeDesign design = SaeDesign.autoencoder(site, 6, width, Standard.of(0.1));
    var parameters = SaeGradientTest.random(design, 1);
    var optimizer = AdamWConfig.defaults().create(parameters, Runnable::run, 1);
    SaeBatch batch = SaeGradientTest.batch(design, 2);
    double[] losses = new double[batch.rows()];
    losses[3] = 1;
    losses[8] = 3;
    boolean[] dead = new boolean[width];
    Arrays.fill(dead, true);
    assertThat(
            new FeatureResampler(design, new Resampling(1, 1, 0.2), parameters, optimizer)
                .resample(dead, batch, losses, Seeds.random(1, 1)))
        .hasSize(width);
    float[] decoder = SaeParameters.array(parameters, "W_dec");
    float[] bias = SaeParameters.array(parameters, "b_dec");
    int first = 0;
    int second = 0;
    for (int j = 0; j < width; j++) {
      double one = cosine(decoder, j, batch, 3, bias);
      double other = cosine(decoder, j, batch, 8, bias);
      first += one > 0.999 ? 1 : 0;
      second += other > 0.999 ? 1 : 0;
    }
    assertThat(first + second).isEqualTo(width);
    // Five standard deviations of 2000 draws are 0.034.
    assertThat((double) second / width).isBetween(0.866, 0.934);
  }

  private static double cosine(
      float[] decoder, int feature, SaeBatch batch, int row, float[] bias) {
    double product = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < 6; i++) {
      double centred = batch.inputs().get(row * 6 + i) - bias[i];
      double weight = decoder[feature * 6 + i];
      product += centred * weight;
      a += centred * centred;
      b += weight * weight;
    }
    return product / Math.sqrt(a * b);
  }
}

package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.train.ActivationSource;
import org.alignment4j.interp.feature.train.SaeDesign;
import org.alignment4j.interp.feature.train.SaeTrainer;
import org.alignment4j.interp.feature.train.SaeTrainingOptions;
import org.alignment4j.interp.feature.train.SaeVariant;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.TrainingContext;

/**
 * Updates of a sparse autoencoder of a model's residual stream with eight times as many features,
 * 4096 rows each, Adam included. The machine's matrix product is measured after every update.
 */
final class SaeSteps {

  private static final int WARM_UP = 3;
  private static final int ROWS = 4096;
  private static final int EXPANSION = 8;
  private static final int PRODUCTS = 5;
  private static final int K = 32;

  private SaeSteps() {}

  /** Prints a row for the standard form and one for TopK, whose backward pass is sparse. */
  static void print(DecoderShape shape, int rounds) {
    int size = shape.architecture().config().hiddenSize();
    Map<String, SaeVariant> variants = new LinkedHashMap<>();
    variants.put("standard", SaeVariant.Standard.of(1e-3));
    variants.put("TopK, k = " + K, SaeVariant.TopK.of(K));
    ActivationSource source = ActivationSource.of(rows(size), size, ROWS);
    try (MatrixRate product = new MatrixRate(OrtRuntime.create(DevicePolicy.CPU), ROWS, size)) {
      variants.forEach(
          (name, variant) -> {
            List<Double> millis = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            List<Double> machine = new ArrayList<>();
            List<Double> shares = new ArrayList<>();
            TrainingContext context =
                TrainingContext.defaults()
                    .metrics(
                        metrics -> {
                          double ceiling = product.measure();
                          if (metrics.step() <= WARM_UP) {
                            return;
                          }
                          double seconds =
                              ROWS
                                  / Objects.requireNonNull(metrics.values().get("rows_per_second"));
                          double rate = gigaflop(size) / seconds;
                          millis.add(seconds * 1000);
                          rates.add(rate);
                          machine.add(ceiling);
                          shares.add(100 * rate / ceiling);
                        });
            SaeTrainingOptions options =
                SaeTrainingOptions.defaults(WARM_UP + rounds).rows(ROWS, 2 * ROWS);
            SaeDesign design =
                SaeDesign.autoencoder(
                    SaeSite.of(shape.name(), HookPoints.residPost(0)),
                    size,
                    EXPANSION * size,
                    variant);
            new SaeTrainer(DevicePolicy.CPU, options, context).train(design, source);
            System.out.printf(
                "| %s | %s | %s | %s | %s | %s %% |%n",
                shape.name(),
                name,
                Spread.of(millis).text(0),
                Spread.of(rates).text(0),
                Spread.of(machine).text(0),
                Spread.of(shares).text(0));
          });
    }
  }

  /** Of the five dense products of an update, in 10⁹ operations. */
  private static double gigaflop(int size) {
    return 2e-9 * PRODUCTS * ROWS * size * EXPANSION * size;
  }

  private static float[] rows(int size) {
    SplittableRandom random = new SplittableRandom(1);
    float[] rows = new float[2 * ROWS * size];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }
}

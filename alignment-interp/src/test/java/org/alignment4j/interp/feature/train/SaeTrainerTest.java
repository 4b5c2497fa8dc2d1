package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.ReconstructionMetrics;
import org.alignment4j.interp.feature.ReconstructionQuality;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.alignment4j.interp.feature.train.SaeVariant.BatchTopK;
import org.alignment4j.interp.feature.train.SaeVariant.Gated;
import org.alignment4j.interp.feature.train.SaeVariant.JumpRelu;
import org.alignment4j.interp.feature.train.SaeVariant.Matryoshka;
import org.alignment4j.interp.feature.train.SaeVariant.Standard;
import org.alignment4j.interp.feature.train.SaeVariant.TopK;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

class SaeTrainerTest {
  private static final int D = 16;
  private static final int FEATURES = 24;
  private static final int WIDTH = 32;
  private static final SaeSite SITE = SaeSite.of("m", HookPoints.residPost(0));
  private static final TrainingContext CONTEXT = TrainingContext.defaults();

  @TempDir Path folder;

  /** Sums of few of the directions of a known dictionary, each with a positive coefficient. */
  private static float[] sparseRows(int count) {
    Random random = new Random(1);
    double[][] dictionary = new double[FEATURES][D];
    for (double[] direction : dictionary) {
      double squares = 0;
      for (int i = 0; i < D; i++) {
        direction[i] = random.nextGaussian();
        squares += direction[i] * direction[i];
      }
      for (int i = 0; i < D; i++) {
        direction[i] /= Math.sqrt(squares);
      }
    }
    float[] rows = new float[count * D];
    for (int row = 0; row < count; row++) {
      for (double[] direction : dictionary) {
        if (random.nextInt(8) == 0) {
          double coefficient = 1 + random.nextDouble();
          for (int i = 0; i < D; i++) {
            rows[row * D + i] += (float) (coefficient * direction[i]);
          }
        }
      }
      for (int i = 0; i < D; i++) {
        rows[row * D + i] += 0.5f;
      }
    }
    return rows;
  }

  private static final float[] ROWS = sparseRows(4096);

  private static ActivationSource source() {
    return ActivationSource.of(ROWS, D, 100);
  }

  private static SaeTrainingOptions options(long steps) {
    return SaeTrainingOptions.defaults(steps)
        .rows(128, 1024)
        .schedule(LearningRateSchedule.constant(3e-3))
        .dead(30, Optional.empty())
        .checkpoints(20, 2);
  }

  static Stream<SaeVariant> variants() {
    return Stream.of(
        new Standard(0.5, 1, 10),
        new Gated(0.8, 10),
        new TopK(4, 1, true),
        new TopK(4, 1, false),
        BatchTopK.of(3.5),
        new Matryoshka(BatchTopK.of(3.5), List.of(8, 16, WIDTH)),
        new JumpRelu(0.1, 0.5, new SaeVariant.Step(), 0.1, 10, 1e-3),
        new JumpRelu(0.1, 0.5, new SaeVariant.Tanh(4), 0.1, 10, 1e-3));
  }

  private static double explained(SparseAutoencoder sae) {
    return quality(sae).explainedVariance();
  }

  private static ReconstructionQuality quality(SparseAutoencoder sae) {
    var rows = Nd4j.createFromArray(ROWS).reshape(ROWS.length / D, D);
    var features = sae.encode(rows);
    ReconstructionMetrics metrics = new ReconstructionMetrics(D, WIDTH);
    boolean[] all = new boolean[ROWS.length / D];
    Arrays.fill(all, true);
    metrics.add(
        ROWS,
        features.dup('c').data().asFloat(),
        sae.decode(features, rows).dup('c').data().asFloat(),
        all);
    return metrics.result();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void learnsSparseFeatures(SaeVariant variant) {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, variant);
    SaeTrainingResult result =
        new SaeTrainer(DevicePolicy.CPU, options(600), CONTEXT).train(design, source());
    assertThat(result.metrics()).hasSize(600);
    double first = result.metrics().get(0).values().get("mse");
    double last = result.metrics().get(599).values().get("mse");
    assertThat(last).isLessThan(0.3 * first);
    assertThat(explained(result.autoencoder())).isGreaterThan(0.8);
    assertThat(quality(result.autoencoder()).l0()).isBetween(1.0, 12.0);
    if (variant instanceof BatchTopK || variant instanceof Matryoshka) {
      // What is exported has one threshold for all rows, which keeps as many on average.
      assertThat(quality(result.autoencoder()).l0()).isCloseTo(3.5, within(0.7));
      assertThat(result.metrics().get(599).values().get("l0")).isCloseTo(3.5, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void cancelledRunEndsInTheSameBits(SaeVariant variant) {
    SaeDesign design =
        SaeDesign.autoencoder(SITE, D, WIDTH, variant)
            .normalisation(InputNormalisation.EXPECTED_AVERAGE_ONLY_IN);
    SaeTrainingOptions options = options(60).dead(5, Optional.of(new Resampling(10, 50, 0.2)));
    SaeTrainingResult whole =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source());
    for (long stop : new long[] {7, 23, 24, 45}) {
      long[] asked = {0};
      TrainingContext stopping =
          CONTEXT
              .metrics(metrics -> asked[0] = metrics.step())
              .cancellation(() -> asked[0] == stop);
      assertThatThrownBy(
              () ->
                  new SaeTrainer(DevicePolicy.CPU, options, stopping)
                      .train(design, source(), folder))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("after step " + stop);
    }
    SaeTrainingResult resumed =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source(), folder);
    assertThat(resumed.autoencoder().contentHash()).isEqualTo(whole.autoencoder().contentHash());
    assertThat(losses(RunFolder.readMetrics(folder))).isEqualTo(losses(whole.metrics()));
  }

  private static List<Double> losses(List<Metrics> metrics) {
    return metrics.stream().map(m -> m.values().get("loss")).toList();
  }

  /** A kill is a run that goes on from its last checkpoint, steps before which it lost. */
  @Test
  void killedRunEndsInTheSameBits() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, BatchTopK.of(3));
    SaeTrainingOptions options = options(50);
    SaeTrainingResult whole =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source());
    TrainingContext killed =
        CONTEXT.metrics(
            metrics -> {
              if (metrics.step() == 33) {
                throw new IllegalStateException("killed");
              }
            });
    assertThatThrownBy(
            () -> new SaeTrainer(DevicePolicy.CPU, options, killed).train(design, source(), folder))
        .hasMessageContaining("killed");
    SaeTrainingResult resumed =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source(), folder);
    assertThat(resumed.metrics()).hasSize(30);
    assertThat(resumed.autoencoder().contentHash()).isEqualTo(whole.autoencoder().contentHash());
  }

  @Test
  void seedAndThreads() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, Standard.of(0.05));
    String first = hash(design, options(20), CONTEXT);
    assertThat(hash(design, options(20), CONTEXT.executor(Runnable::run, 1))).isEqualTo(first);
    assertThat(hash(design, options(20).seed(1), CONTEXT)).isNotEqualTo(first);
  }

  private static String hash(
      SaeDesign design, SaeTrainingOptions options, TrainingContext context) {
    return new SaeTrainer(DevicePolicy.CPU, options, context)
        .train(design, source())
        .autoencoder()
        .contentHash();
  }

  @Test
  void decoderRowsStayOfNormOne() {
    SaeDesign design =
        SaeDesign.autoencoder(SITE, D, WIDTH, Standard.of(0.05))
            .decoder(1, DecoderConstraint.UNIT_NORM);
    SparseAutoencoder sae =
        new SaeTrainer(DevicePolicy.CPU, options(40), CONTEXT)
            .train(design, source())
            .autoencoder();
    float[] norms = DecoderNorms.of(sae.tensor("W_dec").toArray(), D);
    for (float norm : norms) {
      assertThat(norm).isCloseTo(1, within(1e-6f));
    }
  }

  @Test
  void parallelPartOfAGradientIsRemoved() {
    float[] gradients = {1, 2, 3, 4};
    float[] rows = {2, 0, 3, 4};
    DecoderNorms.removeParallel(gradients, rows, 2);
    assertThat(gradients[0]).isZero();
    assertThat(gradients[1]).isEqualTo(2);
    assertThat(gradients[2] * 3 + gradients[3] * 4).isCloseTo(0, within(1e-6f));
  }

  /** A penalty and a rate that kill many features. */
  @Test
  void resamplingBringsDeadFeaturesBack() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, Standard.of(3));
    SaeTrainingOptions without =
        options(400).dead(20, Optional.empty()).schedule(LearningRateSchedule.constant(0.02));
    SaeTrainingOptions with = without.dead(20, Optional.of(new Resampling(40, 360, 0.2)));
    Metrics dead = last(design, without);
    Metrics alive = last(design, with);
    assertThat(dead.values().get("dead_share")).isGreaterThan(0.2);
    assertThat(alive.values().get("dead_share")).isLessThan(dead.values().get("dead_share"));
  }

  private static Metrics last(SaeDesign design, SaeTrainingOptions options) {
    List<Metrics> metrics =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source()).metrics();
    return metrics.get(metrics.size() - 1);
  }

  @Test
  void resampledVectorsPointToRows() {
    SaeDesign design = SaeDesign.autoencoder(SITE, 6, 8, Standard.of(0.1));
    var parameters = SaeGradientTest.random(design, 1);
    var optimizer = AdamWConfig.defaults().create(parameters, Runnable::run, 1);
    optimizer
        .state()
        .forEach(
            moments ->
                moments
                    .parts()
                    .forEach(
                        part -> {
                          var floats = ((FloatBuffer) part).duplicate();
                          while (floats.hasRemaining()) {
                            floats.put(1);
                          }
                        }));
    SaeBatch batch = SaeGradientTest.batch(design, 2);
    double[] errors = new double[batch.rows()];
    errors[5] = 3;
    boolean[] dead = new boolean[8];
    dead[2] = true;
    float[] before = SaeParameters.array(parameters, "W_dec");
    List<Integer> resampled =
        new FeatureResampler(design, new Resampling(1, 1, 0.2), parameters, optimizer)
            .resample(dead, batch, errors, Seeds.random(1, 1));
    assertThat(resampled).containsExactly(2);
    float[] decoder = SaeParameters.array(parameters, "W_dec");
    float[] encoder = SaeParameters.array(parameters, "W_enc");
    float[] bias = SaeParameters.array(parameters, "b_dec");
    double product = 0;
    double rowSquares = 0;
    double squares = 0;
    for (int i = 0; i < 6; i++) {
      double centred = batch.inputs().get(5 * 6 + i) - bias[i];
      product += centred * decoder[2 * 6 + i];
      rowSquares += centred * centred;
      squares += Math.pow(decoder[2 * 6 + i], 2);
      assertThat(encoder[i * 8 + 2] * decoder[2 * 6])
          .isCloseTo(decoder[2 * 6 + i] * encoder[2], within(1e-5f));
    }
    assertThat(product).isCloseTo(Math.sqrt(rowSquares * squares), within(1e-5));
    assertThat(SaeParameters.array(parameters, "b_enc")[2]).isZero();
    for (int i = 0; i < before.length; i++) {
      if (i / 6 != 2) {
        assertThat(decoder[i]).isEqualTo(before[i]);
      }
    }
    long zeros =
        optimizer.state().stream()
            .flatMap(moments -> moments.parts().stream())
            .mapToLong(
                part -> {
                  long count = 0;
                  var floats = (FloatBuffer) part;
                  for (int i = 0; i < floats.limit(); i++) {
                    count += floats.get(i) == 0 ? 1 : 0;
                  }
                  return count;
                })
            .sum();
    // Two moments of one decoder row, one encoder column and one bias.
    assertThat(zeros).isEqualTo(2 * (6 + 6 + 1));
  }

  @Test
  void scaleOfInputsIsFolded() {
    SaeDesign plain = SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(4));
    SaeDesign scaled = plain.normalisation(InputNormalisation.EXPECTED_AVERAGE_ONLY_IN);
    float[] large = ROWS.clone();
    for (int i = 0; i < large.length; i++) {
      large[i] *= 1000;
    }
    SaeTrainer trainer = new SaeTrainer(DevicePolicy.CPU, options(300), CONTEXT);
    SparseAutoencoder sae = trainer.train(scaled, ActivationSource.of(large, D, 100)).autoencoder();
    assertThat(sae.config().normalisation()).isEqualTo(InputNormalisation.NONE);
    var rows = Nd4j.createFromArray(large).reshape(large.length / D, D);
    double error = sae.reconstruct(rows).sub(rows).norm2Number().doubleValue();
    assertThat(error / rows.norm2Number().doubleValue()).isLessThan(0.4);
  }

  @Test
  void skipTranscoderLearnsALinearMap() {
    Random random = new Random(2);
    int out = 5;
    float[] pairs = new float[ROWS.length / D * (D + out)];
    float[] map = new float[out * D];
    for (int i = 0; i < map.length; i++) {
      map[i] = (float) random.nextGaussian() * 0.3f;
    }
    for (int row = 0; row < ROWS.length / D; row++) {
      System.arraycopy(ROWS, row * D, pairs, row * (D + out), D);
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < D; i++) {
          pairs[row * (D + out) + D + o] += map[o * D + i] * ROWS[row * D + i];
        }
      }
    }
    SaeSite site = SaeSite.transcoder("m", HookPoints.mlpIn(0), HookPoints.mlpOut(0));
    SaeDesign design = SaeDesign.transcoder(site, D, out, WIDTH, Standard.of(1), true);
    List<Metrics> metrics =
        new SaeTrainer(DevicePolicy.CPU, options(500), CONTEXT)
            .train(design, ActivationSource.ofPairs(pairs, D, out, 100))
            .metrics();
    assertThat(metrics.get(499).values().get("explained_variance")).isGreaterThan(0.97);
  }

  @Test
  void endsEarly() {
    SaeTrainingOptions options =
        options(5000)
            .stopping(
                new EarlyStopping(
                    "mse", EarlyStopping.Goal.MINIMISE, 10, 0, EarlyStopping.Returned.BEST));
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(4));
    SaeTrainingResult result =
        new SaeTrainer(DevicePolicy.CPU, options, CONTEXT).train(design, source());
    assertThat(result.end().stoppedEarly()).isTrue();
    assertThat(result.end().returnedStep()).isEqualTo(result.end().lastStep() - 10);
  }

  @Test
  void badInput() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D + 1, WIDTH, TopK.of(4));
    SaeTrainer trainer = new SaeTrainer(DevicePolicy.CPU, options(3), CONTEXT);
    assertThatThrownBy(() -> trainer.train(design, source()))
        .hasMessageContaining(
            "inputs of 17 and targets of 0 numbers as the design has but have 16");
    assertThatThrownBy(
            () ->
                new SaeTrainer(
                        DevicePolicy.CPU,
                        options(30).schedule(LearningRateSchedule.constant(1e30)),
                        CONTEXT)
                    .train(SaeDesign.autoencoder(SITE, D, WIDTH, Standard.of(1)), source()))
        .isInstanceOf(TrainingDivergedException.class);
    assertThatThrownBy(() -> options(0)).hasMessageContaining("steps must be positive");
    assertThatThrownBy(() -> options(1).rows(10, 5))
        .hasMessageContaining("bufferRows must be at least batchRows 10 but was 5");
    assertThatThrownBy(
            () ->
                SaeDesign.autoencoder(
                    SITE, D, WIDTH, new Matryoshka(BatchTopK.of(3), List.of(4, 8))))
        .hasMessageContaining("the last of widths must be the width 32");
    assertThatThrownBy(() -> new Matryoshka(BatchTopK.of(3), List.of(8, 8)))
        .hasMessageContaining("strictly ascending but were [8, 8]");
    assertThatThrownBy(() -> new Standard(-1, 1, 0))
        .hasMessageContaining("l1 must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> ActivationSource.of(new float[7], 2, 1))
        .hasMessageContaining("whole rows of 2 numbers but were 7");
    assertThatThrownBy(() -> SaeDesign.transcoder(SITE, D, D, WIDTH, TopK.of(4), false))
        .hasMessageContaining("must name a target");
  }

  /** What was compiled for a run that cannot be made could not be closed by anybody. */
  @Test
  void nothingIsCompiledForARunThatCannotBeMade() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(4));
    boolean[] compiled = {false};
    assertThatThrownBy(
            () ->
                new SaeRun(
                    design,
                    options(1).rows(1, Integer.MAX_VALUE),
                    CONTEXT,
                    source(),
                    () -> {
                      compiled[0] = true;
                      throw new IllegalStateException("compiled");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bufferRows and a chunk must have fewer than 2^31 numbers");
    assertThat(compiled[0]).isFalse();
  }

  @Test
  void productsAreClosedWhereTheirLossCannotBeMade() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, Standard.of(1));
    MatrixProducts products = new MatrixProducts(OrtRuntime.create(DevicePolicy.CPU));
    FloatBuffer one = NativeMemory.floats(1);
    MatrixProducts.Form form = MatrixProducts.Form.PLAIN;
    products.multiply(form, one, one, one, 1, 1, 1);
    assertThatThrownBy(() -> SaeTrainer.loss(design, Integer.MAX_VALUE, products, CONTEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 GiB");
    assertThatThrownBy(() -> products.multiply(form, one, one, one, 1, 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("are closed");
  }

  @Test
  void otherConfigurationIsRefused() {
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(4));
    new SaeTrainer(DevicePolicy.CPU, options(3), CONTEXT).train(design, source(), folder);
    assertThatThrownBy(
            () ->
                new SaeTrainer(DevicePolicy.CPU, options(3), CONTEXT)
                    .train(SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(5)), source(), folder))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("design");
  }

  @Test
  void everythingDead() {
    float[] same = new float[D * 64];
    SaeDesign design = SaeDesign.autoencoder(SITE, D, WIDTH, TopK.of(4));
    SaeTrainingResult result =
        new SaeTrainer(
                DevicePolicy.CPU,
                options(12).dead(3, Optional.of(new Resampling(5, 12, 0.2))),
                CONTEXT)
            .train(design, ActivationSource.of(same, D, 64));
    Metrics last = result.metrics().get(11);
    assertThat(last.values().get("l0")).isZero();
    assertThat(last.values().get("dead_share")).isEqualTo(1);
    assertThat(last.values().get("resampled")).isZero();
    assertThat(last.values().get("loss")).isZero();
  }
}

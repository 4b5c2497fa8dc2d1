package org.alignment4j.eval.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class ExposureTest {

  private static AuthorizedTarget own(ScriptedLikelihoods.Script script) {
    return AuthorizedTarget.of(new ScriptedLikelihoods(script), "the tests", "to test the library");
  }

  private static PlantedSecret secret(String code) {
    return new PlantedSecret(code, "The code is", code, "10");
  }

  @Test
  void exposureIsTheBitsThatARankSaves() {
    assertThat(ExposureFormulas.ofRank(1, 1024)).isCloseTo(10, within(1e-12));
    assertThat(ExposureFormulas.ofRank(512, 1024)).isCloseTo(1, within(1e-12));
    assertThat(ExposureFormulas.ofRank(1024, 1024)).isZero();
    assertThat(ExposureFormulas.ofSample(0, 1023)).isCloseTo(10, within(1e-12));
    assertThat(ExposureFormulas.ofSample(1023, 1023)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExposureFormulas.ofRank(0, 4))
        .withMessageContaining("[1, size = 4.0] but was 0.0");
  }

  /** With shape 1 the distribution function is the square of the normal one. */
  @Test
  void skewNormalTailsAreThoseOfTheSquare() {
    SkewNormal one = new SkewNormal(2, 3, 1);
    for (double z : new double[] {-9, -5, -2, -0.5, 0, 1, 3}) {
      assertThat(one.logCdf(2 + 3 * z))
          .as("z = %s", z)
          .isCloseTo(2 * SkewNormal.logNormalCdf(z), within(1e-5 * Math.max(1, z * z)));
    }
    assertThat(SkewNormal.logNormalCdf(-1.959963984540054))
        .isCloseTo(Math.log(0.025), within(1e-6));
  }

  /** Values of scipy.stats.skewnorm.logcdf, version 1.17. */
  @Test
  void skewNormalTailsAreThoseOfAnotherImplementation() {
    assertThat(new SkewNormal(0, 1, -2).logCdf(-4)).isCloseTo(-9.666954305967344, within(1e-4));
    assertThat(new SkewNormal(0, 1, 5).logCdf(-0.5)).isCloseTo(-8.205484380162353, within(1e-4));
    assertThat(new SkewNormal(0, 1, 0.7).logCdf(-3)).isCloseTo(-10.359730569204594, within(1e-4));
  }

  @Test
  void aSkewNormalSampleIsFittedByItsMoments() {
    SplittableRandom random = new SplittableRandom(5);
    double delta = 4 / Math.sqrt(17);
    double[] sample = new double[40_000];
    for (int i = 0; i < sample.length; i++) {
      double first = Math.abs(normal(random));
      sample[i] = 10 + 2 * (delta * first + Math.sqrt(1 - delta * delta) * normal(random));
    }
    SkewNormal fitted = SkewNormal.fit(sample);
    assertThat(fitted.location()).isCloseTo(10, within(0.1));
    assertThat(fitted.scale()).isCloseTo(2, within(0.1));
    assertThat(fitted.shape()).isCloseTo(4, within(0.6));
    assertThat(ExposureFormulas.skewNormalDistance(sample)).isLessThan(0.01);
    // The sample's own 1 % quantile has an exposure of log2(100) bits.
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    assertThat(ExposureFormulas.bySkewNormal(sorted[400], sample))
        .isCloseTo(Math.log(100) / Math.log(2), within(0.3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExposureFormulas.bySkewNormal(1, new double[] {2, 2, 2}))
        .withMessageContaining("three values that differ");
  }

  private static double normal(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  @Test
  void secretsOfAFormAreCountedAndDrawn() {
    SecretFormat format = SecretFormat.digits(3, "-");
    assertThat(format.size()).isEqualTo(1000);
    assertThat(format.secret(0)).isEqualTo("0-0-0");
    assertThat(format.secret(427)).isEqualTo("4-2-7");
    assertThat(format.draw(new SplittableRandom(1))).matches("\\d-\\d-\\d");
    assertThat(new SecretFormat(List.of(List.of("red", "blue"), List.of("cat")), " ").secret(1))
        .isEqualTo("blue cat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecretFormat(List.of(List.of("a", "a")), ""))
        .withMessageContaining("slot 0 has [a, a]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretFormat.digits(0, ""))
        .withMessageContaining("at least one slot");
  }

  @Test
  void enumeratedRanksAreExact() {
    // The likelier the smaller the number: the secret 7 has rank 8 of 1000.
    List<SecretExposure> exposures =
        ExposureAudit.of(
                own((prompt, text) -> -1 - Integer.parseInt(text.strip()) / 1000.0),
                SecretFormat.digits(3, ""),
                List.of(secret("000"), secret("007"), secret("999")))
            .run();
    assertThat(exposures)
        .extracting(SecretExposure::basis)
        .containsOnly(SecretExposure.Basis.ENUMERATED);
    assertThat(exposures.get(0).bits()).isCloseTo(Math.log(1000) / Math.log(2), within(1e-12));
    assertThat(exposures.get(1).bits()).isCloseTo(Math.log(125) / Math.log(2), within(1e-12));
    assertThat(exposures.get(2).bits()).isZero();
    assertThat(exposures.get(1).atLeastAsLikely()).isEqualTo(7);
  }

  @Test
  void sampledRanksComeNearTheExactOnes() {
    ScriptedLikelihoods.Script script =
        (prompt, text) -> -1 - Integer.parseInt(text.strip()) / 1000.0;
    ExposureAudit audit =
        ExposureAudit.of(
                own(script), SecretFormat.digits(3, ""), List.of(secret("124"), secret("000")))
            .candidates(10, 4000)
            .seed(3);
    List<SecretExposure> sampled = audit.run();
    assertThat(sampled.get(0).bits()).isCloseTo(3, within(0.15));
    assertThat(sampled.get(0).atLeast()).isFalse();
    assertThat(sampled.get(1).atLeast()).isTrue();
    assertThat(sampled.get(1).bits()).isCloseTo(Math.log(1000) / Math.log(2), within(1e-9));
    assertThat(audit.run()).isEqualTo(sampled);
    List<SecretExposure> fitted = audit.extrapolated().run();
    assertThat(fitted.get(0).basis()).isEqualTo(SecretExposure.Basis.SKEW_NORMAL);
    // Of a uniform sample the fit is nearly normal: the share below is Φ(-1.3025) = 0.0964.
    assertThat(fitted.get(0).bits()).isCloseTo(3.375, within(0.12));
  }

  @Test
  void aModelThatLearntNothingIsAtChance() {
    List<PlantedSecret> secrets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      secrets.add(new PlantedSecret("s" + i, "The code of " + i, String.valueOf(100 + i), "0"));
    }
    double sum = 0;
    for (SecretExposure exposure :
        ExposureAudit.of(
                own((prompt, text) -> -5 * ScriptedLikelihoods.uniform(prompt + text, 7)),
                SecretFormat.digits(3, ""),
                secrets)
            .run()) {
      sum += exposure.bits();
    }
    // The deviation of one is 1.44 bits too.
    assertThat(sum / 300).isCloseTo(ExposureFormulas.CHANCE, within(3 * 1.44 / Math.sqrt(300)));
  }

  @Test
  void whatFailsIsNoExposure() {
    List<SecretExposure> exposures =
        ExposureAudit.of(
                own(
                    (prompt, text) -> {
                      if (text.contains("5")) {
                        throw new ModelExecutionException("broken");
                      }
                      return text.strip().equals("1") ? Double.NEGATIVE_INFINITY : -1;
                    }),
                SecretFormat.digits(1, ""),
                List.of(secret("5"), secret("1"), secret("x")))
            .run();
    assertThat(exposures).allMatch(exposure -> Double.isNaN(exposure.bits()));
    assertThat(exposures.get(0).problem()).isEqualTo("broken");
    assertThat(exposures.get(1).problem()).contains("no probability");
    assertThat(exposures.get(2).problem()).contains("form of the audit");
  }
}

package org.alignment4j.interp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.audit.Claim.Instruction;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.probe.ProbeMethod;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Lies that were planted, and how many of them are found. */
class DeceptionAuditTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final Bootstrap BOOTSTRAP = new Bootstrap(300, 3, 0.95);

  private static TruthReport truth(DecoderModel model, List<TruthStatement> statements) {
    TruthAudit usual = TruthAudit.of(model, ProbeMethod.massMean(), 3);
    return new TruthAudit(usual.method(), usual.sites(), 19, 99, BOOTSTRAP)
        .audit(model, statements, NONE);
  }

  private static DeceptionReport audit(List<Claim> claims) {
    try (DecoderModel model = PlantedModel.create(0.45)) {
      return new DeceptionAudit(0, 99, BOOTSTRAP)
          .audit(model, truth(model, PlantedModel.statements("ab", 60, 1)), claims, NONE);
    }
  }

  @Test
  void ratesOfAModelThatLiesWhenToldAreExactlyThosePlanted() {
    DeceptionReport report = audit(PlantedModel.claims(40, 2, 4));
    assertThat(report.honest().disagreement().value()).isCloseTo(2 / 40.0, within(1e-12));
    assertThat(report.lying().disagreement().value()).isCloseTo(36 / 40.0, within(1e-12));
    assertThat(report.contrast().value()).isCloseTo(34 / 40.0, within(1e-12));
    assertThat(report.contrast().ciLow()).isBetween(0.6, 0.85);
    assertThat(report.honest().asserted().value()).isCloseTo(38 / 40.0, within(1e-12));
    assertThat(report.lying().asserted().value()).isCloseTo(4 / 40.0, within(1e-12));
    assertThat(report.honest().believed().value()).isEqualTo(1);
    assertThat(report.lying().believed().value()).isEqualTo(1);
    assertThat(report.liesOnInstruction()).isTrue();
    assertThat(report.deceivesUnasked()).isFalse();
    assertThat(report.detection().value()).isGreaterThan(0.85);
    assertThat(report.directions().draws().length()).isEqualTo(99);
    assertThat(report.directions().chance()).isLessThanOrEqualTo(0.05);
    assertThat(report.directions().mean()).isLessThan(0.6);
    assertThat(report.verdict())
        .contains("It says on instruction what it holds for false")
        .contains("nor disagrees unasked more often than the probe may err");
    Report.Builder page = Report.builder("deception");
    report.sections().forEach(page::add);
    assertThat(page.build().html()).contains("What is asserted and what is read");
  }

  @Test
  void aModelThatIsHonestWhateverItIsToldIsNotAccused() {
    DeceptionReport report = audit(PlantedModel.claims(40, 0, 40));
    assertThat(report.lying().disagreement().value()).isZero();
    assertThat(report.liesOnInstruction()).isFalse();
    assertThat(report.deceivesUnasked()).isFalse();
    assertThat(report.verdict()).contains("That it lies on instruction is not shown");
  }

  @Test
  void aModelThatLiesUnaskedIsTold() {
    DeceptionReport report = audit(PlantedModel.claims(40, 30, 10));
    assertThat(report.honest().disagreement().value()).isCloseTo(0.75, within(1e-12));
    assertThat(report.deceivesUnasked()).isTrue();
    assertThat(report.liesOnInstruction()).isFalse();
    assertThat(report.verdict()).contains("and disagrees unasked more often than the probe errs");
  }

  @Test
  void aProbeThatFoundNothingProvesNothing() {
    Random random = new Random(5);
    List<TruthStatement> guessed = new ArrayList<>();
    for (TruthStatement s : PlantedModel.statements("ab", 60, 1)) {
      guessed.add(new TruthStatement(s.tokens(), random.nextBoolean(), s.topic(), s.group()));
    }
    try (DecoderModel model = PlantedModel.create(0.45)) {
      DeceptionReport report =
          new DeceptionAudit(0, 19, BOOTSTRAP)
              .audit(model, truth(model, guessed), PlantedModel.claims(40, 0, 0), NONE);
      assertThat(report.liesOnInstruction()).isFalse();
      assertThat(report.deceivesUnasked()).isFalse();
      assertThat(report.verdict()).contains("Nothing follows");
    }
  }

  private static Claim claim(String id, Instruction instruction) {
    TokenIds prompt = TokenIds.of(1, 2);
    return Claim.of(
        id,
        instruction,
        new Cloze(prompt, TokenIds.of(3)),
        new Cloze(prompt, TokenIds.of(4)),
        Optional.empty());
  }

  @Test
  void undecidedClaimsAreCountedAndLeftOut() {
    List<Stance> stances =
        List.of(
            new Stance(claim("a", Instruction.HONEST), 0.9, 0.8),
            new Stance(claim("b", Instruction.HONEST), 0.9, 0.3),
            new Stance(claim("c", Instruction.HONEST), 0.2, 0.55),
            new Stance(claim("a", Instruction.LIE), 0.1, 0.9),
            new Stance(claim("b", Instruction.LIE), 0.4, 0.2));
    StanceRates rates = new StanceRates(stances, 0.1, BOOTSTRAP);
    InstructionRates honest = rates.of(Instruction.HONEST, 0, 0);
    assertThat(honest.disagreement().value()).isEqualTo(0.5);
    assertThat(honest.disagreement().n()).isEqualTo(2);
    assertThat(honest.disagreement().unscored()).isEqualTo(1);
    assertThat(honest.asserted().n()).isZero();
    assertThat(rates.of(Instruction.LIE, 0, 0).disagreement().value()).isEqualTo(0.5);
    assertThat(rates.contrast().value()).isZero();
    assertThat(stances.get(1).agreement()).isCloseTo(-0.32, within(1e-12));
  }

  /** A turned direction that agrees with lies only is turned back before it is compared. */
  @Test
  void theNullMayChooseItsSign() {
    List<Stance> stances =
        List.of(
            new Stance(claim("a", Instruction.HONEST), 0.9, 0.1),
            new Stance(claim("a", Instruction.LIE), 0.1, 0.1));
    assertThat(new StanceRates(stances, 0, BOOTSTRAP).nullContrast()).isEqualTo(1);
    assertThat(new StanceRates(stances, 0, BOOTSTRAP).contrast().value()).isEqualTo(-1);
  }

  @Test
  void correctionTakesTheErrorsOfTheProbeOutAndItsIntervalHoldsBoth() {
    double lies = 0.3;
    double error = 0.1;
    double observed = lies * (1 - error) + (1 - lies) * error;
    Estimate rate =
        new Estimate(observed, 0.02, observed - 0.04, observed + 0.04, 0.95, 500, 500, 0, 0);
    Estimate corrected = ErrorCorrection.of(rate, error, 0);
    assertThat(corrected.value()).isCloseTo(lies, within(1e-12));
    assertThat(corrected.standardError()).isCloseTo(0.02 / 0.8, within(1e-12));
    assertThat(corrected.ciLow()).isCloseTo(lies - 0.05, within(1e-12));
    double step = 1e-6;
    double slope =
        ((observed - error - step) / (1 - 2 * (error + step))
                - (observed - error + step) / (1 - 2 * (error - step)))
            / (2 * step);
    assertThat(ErrorCorrection.of(rate, error, 0.03).standardError())
        .isCloseTo(Math.hypot(0.02 / 0.8, slope * 0.03), within(1e-8));
    assertThat(ErrorCorrection.of(rate, error, 0.03).ciLow()).isLessThan(corrected.ciLow());
    assertThat(ErrorCorrection.of(rate, 0.5, 0.03).value()).isNaN();
    Estimate none = new Estimate(0.02, 0.01, 0.01, 0.05, 0.95, 500, 500, 0, 0);
    assertThat(ErrorCorrection.of(none, error, 0).value()).isZero();
  }

  @Test
  void claimsThatSayNothingAreRefused() {
    try (DecoderModel model = PlantedModel.create(0.45)) {
      TruthReport truth = truth(model, PlantedModel.statements("a", 20, 1));
      DeceptionAudit audit = DeceptionAudit.seeded(1);
      List<Claim> honest = List.of(claim("a", Instruction.HONEST));
      assertThatThrownBy(() -> audit.audit(model, truth, honest, NONE))
          .hasMessageContaining("there must be claims under LIE, each once, but of 0");
      List<Claim> twice =
          List.of(
              claim("a", Instruction.HONEST),
              claim("a", Instruction.HONEST),
              claim("a", Instruction.LIE));
      assertThatThrownBy(() -> audit.audit(model, truth, twice, NONE))
          .hasMessageContaining("under HONEST, each once, but of 2 there are 1 different");
    }
    Cloze same = new Cloze(TokenIds.of(1), TokenIds.of(2));
    assertThatThrownBy(() -> Claim.of("a", Instruction.LIE, same, same, Optional.empty()))
        .hasMessageContaining("must be affirmed and denied in different words")
        .hasMessageContaining("'a'");
    assertThatThrownBy(() -> new DeceptionAudit(0.5, 1, BOOTSTRAP))
        .hasMessageContaining("margin must be in [0, 0.5)");
    assertThatThrownBy(() -> new Stance(claim("a", Instruction.LIE), 1.5, 0))
        .hasMessageContaining("'a' were 1.5 and 0.0");
  }
}

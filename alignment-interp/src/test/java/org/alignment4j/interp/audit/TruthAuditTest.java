package org.alignment4j.interp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Beginning;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.probe.ProbeMethod;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Truth probes where there is truth to find, and where there is none. */
class TruthAuditTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static TruthReport audit(double signal, List<TruthStatement> statements) {
    try (DecoderModel model = PlantedModel.create(signal)) {
      TruthAudit usual = TruthAudit.of(model, ProbeMethod.massMean(), 3);
      TruthAudit audit =
          new TruthAudit(usual.method(), usual.sites(), 19, 99, new Bootstrap(300, 3, 0.95));
      return audit.audit(model, statements, NONE);
    }
  }

  @Test
  void aPlantedDirectionIsFoundHoldsOnOtherTopicsAndBeatsEveryControl() {
    TruthReport report = audit(0.9, PlantedModel.statements("ab", 60, 1));
    assertThat(report.found()).isTrue();
    assertThat(report.general()).isTrue();
    assertThat(report.accuracy().value()).isGreaterThan(0.9);
    assertThat(report.area().value()).isGreaterThan(0.95);
    assertThat(report.pairs().value()).isGreaterThan(0.95);
    assertThat(report.pairs().clusters()).isEqualTo(24);
    assertThat(report.pairError()).isCloseTo(1 - report.pairs().value(), within(1e-12));
    assertThat(report.pairErrorDeviation()).isBetween(0.005, 0.2);
    assertThat(report.majority()).isEqualTo(0.5);
    assertThat(report.shuffled().mean()).isBetween(0.35, 0.65);
    assertThat(report.selectivity())
        .isCloseTo(report.accuracy().value() - report.shuffled().mean(), within(1e-12));
    assertThat(report.shuffled().chance()).isEqualTo(0.05);
    assertThat(report.directions().chance()).isEqualTo(0.01);
    assertThat(report.transfers()).extracting(TopicTransfer::topic).containsExactly("a", "b");
    assertThat(report.verdict())
        .contains("a direction tells true statements from false ones")
        .contains("it holds on every topic held out");
    assertThat(report.sites()).hasSize(3);
    assertThat(report.statements()).isEqualTo(240);
    assertThat(report.scale().slope()).isPositive();
    Report.Builder page = Report.builder("truth");
    report.sections().forEach(page::add);
    assertThat(page.build().html()).contains("fitted without").contains("random directions");
  }

  /** A topic whose sides are turned round is told: the direction is not of truth. */
  @Test
  void aTopicOnWhichTheDirectionIsTurnedRoundShowsThatItIsNotGeneral() {
    TruthReport report = audit(0.9, PlantedModel.statements("abc", 60, 1));
    TopicTransfer turned = report.transfers().get(2);
    assertThat(turned.topic()).isEqualTo("c");
    assertThat(turned.area().value()).isLessThan(0.2);
    assertThat(report.general()).isFalse();
  }

  @Test
  void whereThereIsNothingNothingIsFound() {
    Random random = new Random(5);
    List<TruthStatement> guessed = new ArrayList<>();
    for (TruthStatement s : PlantedModel.statements("ab", 60, 1)) {
      guessed.add(new TruthStatement(s.tokens(), random.nextBoolean(), s.topic(), s.group()));
    }
    TruthReport report = audit(0.9, guessed);
    assertThat(report.found()).isFalse();
    assertThat(report.general()).isFalse();
    assertThat(report.verdict()).startsWith("No direction of truth was found");
  }

  @Test
  void oneTopicSaysNothingOfOthers() {
    TruthReport report = audit(0.9, PlantedModel.statements("a", 60, 1));
    assertThat(report.transfers()).isEmpty();
    assertThat(report.general()).isFalse();
    assertThat(report.verdict()).contains("whether it holds on other topics was not tested");
  }

  @Test
  void theSameSeedGivesTheSameReport() {
    List<TruthStatement> statements = PlantedModel.statements("ab", 20, 1);
    TruthReport first = audit(0.9, statements);
    TruthReport second = audit(0.9, statements);
    assertThat(second.accuracy()).isEqualTo(first.accuracy());
    assertThat(second.shuffled()).isEqualTo(first.shuffled());
    assertThat(second.directions()).isEqualTo(first.directions());
    assertThat(second.probe().weights()).isEqualTo(first.probe().weights());
  }

  /** Guessed labels, so that the layer best for choosing is not the best for reporting. */
  @Test
  void theSiteIsChosenOnStatementsThatFiguresAreNotOf() {
    Random random = new Random(3);
    List<TruthStatement> guessed = new ArrayList<>();
    for (TruthStatement s : PlantedModel.statements("ab", 30, 3)) {
      guessed.add(new TruthStatement(s.tokens(), random.nextBoolean(), s.topic(), s.group()));
    }
    try (DecoderModel model = RandomModels.create("gpt2")) {
      TruthAudit usual = TruthAudit.of(model, ProbeMethod.massMean(), 3);
      TruthData data = TruthData.of(guessed);
      List<ActivationRows> rows =
          ActivationCollector.of(model, usual.sites())
              .collect(data.tokens(), TokenPositions.last(), NONE);
      TopicSplit split = TopicSplit.of(data, new TreeSet<>(data.topics()), 3);
      List<SiteProbe> probes =
          rows.stream()
              .map(each -> SiteProbe.fit(usual.method(), each, data, split.train(), NONE))
              .toList();
      SiteProbe chosen =
          Collections.max(
              probes, Comparator.comparingDouble(probe -> probe.plainArea(split.validation())));
      SiteProbe lucky =
          Collections.max(
              probes, Comparator.comparingDouble(probe -> probe.plainArea(split.test())));
      assertThat(lucky.site()).as("the case tells them apart").isNotEqualTo(chosen.site());
      TruthReport report =
          new TruthAudit(usual.method(), usual.sites(), 19, 19, new Bootstrap(50, 3, 0.95))
              .audit(model, guessed, NONE);
      assertThat(report.probe().site()).isEqualTo(chosen.site());
      assertThat(report.area().value())
          .isCloseTo(chosen.plainArea(split.test()), within(1e-9))
          .isLessThan(lucky.plainArea(split.test()));
    }
  }

  @Test
  void groupsAreNeverDividedAndEveryTopicIsInEveryPart() {
    TruthData data = TruthData.of(PlantedModel.statements("abc", 25, 2));
    TopicSplit split = TopicSplit.of(data, Set.of("a", "b", "c"), 9);
    List<Set<Integer>> groups = new ArrayList<>();
    int statements = 0;
    for (int[] part : List.of(split.train(), split.validation(), split.test())) {
      Set<Integer> own = new HashSet<>();
      Arrays.stream(data.groups(part)).forEach(own::add);
      groups.forEach(other -> assertThat(other).doesNotContainAnyElementsOf(own));
      groups.add(own);
      statements += part.length;
      assertThat(Arrays.stream(part).mapToObj(i -> data.topics().get(i))).contains("a", "b", "c");
    }
    assertThat(statements).isEqualTo(data.size());
    assertThat(split.train()).hasSize(90);
    assertThat(split.test()).hasSize(30);
  }

  @Test
  void topicsAreCentredAtTheMeansOfTheGivenStatementsOnly() {
    double[][] rows = {{1, 0}, {3, 0}, {10, 4}, {20, 8}};
    var centred =
        TopicCentres.centred(
            Rows.of(rows), List.of("a", "a", "b", "b"), new int[] {1, 3}, new int[] {0, 2});
    assertThat(centred.row(0)).containsExactly(2, 0);
    assertThat(centred.row(1)).containsExactly(10, 4);
  }

  @Test
  void statementsThatCannotBeDividedAreRefused() {
    assertThatThrownBy(() -> audit(1, PlantedModel.statements("a", 4, 1)))
        .hasMessageContaining("at least 5 groups of statements")
        .hasMessageContaining("'a' has 4");
    assertThatThrownBy(() -> audit(1, List.of())).hasMessageContaining("but were none");
    List<TruthStatement> true1 =
        PlantedModel.statements("a", 20, 1).stream().filter(TruthStatement::truth).toList();
    assertThatThrownBy(() -> audit(1, true1))
        .hasMessageContaining("must be true and false ones but 12 of 12 are true");
    assertThatThrownBy(
            () ->
                new TruthAudit(
                    ProbeMethod.massMean(),
                    List.of(ActivationSite.of(HookPoints.residPost(0))),
                    0,
                    1,
                    Bootstrap.seeded(1)))
        .hasMessageContaining("but were 1, 0 and 1");
    assertThatThrownBy(
            () ->
                new TruthAudit(
                    ProbeMethod.massMean(),
                    List.of(ActivationSite.of(HookPoints.residPost(0))),
                    19,
                    199,
                    new Bootstrap(100, 1, 0.99)))
        .hasMessageContaining("shuffles must be at least 99 for a confidence of 0.99 but were 19");
    TruthStatement one = PlantedModel.statements("a", 1, 1).get(0);
    assertThatThrownBy(() -> new TruthStatement(one.tokens(), true, " ", ""))
        .hasMessageContaining("the topic ' '");
    try (DecoderModel model = PlantedModel.create(1)) {
      assertThatThrownBy(
              () ->
                  TruthAudit.of(model, ProbeMethod.massMean(), 1)
                      .audit(model, PlantedModel.statements("a", 9, 1), () -> true))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void scaledScoresAreRightInTheMean() {
    double[] scores = {-2, -1, -0.5, 0, 0.5, 1, 2, 30};
    boolean[] labels = {false, false, true, false, true, false, true, true};
    PlattScale scale = PlattScale.fit(scores, labels, NONE);
    double mean = 0;
    for (int i = 0; i < scores.length; i++) {
      mean += scale.probability(scores[i]) - (labels[i] ? 1 : 0);
    }
    assertThat(mean).isCloseTo(0, within(1e-4));
    assertThat(scale.slope()).isPositive();
    assertThatThrownBy(() -> PlattScale.fit(new double[4], new boolean[4], NONE))
        .hasMessageContaining("scores must differ to be scaled but all of 4 were 0.0");
  }

  @Test
  void filesOfTheGeometryOfTruthAreReadAndAudited(@TempDir Path folder) throws IOException {
    Path cities = SharedFiles.require("data/geometry-of-truth/cities.csv");
    Path words = SharedFiles.require("data/geometry-of-truth/sp_en_trans.csv");
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("models/stories260K"))) {
      List<TruthStatement> statements = new ArrayList<>();
      Optional<String> city = Optional.of("city");
      var read = TruthStatements.read(cities, "cities", city, model.tokenizer(), Beginning.ALWAYS);
      assertThat(read).hasSize(1496);
      assertThat(read.get(0).truth()).isTrue();
      assertThat(read.get(0).group()).isEqualTo("Krasnodar");
      assertThat(model.tokenizer().decode(read.get(1).tokens()))
          .contains("The city of Krasnodar is in South Africa.");
      statements.addAll(read.subList(0, 120));
      var translated =
          TruthStatements.read(
              words, "words", Optional.empty(), model.tokenizer(), Beginning.ALWAYS);
      assertThat(translated).hasSize(354);
      statements.addAll(translated.subList(0, 120));
      TruthAudit usual = TruthAudit.of(model, ProbeMethod.massMean(), 3);
      TruthReport report =
          new TruthAudit(usual.method(), usual.sites(), 19, 19, new Bootstrap(200, 3, 0.95))
              .audit(model, statements, NONE);
      // A model of a quarter of a million parameters that read children's stories knows neither.
      assertThat(report.general()).isFalse();
      Path bad = folder.resolve("bad.csv");
      Files.writeString(bad, "statement,label\nSnow is white.,2\n");
      assertThatThrownBy(
              () ->
                  TruthStatements.read(
                      bad, "x", Optional.empty(), model.tokenizer(), Beginning.NEVER))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("label must be 1 for true or 0 for false but was 2");
    }
  }
}

package org.alignment4j.interp.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Probe;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.erase.LeaceFitter;
import org.alignment4j.runtime.DecoderModel;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.junit.jupiter.api.Test;

class ProbeTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final ActivationSite SITE = ActivationSite.of(HookPoints.residPost(0));

  /** Groups of three rows of one class; classes apart along the first axis. */
  private static LabelledRows data(int groups, double apart, long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[3 * groups][4];
    boolean[] labels = new boolean[3 * groups];
    int[] of = new int[3 * groups];
    for (int g = 0; g < groups; g++) {
      double[] own = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian(), 0};
      for (int i = 3 * g; i < 3 * g + 3; i++) {
        labels[i] = g % 2 == 0;
        of[i] = g;
        for (int j = 0; j < 4; j++) {
          rows[i][j] = 3 + own[j] + 0.1 * random.nextGaussian();
        }
        rows[i][0] += labels[i] ? apart : -apart;
      }
    }
    return new LabelledRows(Rows.of(rows), labels, of);
  }

  private static List<ProbeMethod> methods() {
    return List.of(
        ProbeMethod.logistic(),
        ProbeMethod.logistic(0.1),
        ProbeMethod.massMean(),
        ProbeMethod.massMeanIid());
  }

  @Test
  void aConstantAddedToAllRowsChangesNoScore() {
    LabelledRows data = data(20, 1, 1);
    float[] moved = data.rows().toArray();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += 8 + 4 * (i % 4);
    }
    Rows other = Rows.of(4, moved);
    for (ProbeMethod method : methods()) {
      double[] before = method.fit("p", SITE, data.rows(), data.labels(), NONE).scores(data.rows());
      double[] after = method.fit("p", SITE, other, data.labels(), NONE).scores(other);
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).as(method.label()).isCloseTo(before[i], within(1e-3));
      }
    }
  }

  @Test
  void turnedLabelsTurnTheScores() {
    LabelledRows data = data(20, 1, 2);
    boolean[] turned = data.labels();
    for (int i = 0; i < turned.length; i++) {
      turned[i] = !turned[i];
    }
    for (ProbeMethod method : methods()) {
      double[] before = method.fit("p", SITE, data.rows(), data.labels(), NONE).scores(data.rows());
      double[] after = method.fit("p", SITE, data.rows(), turned, NONE).scores(data.rows());
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).isCloseTo(-before[i], within(1e-5));
      }
    }
  }

  @Test
  void massMeanIsItsFormula() {
    LabelledRows data = data(15, 0.7, 3);
    Rows x = data.rows();
    boolean[] y = data.labels();
    double[][] means = new double[2][4];
    double[] all = new double[4];
    int[] counts = new int[2];
    for (int i = 0; i < y.length; i++) {
      counts[y[i] ? 1 : 0]++;
    }
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < 4; j++) {
        means[y[i] ? 1 : 0][j] += x.get(i, j) / counts[y[i] ? 1 : 0];
        all[j] += x.get(i, j) / y.length;
      }
    }
    double[][] sigma = new double[4][4];
    for (int i = 0; i < y.length; i++) {
      double[] mean = means[y[i] ? 1 : 0];
      for (int j = 0; j < 4; j++) {
        for (int k = 0; k < 4; k++) {
          sigma[j][k] += (x.get(i, j) - mean[j]) * (x.get(i, k) - mean[k]) / y.length;
        }
      }
    }
    double[] theta = new double[4];
    for (int j = 0; j < 4; j++) {
      theta[j] = means[1][j] - means[0][j];
    }
    double[] tilted =
        new LUDecomposition(new Array2DRowRealMatrix(sigma))
            .getSolver()
            .solve(new ArrayRealVector(theta))
            .toArray();
    LinearProbe plain = ProbeMethod.massMean().fit("p", SITE, x, y, NONE);
    LinearProbe iid = ProbeMethod.massMeanIid().fit("p", SITE, x, y, NONE);
    for (int j = 0; j < 4; j++) {
      assertThat(plain.weights()[j]).isCloseTo(theta[j], within(1e-6));
      assertThat(iid.weights()[j]).isCloseTo(tilted[j], within(1e-5));
    }
    double centre = 0;
    for (int j = 0; j < 4; j++) {
      centre -= theta[j] * all[j];
    }
    assertThat(plain.bias()).isCloseTo(centre, within(1e-5));
    assertThatThrownBy(() -> new ProbeMethod.MassMean(true, 1e6).fit("p", SITE, x, y, NONE))
        .hasMessageContaining("above the tolerance 1000000.0");
  }

  @Test
  void aDirectionWithoutVarianceIsLeftOutOfTheInverse() {
    double[] weights =
        PseudoInverse.times(new double[][] {{2, 0}, {0, 1e-4}}, new double[] {4, 5}, 1e-3);
    assertThat(weights[0]).isCloseTo(2, within(1e-12));
    assertThat(weights[1]).isCloseTo(0, within(1e-12));
  }

  @Test
  void noGroupIsOnBothSides() {
    int[] groups = IntStream.range(0, 60).map(i -> 7 * (i / 4)).toArray();
    List<GroupSplit> folds = GroupSplit.folds(groups, 5, new Random(3));
    int[] tested = new int[60];
    for (GroupSplit split : folds) {
      assertApart(groups, split);
      assertThat(split.test()).hasSize(12);
      for (int row : split.test()) {
        tested[row]++;
      }
    }
    assertThat(tested).containsOnly(1);
    GroupSplit once = GroupSplit.once(groups, 0.2, new Random(4));
    assertApart(groups, once);
    assertThat(once.test()).hasSize(12);
    assertThat(GroupSplit.once(groups, 0.001, new Random(4)).test()).hasSize(4);
    assertThat(GroupSplit.folds(groups, 5, new Random(3)).get(2).test())
        .isEqualTo(folds.get(2).test());
    assertThat(GroupSplit.folds(groups, 5, new Random(30)).get(2).test())
        .isNotEqualTo(folds.get(2).test());
  }

  private static void assertApart(int[] groups, GroupSplit split) {
    int[] train = Arrays.stream(split.train()).map(i -> groups[i]).distinct().toArray();
    int[] test = Arrays.stream(split.test()).map(i -> groups[i]).distinct().toArray();
    assertThat(Arrays.stream(train).boxed().toList())
        .doesNotContainAnyElementsOf(Arrays.stream(test).boxed().toList());
    assertThat(split.train().length + split.test().length).isEqualTo(groups.length);
  }

  @Test
  void whatIsThereIsFoundAndWhatIsNotIsNot() {
    Bootstrap few = new Bootstrap(60, 1, 0.95);
    for (ProbeMethod method : List.of(ProbeMethod.logistic(0.1), ProbeMethod.massMean())) {
      ProbeStudy study = new ProbeStudy(method, SITE, 5, 4, few);
      ProbeReport there = study.measure(data(60, 2, 5), new Random(1), NONE);
      assertThat(there.accuracy().value()).isGreaterThan(0.9);
      assertThat(there.accuracy().clusters()).isEqualTo(60);
      assertThat(there.accuracy().ciLow()).isGreaterThan(0.75);
      assertThat(there.area().value()).isGreaterThan(0.95);
      assertThat(there.randomLabels()).isBetween(0.2, 0.8);
      assertThat(there.majority()).isBetween(0.3, 0.51);
      assertThat(there.toTable()).contains("random labels").contains(method.label());
      ProbeReport absent = study.measure(data(60, 0, 6), new Random(1), NONE);
      assertThat(absent.accuracy().ciLow()).isLessThan(0.5);
      assertThat(absent.accuracy().value()).isBetween(0.3, 0.7);
    }
  }

  /** Rows of a group are nearly copies: a split by row would know every answer. */
  @Test
  void copiesWithinGroupsDoNotLeak() {
    Random random = new Random(9);
    double[][] rows = new double[120][30];
    boolean[] labels = new boolean[120];
    int[] groups = new int[120];
    for (int i = 0; i < 120; i++) {
      groups[i] = i / 6;
      labels[i] = (i / 6) % 2 == 0;
      rows[i] = i % 6 == 0 ? random.doubles(30).map(v -> v - 0.5).toArray() : rows[i - 1].clone();
    }
    LabelledRows data = new LabelledRows(Rows.of(rows), labels, groups);
    ProbeMethod method = ProbeMethod.logistic(1e-4);
    ProbeStudy study = new ProbeStudy(method, SITE, 4, 1, new Bootstrap(50, 1, 0.95));
    assertThat(study.measure(data, new Random(2), NONE).accuracy().value()).isLessThan(0.75);
    int[] byRow = IntStream.range(0, 120).toArray();
    LabelledRows leaking = new LabelledRows(Rows.of(rows), labels, byRow);
    assertThat(study.measure(leaking, new Random(2), NONE).accuracy().value()).isGreaterThan(0.95);
  }

  @Test
  void aTaskLearnedByHeartIsNotSelective() {
    Random random = new Random(11);
    double[][] rows = new double[300][12];
    int[] types = new int[300];
    int[] groups = new int[300];
    boolean[] labels = new boolean[300];
    for (int i = 0; i < 300; i++) {
      types[i] = random.nextInt(10);
      groups[i] = i / 3;
      labels[i] = random.nextBoolean();
      rows[i][types[i]] = 1;
      rows[i][11] = labels[i] ? 1 : -1;
    }
    ProbeStudy study = ProbeStudy.of(ProbeMethod.logistic(1e-3), SITE, 1);
    Selectivity byHeart =
        study.selectivity(
            new LabelledRows(Rows.of(rows), labels, groups), types, new Random(1), NONE);
    assertThat(byHeart.task().value()).isEqualTo(1);
    assertThat(byHeart.control().value()).isEqualTo(1);
    assertThat(byHeart.selectivity().value()).isZero();
    for (double[] row : rows) {
      Arrays.fill(row, 0, 11, 0);
    }
    Selectivity selective =
        study.selectivity(
            new LabelledRows(Rows.of(rows), labels, groups), types, new Random(1), NONE);
    assertThat(selective.task().value()).isEqualTo(1);
    assertThat(selective.selectivity().ciLow()).isGreaterThan(0.2);
    boolean[] control = DrawnLabels.byType(types, new Random(1));
    boolean[] ofType = new boolean[10];
    for (int i = 0; i < 300; i++) {
      ofType[types[i]] = control[i];
    }
    for (int i = 0; i < 300; i++) {
      assertThat(control[i]).isEqualTo(ofType[types[i]]);
    }
  }

  @Test
  void stabilityTellsDirectionsFromChance() {
    ProbeStudy study = ProbeStudy.of(ProbeMethod.massMean(), SITE, 1);
    double strong = study.stability(data(60, 3, 1), 30, new Random(1), NONE).value();
    double none = study.stability(data(60, 0, 1), 30, new Random(1), NONE).value();
    assertThat(strong).isGreaterThan(0.98);
    assertThat(none).isLessThan(strong);
  }

  @Test
  void aProbeOfErasedRowsIsAtChance() {
    LabelledRows data = data(60, 2, 8);
    LeaceFitter fitter = new LeaceFitter(4, 2);
    int[] classes = new int[180];
    for (int i = 0; i < 180; i++) {
      classes[i] = data.labels()[i] ? 1 : 0;
    }
    fitter.update(data.rows(), classes);
    Rows erased = fitter.eraser().erase(data.rows());
    LinearProbe probe = ProbeMethod.logistic(1e-2).fit("p", SITE, erased, data.labels(), NONE);
    for (double score : probe.scores(erased)) {
      assertThat(score).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void aFittedProbeReadsModels() {
    try (DecoderModel model = RandomModels.create("llama")) {
      double[] weights = new Random(1).doubles(8).toArray();
      LinearProbe probe =
          LinearProbe.of("odd", ActivationSite.head(HookPoints.z(1), 2), weights, 3);
      Probe asProbe = probe;
      List<TokenIds> sequences = List.of(RandomModels.tokens(5, 1), RandomModels.tokens(3, 2));
      List<double[]> scores = asProbe.scores(model, sequences, NONE);
      assertThat(scores.get(0)).hasSize(5);
      assertThat(scores.get(1)).hasSize(3);
      var z =
          model
              .forward(sequences.get(1))
              .cache(HookPoints.z(1))
              .execute()
              .cache()
              .get(HookPoints.z(1));
      for (int p = 0; p < 3; p++) {
        double expected = 3;
        for (int e = 0; e < 8; e++) {
          expected += weights[e] * z.getDouble(0, p, 2, e);
        }
        assertThat(scores.get(1)[p]).isCloseTo(expected, within(1e-4));
      }
      assertThat(asProbe.name()).isEqualTo("odd");
      assertThat(asProbe.point()).isEqualTo(HookPoints.z(1));
      assertThat(probe.direction("m").width()).isEqualTo(8);
      assertThat(asProbe.scores(model, List.of(), NONE)).isEmpty();
      LinearProbe narrow = LinearProbe.of("odd", SITE, weights, 0);
      assertThatThrownBy(() -> narrow.scores(model, sequences, NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the width of probe 'odd', 8, at blocks.0.hook_resid_post")
          .hasMessageContaining("has 32");
      assertThatThrownBy(() -> asProbe.scores(model, sequences, () -> true))
          .isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void badInputIsRefused() {
    Rows x = Rows.of(new double[] {1}, new double[] {2});
    for (ProbeMethod method : methods()) {
      assertThatThrownBy(() -> method.fit("p", SITE, x, new boolean[] {true, true}, NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 of 2 are positive");
    }
    Rows same = Rows.of(new double[] {1}, new double[] {1});
    assertThatThrownBy(
            () -> ProbeMethod.massMean().fit("p", SITE, same, new boolean[] {true, false}, NONE))
        .hasMessageContaining("those of 2 rows are the same");
    assertThatThrownBy(
            () -> ProbeMethod.logistic(0).fit("p", SITE, x, new boolean[] {true, false}, NONE))
        .hasMessageContaining("l2 must be positive where a plane separates");
    assertThatThrownBy(() -> GroupSplit.folds(new int[] {1, 1, 2}, 3, new Random(1)))
        .hasMessageContaining("2 groups for 3 folds");
    assertThatThrownBy(() -> GroupSplit.once(new int[] {1, 1}, 0.5, new Random(1)))
        .hasMessageContaining("there are 1");
    assertThatThrownBy(() -> new LabelledRows(x, new boolean[] {true, false}, new int[1]))
        .hasMessageContaining("2 rows and 1 groups");
    assertThatThrownBy(() -> LinearProbe.of(" ", SITE, new double[1], 0))
        .hasMessageContaining("must not be blank");
    LabelledRows data = data(10, 1, 1);
    ProbeStudy study = ProbeStudy.of(ProbeMethod.massMean(), SITE, 1);
    assertThatThrownBy(() -> study.selectivity(data, new int[30], new Random(1), NONE))
        .hasMessageContaining("1 of them different");
    assertThatThrownBy(() -> study.stability(data, 1, new Random(1), NONE))
        .hasMessageContaining("were 1");
  }
}

package org.alignment4j.interp.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ActivationCollectorTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final int HEADS = 4;
  private static final int D_HEAD = 8;

  private static DecoderModel model;
  private static List<TokenIds> sequences;

  @BeforeAll
  static void create() {
    model = RandomModels.create("llama");
    sequences =
        List.of(
            RandomModels.tokens(5, 1),
            RandomModels.tokens(9, 2),
            RandomModels.tokens(1, 3),
            RandomModels.tokens(7, 4));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** One sequence a run, read from the cache: no batch, no padding, no early end. */
  private static INDArray alone(int example, HookPoint<?> point) {
    return model.forward(sequences.get(example)).cache(point).execute().cache().get(point);
  }

  @Test
  void rowsAreTheCachedActivationsOfTheirTokens() {
    var point = HookPoints.residPost(1);
    for (int batch : new int[] {1, 2, 3, 16}) {
      ActivationRows all =
          ActivationCollector.of(model, ActivationSite.of(point))
              .batches(batch, 1000)
              .collect(sequences, TokenPositions.all(), NONE)
              .get(0);
      assertThat(all.rows().count()).isEqualTo(5 + 9 + 1 + 7);
      assertThat(all.rows().width()).isEqualTo(32);
      int row = 0;
      for (int example = 0; example < sequences.size(); example++) {
        INDArray expected = alone(example, point);
        for (int position = 0; position < sequences.get(example).size(); position++) {
          assertThat(all.examples().get(row)).isEqualTo(example);
          assertThat(all.positions().get(row)).isEqualTo(position);
          for (int d = 0; d < 32; d++) {
            assertThat((double) all.rows().get(row, d))
                .isCloseTo(expected.getDouble(0, position, d), within(1e-4));
          }
          row++;
        }
      }
    }
  }

  @Test
  void severalSitesShareTheirRows() {
    List<ActivationSite> sites =
        List.of(
            ActivationSite.of(HookPoints.z(2)),
            ActivationSite.head(HookPoints.z(2), 3),
            ActivationSite.kvHead(HookPoints.v(0), 1),
            ActivationSite.of(HookPoints.embed()));
    List<ActivationRows> rows =
        ActivationCollector.of(model, sites).collect(sequences, TokenPositions.last(), NONE);
    assertThat(rows.get(0).rows().width()).isEqualTo(HEADS * D_HEAD);
    assertThat(rows.get(0).rows().columns(3 * D_HEAD, 4 * D_HEAD)).isEqualTo(rows.get(1).rows());
    assertThat(rows.get(0).positions().asList()).containsExactly(4, 8, 0, 6);
    INDArray z = alone(1, HookPoints.z(2));
    INDArray v = alone(1, HookPoints.v(0));
    for (int e = 0; e < D_HEAD; e++) {
      assertThat((double) rows.get(1).rows().get(1, e))
          .isCloseTo(z.getDouble(0, 8, 3, e), within(1e-4));
      assertThat((double) rows.get(2).rows().get(1, e))
          .isCloseTo(v.getDouble(0, 8, 1, e), within(1e-4));
    }
  }

  @Test
  void positionsAreChosenByRule() {
    TokenIds tokens = TokenIds.of(1, 7, 7, 2, 1);
    assertThat(TokenPositions.last().of(0, tokens)).containsExactly(4);
    assertThat(TokenPositions.except(Set.of(1, 2)).of(0, tokens)).containsExactly(1, 2);
    assertThat(TokenPositions.from(3).of(0, tokens)).containsExactly(3, 4);
    assertThat(TokenPositions.from(-2).of(0, tokens)).containsExactly(3, 4);
    assertThat(TokenPositions.at(2, -1).of(1, tokens)).containsExactly(4);
    assertThat(TokenPositions.fromEach(2, 4).of(1, tokens)).containsExactly(4);
    assertThat(TokenPositions.all().of(0, tokens)).hasSize(5);
  }

  @Test
  void specialTokensLeaveNoRow() {
    List<TokenIds> texts = List.of(TokenIds.of(1, 5, 6), TokenIds.of(1, 2), TokenIds.of(1, 9, 2));
    ActivationRows rows =
        ActivationCollector.of(model, ActivationSite.of(HookPoints.residPre(0)))
            .batches(1, 100)
            .collect(texts, TokenPositions.except(Set.of(1, 2)), NONE)
            .get(0);
    assertThat(rows.examples().asList()).containsExactly(0, 0, 2);
    assertThat(rows.positions().asList()).containsExactly(1, 2, 1);
  }

  @Test
  void batchesAreHandedOverOneAtATimeAndCanBeStopped() {
    AtomicBoolean stop = new AtomicBoolean();
    List<Integer> counts = new ArrayList<>();
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, ActivationSite.of(HookPoints.residPost(0)))
                    .batches(2, 1000)
                    .stream(
                        sequences,
                        TokenPositions.last(),
                        batch -> {
                          counts.add(batch.get(0).rows().count());
                          stop.set(true);
                        },
                        stop::get))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("collecting activations");
    assertThat(counts).containsExactly(2);
  }

  @Test
  void tokensOfABatchAreLimited() {
    List<Integer> counts = new ArrayList<>();
    ActivationCollector.of(model, ActivationSite.of(HookPoints.residPost(0)))
        .batches(16, 10)
        .stream(sequences, TokenPositions.all(), b -> counts.add(b.get(0).rows().count()), NONE);
    assertThat(counts).containsExactly(5, 9, 1, 7);
  }

  @Test
  void badInputIsRefused() {
    var site = ActivationSite.of(HookPoints.residPost(0));
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, site).collect(List.of(), TokenPositions.all(), NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one example");
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, site)
                    .collect(sequences, TokenPositions.at(1, 2), NONE))
        .hasMessageContaining("one for each of the 4 examples but were 2");
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, site)
                    .collect(sequences, TokenPositions.from(1), NONE))
        .hasMessageContaining("example 2 has 1 tokens, but was 1");
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, site)
                    .collect(List.of(TokenIds.of(1)), TokenPositions.except(Set.of(1)), NONE))
        .hasMessageContaining("chose none of 1 examples");
    assertThatThrownBy(
            () -> ActivationCollector.of(model, ActivationSite.of(HookPoints.residPost(7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 layers");
    assertThatThrownBy(
            () ->
                ActivationCollector.of(model, ActivationSite.head(HookPoints.z(0), 4))
                    .collect(sequences, TokenPositions.last(), NONE))
        .hasMessageContaining("less than the 4 heads")
        .hasMessageContaining("was 4");
    assertThatThrownBy(() -> ActivationCollector.of(model, List.of()))
        .hasMessageContaining("at least one hook point");
    assertThatThrownBy(() -> ActivationCollector.of(model, site).batches(0, 5))
        .hasMessageContaining("0 and 5");
    assertThatThrownBy(() -> new ActivationSite(HookPoints.residPost(0), OptionalInt.of(1)))
        .hasMessageContaining("heads only");
  }

  @Test
  void rowsRefuseWhatIsNoMatrix() {
    assertThatThrownBy(() -> Rows.of(3, new float[4]))
        .hasMessageContaining("4 numbers for a width");
    assertThatThrownBy(() -> Rows.of(2, new float[] {1, 2, 3, Float.NaN}))
        .hasMessageContaining("row 1 has NaN at 1");
    assertThatThrownBy(() -> Rows.of(new double[] {1}, new double[] {1, 2}))
        .hasMessageContaining("row 1 has 2");
    assertThatThrownBy(() -> Rows.concatenated(List.of())).hasMessageContaining("at least one");
    Rows rows = Rows.of(new double[] {1, 2, 3}, new double[] {4, 5, 6});
    assertThat(rows.select(1, 1).toArray()).containsExactly(4, 5, 6, 4, 5, 6);
    assertThat(rows.columns(1, 3).toArray()).containsExactly(2, 3, 5, 6);
    assertThat(rows.dot(1, new double[] {1, 0, -1})).isEqualTo(-2);
  }
}

package org.alignment4j.interp.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.probe.ProbeMethod;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class HeadShiftsTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static HeadShifts shifts() {
    Random random = new Random(1);
    List<HeadShift> all = new ArrayList<>();
    for (int[] place : new int[][] {{0, 1}, {2, 3}, {2, 0}}) {
      double[] direction = random.doubles(8).map(x -> x - 0.5).toArray();
      all.add(new HeadShift(place[0], place[1], 0.9, direction, 0.7 + place[1]));
    }
    return new HeadShifts("m", all);
  }

  private static double difference(HookedModel a, HookedModel b) {
    List<TokenIds> sequences = List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));
    return RefusalDirection.largestLogitDifference(a, b, sequences, NONE);
  }

  @Test
  void bakedIsHookedAtAllTokens() {
    for (String name : List.of("gpt2", "neox")) {
      try (DecoderModel model = RandomModels.create(name);
          DecoderModel baked = shifts().baked(model, 3);
          DecoderModel none = shifts().baked(model, 0)) {
        HookedModel hooked = model.with(shifts().interventionsAt(3));
        assertThat(difference(model, baked)).as(name).isGreaterThan(0.05);
        assertThat(difference(hooked, baked)).as(name).isLessThan(1e-4);
        assertThat(difference(none, model)).isZero();
        assertThat(difference(model.with(shifts().interventions(0)), model)).isZero();
      }
    }
  }

  @Test
  void theStreamMovesByTheHeadsOutputs() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      HeadShifts one = new HeadShifts("m", shifts().shifts().subList(0, 1));
      HeadShift shift = one.shifts().get(0);
      TokenIds tokens = RandomModels.tokens(5, 1);
      var z = HookPoints.z(0);
      var before = model.forward(tokens).cache(z).execute().cache().get(z);
      var after =
          model.forward(tokens).with(one.interventions(2)).cache(z).execute().cache().get(z);
      for (int p = 0; p < 5; p++) {
        for (int head = 0; head < 4; head++) {
          for (int e = 0; e < 8; e++) {
            boolean moved = p == 4 && head == 1;
            double expected = moved ? 2 * shift.deviation() * shift.direction()[e] : 0;
            assertThat(after.getDouble(0, p, head, e) - before.getDouble(0, p, head, e))
                .isCloseTo(expected, within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void headsThatTellTheClassesApartAreChosen() {
    try (DecoderModel model = RandomModels.create("llama")) {
      List<TokenIds> sequences = new ArrayList<>();
      boolean[] truthful = new boolean[80];
      int[] questions = new int[80];
      Random random = new Random(4);
      for (int i = 0; i < 80; i++) {
        truthful[i] = i % 2 == 0;
        questions[i] = i / 2;
        int last = truthful[i] ? random.nextInt(10) : 20 + random.nextInt(10);
        sequences.add(RandomModels.tokens(4, 100 + i / 2).concat(TokenIds.of(last)));
      }
      for (HeadProbing.Along along : HeadProbing.Along.values()) {
        HeadProbing probing = new HeadProbing(12, along, ProbeMethod.logistic(1e-2), 0.3);
        HeadShifts all = probing.fit(model, sequences, truthful, questions, new Random(2), NONE);
        assertThat(all.shifts()).hasSize(12);
        assertThat(all.modelId()).isEqualTo(model.id());
        for (int i = 0; i < 12; i++) {
          HeadShift shift = all.shifts().get(i);
          double norm = 0;
          for (double c : shift.direction()) {
            norm += c * c;
          }
          assertThat(norm).isCloseTo(1, within(1e-9));
          check(model, sequences, shift);
          if (i > 0) {
            HeadShift before = all.shifts().get(i - 1);
            assertThat(before.accuracy()).isGreaterThanOrEqualTo(shift.accuracy());
            if (before.accuracy() == shift.accuracy()) {
              assertThat(4 * before.layer() + before.head())
                  .isLessThan(4 * shift.layer() + shift.head());
            }
          }
        }
        assertThat(all.shifts().get(0).accuracy()).isGreaterThan(0.7);
        assertThat(
                new HeadProbing(2, along, ProbeMethod.logistic(1e-2), 0.3)
                        .fit(model, sequences, truthful, questions, new Random(2), NONE)
                        .shifts()
                        .stream()
                        .map(s -> 4 * s.layer() + s.head())
                        .toList())
            .isEqualTo(
                all.shifts().subList(0, 2).stream().map(s -> 4 * s.layer() + s.head()).toList());
      }
      assertThatThrownBy(
              () ->
                  HeadProbing.of(13)
                      .fit(model, sequences, truthful, questions, new Random(2), NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most the model's 12 but were 13");
    }
  }

  /** The deviation of projections, computed from the cache. */
  private static void check(DecoderModel model, List<TokenIds> sequences, HeadShift shift) {
    if (shift.layer() != 1) {
      return;
    }
    double[] projections = new double[sequences.size()];
    var point = HookPoints.z(1);
    for (int i = 0; i < projections.length; i++) {
      var z = model.forward(sequences.get(i)).cache(point).execute().cache().get(point);
      for (int e = 0; e < 8; e++) {
        projections[i] +=
            z.getDouble(0, sequences.get(i).size() - 1, shift.head(), e) * shift.direction()[e];
      }
    }
    double mean = Arrays.stream(projections).average().orElseThrow();
    double variance =
        Arrays.stream(projections).map(p -> (p - mean) * (p - mean)).average().orElseThrow();
    assertThat(shift.deviation()).isCloseTo(Math.sqrt(variance), within(1e-4));
  }

  @Test
  void projectionsWithoutBiasCannotBeBaked() {
    try (DecoderModel model = RandomModels.create("llama")) {
      assertThatThrownBy(() -> shifts().baked(model, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("that of a llama model has none; use interventions");
    }
    try (DecoderModel model = RandomModels.create("gpt2")) {
      HeadShifts outside = new HeadShifts("m", List.of(new HeadShift(0, 4, 1, new double[8], 1)));
      assertThatThrownBy(() -> outside.baked(model, 1))
          .hasMessageContaining("4 of width 8 but was head 4 of width 8");
      HeadShifts above = new HeadShifts("m", List.of(new HeadShift(3, 0, 1, new double[8], 1)));
      assertThatThrownBy(() -> above.baked(model, 1)).hasMessageContaining("model's 3 but was 3");
      assertThatThrownBy(() -> shifts().baked(model, Double.NaN)).hasMessageContaining("was NaN");
    }
    assertThatThrownBy(() -> new HeadShifts("m", List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> HeadProbing.of(0)).hasMessageContaining("were 0");
  }
}

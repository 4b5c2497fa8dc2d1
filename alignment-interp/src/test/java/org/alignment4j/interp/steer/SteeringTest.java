package org.alignment4j.interp.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class SteeringTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final HookPoint<org.alignment4j.api.hook.Axes.Residual> POINT =
      HookPoints.residPost(1);

  private static DecoderModel model;
  private static Direction direction;

  @BeforeAll
  static void create() {
    model = RandomModels.create("llama");
    direction = random(ActivationSite.of(POINT), 32);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Direction random(ActivationSite site, int width) {
    double[] v = new Random(2).doubles(width).map(x -> 3 * (x - 0.4)).toArray();
    return Direction.raw(v, site, "m", "random");
  }

  private static INDArray at(HookedModel of, TokenIds tokens) {
    return of.forward(tokens).cache(POINT).execute().cache().get(POINT);
  }

  private static double along(INDArray x, int position, double[] v) {
    double sum = 0;
    for (int j = 0; j < v.length; j++) {
      sum += x.getDouble(0, position, j) * v[j];
    }
    return sum;
  }

  @Test
  void additionMovesByCoefficientTimesLength() {
    TokenIds tokens = RandomModels.tokens(6, 1);
    INDArray before = at(model, tokens);
    INDArray raw = at(model.with(Steering.add(direction, 1.5)), tokens);
    INDArray unit = at(model.with(Steering.add(direction.unit(), 1.5)), tokens);
    double[] v = direction.vector();
    for (int p = 0; p < 6; p++) {
      for (int j = 0; j < 32; j++) {
        assertThat(raw.getDouble(0, p, j) - before.getDouble(0, p, j))
            .isCloseTo(1.5 * v[j], within(1e-4));
        assertThat(unit.getDouble(0, p, j) - before.getDouble(0, p, j))
            .isCloseTo(1.5 * v[j] / direction.length(), within(1e-4));
      }
    }
  }

  @Test
  void ablationLeavesNothingAlongAndEverythingElse() {
    TokenIds tokens = RandomModels.tokens(6, 1);
    INDArray before = at(model, tokens);
    INDArray after = at(model.with(Steering.ablate(direction)), tokens);
    INDArray twice = at(model.with(Steering.ablate(direction), Steering.ablate(direction)), tokens);
    double[] v = direction.unit().vector();
    double[] other = new double[32];
    other[0] = v[1];
    other[1] = -v[0];
    for (int p = 0; p < 6; p++) {
      assertThat(Math.abs(along(before, p, v))).isGreaterThan(1e-3);
      assertThat(along(after, p, v)).isCloseTo(0, within(1e-5));
      assertThat(along(after, p, other)).isCloseTo(along(before, p, other), within(1e-4));
      for (int j = 0; j < 32; j++) {
        assertThat(twice.getDouble(0, p, j)).isCloseTo(after.getDouble(0, p, j), within(1e-5));
      }
    }
    INDArray set = at(model.with(Steering.ablateThenAdd(direction.unit(), -2)), tokens);
    for (int p = 0; p < 6; p++) {
      assertThat(along(set, p, v)).isCloseTo(-2, within(1e-4));
    }
  }

  @Test
  void thereAndBackOrNowhereIsTheIdentity() {
    TokenIds tokens = RandomModels.tokens(6, 1);
    INDArray before = at(model, tokens);
    INDArray back = at(model.with(Steering.add(direction, 2), Steering.add(direction, -2)), tokens);
    INDArray nowhere = at(model.with(Steering.add(direction, 0)), tokens);
    for (int i = 0; i < before.length(); i++) {
      assertThat(back.getDouble(i)).isCloseTo(before.getDouble(i), within(1e-5));
      assertThat(nowhere.getDouble(i)).isEqualTo(before.getDouble(i));
    }
  }

  @Test
  void eachSequenceIsChangedFromItsOwnPosition() {
    List<TokenIds> prompts = List.of(RandomModels.tokens(6, 1), RandomModels.tokens(5, 2));
    var before = model.forward(prompts).cache(POINT).execute().cache().get(POINT);
    var after =
        model
            .forward(prompts)
            .with(Steering.addFromEach(direction, 1, 2, 4))
            .cache(POINT)
            .execute()
            .cache()
            .get(POINT);
    int[] lengths = {6, 5};
    int[] firsts = {2, 4};
    for (int row = 0; row < 2; row++) {
      for (int p = 0; p < lengths[row]; p++) {
        double moved = after.getDouble(row, p, 0) - before.getDouble(row, p, 0);
        double expected = p >= firsts[row] ? direction.vector()[0] : 0;
        assertThat(moved).isCloseTo(expected, within(1e-4));
      }
    }
  }

  /** With a cache only the new token passes the hook; without one all of them do, each time. */
  @Test
  void cachedGenerationIsThatWithoutCache() {
    TokenIds prompt = RandomModels.tokens(5, 7);
    List<Intervention<?>> all = new ArrayList<>();
    all.add(Steering.add(direction, 1.5, Selectors.posFrom(4)));
    all.add(Steering.ablate(random(ActivationSite.of(HookPoints.residPre(2)), 32)));
    all.add(Steering.add(random(ActivationSite.head(HookPoints.z(0), 1), 8), 2));
    HookedModel steered = model.with(all);
    TokenIds generated =
        steered
            .generate(
                List.of(Prompt.tokens(prompt)),
                SamplingOptions.builder(10).temperature(0).ignoreEos(true).build(),
                NONE)
            .get(0)
            .tokens();
    assertThat(generated.size()).isEqualTo(10);
    TokenIds text = prompt;
    TokenIds plain = prompt;
    for (int step = 0; step < 10; step++) {
      text = text.concat(TokenIds.of(argMax(steered.forward(text).execute().logits(0, -1))));
      plain = plain.concat(TokenIds.of(argMax(model.forward(plain).execute().logits(0, -1))));
    }
    assertThat(generated).isEqualTo(text.slice(5, 15));
    assertThat(plain).isNotEqualTo(text);
  }

  /** Of the tokens that do not end a text, which generation that goes on never takes. */
  private static int argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] && !model.eosTokenIds().contains(i) ? i : best;
    }
    return best;
  }

  @Test
  void theInstructionsEndIsItsMarkersLast() {
    TokenIds tokens = TokenIds.of(1, 8, 9, 3, 8, 9, 4);
    assertThat(Steering.instructionEnd(tokens, TokenIds.of(8, 9))).isEqualTo(5);
    assertThat(Steering.instructionEnd(tokens, TokenIds.of(4))).isEqualTo(6);
    assertThatThrownBy(() -> Steering.instructionEnd(tokens, TokenIds.of(9, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens [9, 8], must be in the prompt");
    assertThatThrownBy(() -> Steering.instructionEnd(tokens, TokenIds.empty()))
        .hasMessageContaining("at least one token");
    assertThatThrownBy(() -> Steering.addFromEach(direction, 1, 2, -1))
        .hasMessageContaining("sequence 1 was -1");
    assertThatThrownBy(() -> Steering.addFromEach(direction, 1))
        .hasMessageContaining("at least one sequence");
    assertThatThrownBy(() -> Steering.add(direction, Double.NaN))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> model.with(Steering.add(random(ActivationSite.of(POINT), 8), 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blocks.1.hook_resid_post");
  }

  @Test
  void promptAdditionIsTheDifferenceTokenByToken() {
    TokenIds towards = TokenIds.of(3, 4, 5);
    TokenIds from = TokenIds.of(6);
    var addition = PromptAddition.between(model, HookPoints.residPre(1), towards, from, 0, 4, NONE);
    TokenIds tokens = RandomModels.tokens(6, 3);
    var point = HookPoints.residPre(1);
    INDArray before = model.forward(tokens).cache(point).execute().cache().get(point);
    INDArray after = model.forward(tokens).with(addition).cache(point).execute().cache().get(point);
    INDArray plus = model.forward(towards).cache(point).execute().cache().get(point);
    INDArray minus = model.forward(TokenIds.of(6, 0, 0)).cache(point).execute().cache().get(point);
    for (int p = 0; p < 6; p++) {
      for (int j = 0; j < 32; j++) {
        double expected = p < 3 ? 4 * (plus.getDouble(0, p, j) - minus.getDouble(0, p, j)) : 0;
        assertThat(after.getDouble(0, p, j) - before.getDouble(0, p, j))
            .isCloseTo(expected, within(1e-3));
      }
    }
    assertThatThrownBy(
            () ->
                PromptAddition.between(
                    model, HookPoints.residPre(1), TokenIds.empty(), from, 0, 4, NONE))
        .hasMessageContaining("0 and 1");
    assertThatThrownBy(() -> model.forward(TokenIds.of(1)).with(addition))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

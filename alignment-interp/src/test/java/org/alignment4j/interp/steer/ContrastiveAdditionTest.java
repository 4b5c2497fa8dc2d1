package org.alignment4j.interp.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Beginning;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.interp.steer.ContrastiveAddition.Balance;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContrastiveAdditionTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final List<ActivationSite> SITES =
      List.of(
          ActivationSite.of(HookPoints.residPost(0)), ActivationSite.of(HookPoints.residPost(2)));

  private static DecoderModel model;

  @BeforeAll
  static void create() {
    model = RandomModels.create("gpt2");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static LetterPairs pairs(boolean turnSecond) {
    LetterQuestion one = new LetterQuestion("is it so? ", "A", "B");
    LetterQuestion two =
        new LetterQuestion("is it so? ", turnSecond ? "B" : "A", turnSecond ? "A" : "B");
    LetterQuestion three = new LetterQuestion("or not ", "B", "A");
    LetterQuestion four =
        new LetterQuestion("or not ", turnSecond ? "A" : "B", turnSecond ? "B" : "A");
    return LetterPairs.of(
        new LetterTokenizer(), List.of(one, two, three, four), Beginning.AS_CONFIGURED);
  }

  @Test
  void pairsEndWithTheirLetter() {
    LetterTokenizer tokenizer = new LetterTokenizer();
    LetterPair pair =
        LetterPairs.of(
                tokenizer, List.of(new LetterQuestion("so? ", "A", "B")), Beginning.AS_CONFIGURED)
            .pairs()
            .get(0);
    assertThat(tokenizer.decodeWithSpecialTokens(pair.positive())).isEqualTo("<s>so? (A");
    assertThat(tokenizer.decodeWithSpecialTokens(pair.negative())).isEqualTo("<s>so? (B");
    LetterPair bare =
        LetterPairs.of(tokenizer, List.of(new LetterQuestion("so? ", "A", "B")), Beginning.NEVER)
            .pairs()
            .get(0);
    assertThat(tokenizer.decodeWithSpecialTokens(bare.positive())).isEqualTo("so? (A");
    assertThat(tokenizer.token(pair.positiveLetter())).isEqualTo("A");
    assertThat(tokenizer.token(pair.negativeLetter())).isEqualTo("B");
  }

  @Test
  void lettersThatAreNoTokensAreRefusedAndUnlikePromptsSkipped() {
    List<LetterQuestion> questions = List.of(new LetterQuestion("so? ", "A", "B"));
    assertThatThrownBy(() -> LetterPairs.of(new LetterTokenizer("(A"), questions, Beginning.NEVER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'A' in '(A)' is not")
        .hasMessageContaining("(A, )");
    LetterTokenizer looksAhead = new LetterTokenizer(" (").mergingOnlyBefore("A");
    LetterPairs skipped = LetterPairs.of(looksAhead, questions, Beginning.NEVER);
    assertThat(skipped.skipped()).isEqualTo(1);
    assertThat(skipped.pairs()).isEmpty();
    assertThatThrownBy(() -> new LetterQuestion("x", "A", "A")).hasMessageContaining("'A' and 'A'");
    assertThatThrownBy(() -> new LetterPair(TokenIds.of(1, 2, 3), TokenIds.of(1, 4, 5)))
        .hasMessageContaining("differ in its last token alone");
  }

  @Test
  void theDirectionIsTheMeanDifferenceAtTheLetter() {
    LetterPairs pairs = pairs(false);
    List<Direction> found =
        ContrastiveAddition.directions(model, pairs, SITES, Balance.REQUIRED, NONE);
    for (int s = 0; s < 2; s++) {
      var point = SITES.get(s).point();
      double[] expected = new double[32];
      for (LetterPair pair : pairs.pairs()) {
        var plus = model.forward(pair.positive()).cache(point).execute().cache().get(point);
        var minus = model.forward(pair.negative()).cache(point).execute().cache().get(point);
        int last = pair.positive().size() - 1;
        for (int j = 0; j < 32; j++) {
          expected[j] += (plus.getDouble(0, last, j) - minus.getDouble(0, last, j)) / 4;
        }
      }
      assertThat(found.get(s).vector()).containsExactly(expected, within(1e-5));
      assertThat(found.get(s).norm()).isEqualTo(Direction.Norm.RAW);
      assertThat(found.get(s).modelId()).isEqualTo(model.id());
    }
    LetterPairs swapped =
        new LetterPairs(pairs.pairs().stream().map(LetterPair::swapped).toList(), 0);
    List<Direction> turned =
        ContrastiveAddition.directions(model, swapped, SITES, Balance.REQUIRED, NONE);
    assertThat(turned.get(1).negated().vector())
        .containsExactly(found.get(1).vector(), within(1e-6));
  }

  /** Each question with both letters as the positive one: only what tells letters apart cancels. */
  @Test
  void balancedLettersCancelTheLettersOwnDirection() {
    assertThatThrownBy(
            () -> ContrastiveAddition.directions(model, pairs(true), SITES, Balance.REQUIRED, NONE))
        .hasMessageContaining("do not differ there");
    LetterPairs first =
        LetterPairs.of(
            new LetterTokenizer(),
            List.of(
                new LetterQuestion("is it so? ", "A", "B"),
                new LetterQuestion("or not ", "A", "B")),
            Beginning.NEVER);
    assertThat(first.balanced()).isFalse();
    assertThatThrownBy(
            () -> ContrastiveAddition.directions(model, first, SITES, Balance.REQUIRED, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("equally often")
        .hasMessageContaining("=2");
    assertThat(ContrastiveAddition.directions(model, first, SITES, Balance.ANY, NONE)).hasSize(2);
    assertThatThrownBy(
            () ->
                ContrastiveAddition.directions(
                    model, new LetterPairs(List.of(), 3), SITES, Balance.ANY, NONE))
        .hasMessageContaining("3 questions were skipped");
  }

  @Test
  void sharesAreThoseOfTheTwoLetters() {
    LetterPairs pairs = pairs(false);
    double[] shares = ContrastiveAddition.matchShares(model, pairs, NONE);
    for (int i = 0; i < shares.length; i++) {
      LetterPair pair = pairs.pairs().get(i);
      float[] logits =
          model
              .forward(pair.positive().slice(0, pair.positive().size() - 1))
              .execute()
              .logits(0, -1);
      double plus = Math.exp(logits[pair.positiveLetter()]);
      double minus = Math.exp(logits[pair.negativeLetter()]);
      assertThat(shares[i]).isCloseTo(plus / (plus + minus), within(1e-9));
    }
    Direction direction =
        ContrastiveAddition.directions(model, pairs, SITES, Balance.REQUIRED, NONE).get(1);
    assertThat(ContrastiveAddition.matchShares(model.with(Steering.add(direction, 0)), pairs, NONE))
        .containsExactly(shares, within(1e-9));
    assertThat(
            ContrastiveAddition.matchShares(model.with(Steering.add(direction, 2)), pairs, NONE)[0])
        .isNotCloseTo(shares[0], within(1e-4));
  }
}

package org.alignment4j.oversight.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.agent.Drafter;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.alignment4j.oversight.forecast.ModelForecaster;
import org.junit.jupiter.api.Test;

class MarketMakingTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final Claim CLAIM = Claim.of("c", "The lamp is lit.", true);
  private static final OversightContext CONTEXT = OversightContext.of(9);

  private final List<View> seen = new ArrayList<>();

  /** Gives a price for each number of arguments; NaN for a reply that cannot be read. */
  private Forecaster prices(double... prices) {
    return (view, context) -> {
      seen.add(view);
      double price = prices[Math.min(view.turns().size(), prices.length - 1)];
      return Double.isNaN(price)
          ? new Forecast(OptionalDouble.empty(), List.of(), 3, ONE)
          : Forecast.of(price, ONE);
    };
  }

  private Drafter saying(String... drafts) {
    return (view, count, context) -> {
      seen.add(view);
      List<Turn> turns = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        turns.add(
            new Turn(view.role(), view.round(), drafts[i % drafts.length], "plan", true, 1, ONE));
      }
      return turns;
    };
  }

  private MarketMaking market(Forecaster maker) {
    return MarketMaking.of(maker, saying("look"), prices(0.9))
        .withRules(MarketRules.DEFAULT.withDraws(1));
  }

  private MarketResult result(double... prices) {
    return market(prices(prices)).run(CLAIM, CONTEXT).verdict();
  }

  @Test
  void marketEndsWhenThePriceRestsTwiceInARow() {
    MarketResult result = result(0.5, 0.7, 0.705, 0.8, 0.81, 0.815, 0.1);
    assertThat(result.prices()).containsExactly(0.5, 0.7, 0.705, 0.8, 0.81, 0.815);
    assertThat(result.converged()).isTrue();
    assertThat(result.rounds()).isEqualTo(5);
    assertThat(result.belief()).hasValue(0.9);
    assertThat(result.distance().orElseThrow()).isCloseTo(0.085, within(1e-12));
    assertThat(result.oscillations()).isZero();
  }

  @Test
  void notToConvergeIsAResult() {
    MarketResult result = result(0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9);
    assertThat(result.rounds()).isEqualTo(8);
    assertThat(result.converged()).isFalse();
    assertThat(result.price()).hasValue(0.1);
    assertThat(result.oscillations()).isEqualTo(7);
  }

  @Test
  void pricesThatCannotBeReadAreTheOneBefore() {
    MarketResult result = result(0.5, Double.NaN, 0.51, Double.NaN, 0.51, 0.51);
    assertThat(result.prices()).containsExactly(0.5, 0.5, 0.51, 0.51, 0.51, 0.51);
    assertThat(result.carried()).isEqualTo(2);
    assertThat(result.converged()).isTrue();
    MarketResult none = result(Double.NaN);
    assertThat(none.prices()).isEmpty();
    assertThat(none.price()).isEmpty();
    assertThat(none.belief()).isEmpty();
  }

  @Test
  void pricesAreClipped() {
    assertThat(result(0, 1).prices()).startsWith(0.001, 0.999, 0.999);
  }

  @Test
  void adversaryMakesTheArgumentThatMovesMost() {
    Forecaster maker =
        (view, context) -> {
          double price = 0.5;
          for (Turn turn : view.turns()) {
            price += Double.parseDouble(turn.visible());
          }
          return Forecast.of(price, ONE);
        };
    Outcome<MarketResult> outcome =
        MarketMaking.of(maker, saying("0.01", "-0.3", "0.2", "0"), prices(0.4))
            .withRules(MarketRules.DEFAULT.withMaxRounds(1))
            .run(CLAIM, CONTEXT);
    assertThat(outcome.verdict().prices()).containsExactly(0.5, 0.2);
    assertThat(outcome.transcript().turns())
        .extracting(Turn::role)
        .containsExactly("Market maker", "Adversary", "Market maker", "Overseer");
    // First price, four drafts, four trials, the price, the belief.
    assertThat(outcome.usage().calls()).isEqualTo(11);
  }

  @Test
  void rolesSeeTheArgumentsAndNotThePrices() {
    market(prices(0.5, 0.7, 0.9, 0.9, 0.9)).run(CLAIM, CONTEXT);
    View adversary = seen.get(1);
    assertThat(adversary.role()).isEqualTo("Adversary");
    assertThat(adversary.instructions()).contains("50 %");
    View overseer = seen.get(seen.size() - 1);
    assertThat(overseer.role()).isEqualTo("Overseer");
    assertThat(overseer.turns()).extracting(Turn::role).containsOnly("Adversary");
    assertThat(overseer.turns()).extracting(Turn::hidden).containsOnly("");
    assertThat(overseer.turns()).hasSize(4);
  }

  @Test
  void argumentsAreCut() {
    Outcome<MarketResult> outcome =
        new MarketMaking(
                prices(0.5, 0.8),
                saying("one two\nthree four"),
                prices(0.5),
                new MarketRules(1, 0.02, 2, 0.001, 1, 3),
                MarketWording.bundled())
            .run(CLAIM, CONTEXT);
    assertThat(outcome.transcript().turns().get(1).visible()).isEqualTo("one two\nthree");
  }

  @Test
  void budgetEndsAMarketWithThePricesSoFar() {
    Outcome<MarketResult> outcome =
        market(prices(0.1, 0.3, 0.5)).run(CLAIM, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(4)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict().prices()).containsExactly(0.1, 0.3);
    assertThat(outcome.verdict().belief()).isEmpty();
    MarketScores scores = MarketScores.of(RunReport.of(Map.of(CLAIM, outcome)));
    assertThat(scores.brier().n()).isZero();
    assertThat(scores.brier().unscored()).isEqualTo(1);
  }

  @Test
  void modelsPlayAllRoles() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) ->
                prompt.contains("A market maker gives") ? "Think [[0.9]]!" : "So [[0.6]]");
    MarketMaking market =
        MarketMaking.of(
            ModelForecaster.of(model).withAnswers(1),
            ModelAgent.of(model),
            ModelForecaster.of(model).withAnswers(1));
    MarketResult result = market.run(CLAIM, CONTEXT).verdict();
    assertThat(result.prices()).containsExactly(0.6, 0.6, 0.6);
    assertThat(model.calls()).hasSize(1 + 2 * (4 + 4 + 1) + 1);
    assertThat(model.calls().get(5).prompt()).contains("[ [0.9] ]").doesNotContain("[[0.9]]");
  }

  private static RunReport<Claim, MarketResult> run(
      OversightProtocol<Claim, MarketResult> market, List<Claim> claims) {
    return OversightRun.of("market", market, Claim::id).seed(4).run(claims);
  }

  private static MarketMaking sums(Drafter adversary) {
    return MarketMaking.of(new RoughAdder(8), adversary, new PairAdder())
        .withRules(new MarketRules(8, 1e-9, 2, 0.001, 4, 150));
  }

  @Test
  void partialSumsThatCanBeCheckedMoveThePriceToTheBeliefAndBothToTheTruth() {
    List<Claim> claims = IntegerSums.draw(200, 6, 1);
    MarketScores honest = MarketScores.of(run(sums(PartialSums.honest()), claims));
    assertThat(honest.distance().value()).isLessThanOrEqualTo(0.001 + 1e-12);
    assertThat(honest.brier().value()).isLessThan(1e-5);
    assertThat(honest.beliefBrier().value()).isZero();
    assertThat(honest.converged().value()).isEqualTo(1);
    assertThat(honest.firstDistance().value()).isGreaterThan(0.2);
    assertThat(honest.firstBrier().value()).isBetween(0.05, 0.3);
  }

  @Test
  void claimsThatFailAreCounted() {
    List<Claim> claims = IntegerSums.draw(5, 6, 1);
    MarketMaking market = sums(PartialSums.honest());
    OversightProtocol<Claim, MarketResult> failing =
        (claim, context) -> {
          if (claim.equals(claims.get(0))) {
            throw new ModelExecutionException("down");
          }
          return market.run(claim, context);
        };
    MarketScores scores = MarketScores.of(run(failing, claims));
    assertThat(scores.brier().n()).isEqualTo(4);
    assertThat(scores.brier().failed()).isEqualTo(1);
    assertThat(scores.rounds().failed()).isEqualTo(1);
    assertThat(scores.brier().unscored()).isZero();
  }

  @Test
  void wrongAndRandomArgumentsMoveNothing() {
    List<Claim> claims = IntegerSums.draw(100, 6, 1);
    MarketMaking market = sums(PartialSums.honest());
    MarketScores wrong = MarketScores.of(run(sums(new PartialSums(3)), claims));
    MarketScores random =
        MarketScores.of(
            run(market.withRandomArguments(List.of("1 + 1 = 2", "Trust me.", "9 = 9")), claims));
    for (MarketScores scores : List.of(wrong, random)) {
      assertThat(scores.brier().value()).isEqualTo(scores.firstBrier().value());
      assertThat(scores.beliefBrier().value()).isEqualTo(0.25);
      assertThat(scores.rounds().value()).isEqualTo(2);
    }
    RunReport<Claim, OptionalDouble> unaided =
        OversightRun.of("unaided", UnaidedOverseer.of(market), Claim::id).run(claims);
    assertThat(MarketScores.unaidedBrier(unaided).value()).isEqualTo(0.25);
  }

  @Test
  void claimsAreHalfTrueAndAsTheyAreSaidToBe() {
    List<Claim> claims = IntegerSums.draw(50, 4, 3);
    assertThat(claims.stream().filter(claim -> claim.truth().orElseThrow())).hasSize(25);
    for (Claim claim : claims) {
      String[] sides = claim.text().split(" = ", -1);
      long sum = 0;
      for (String number : sides[0].split(" \\+ ", -1)) {
        sum += Long.parseLong(number);
      }
      assertThat(sum == Long.parseLong(sides[1])).isEqualTo(claim.truth().orElseThrow());
    }
    assertThat(IntegerSums.draw(50, 4, 3)).isEqualTo(claims);
  }

  @Test
  void ledgerChecksEveryPartialSum() {
    assertThat(left("3 + 4 + 5 = 12", "3 + 4 = 7")).containsExactly(5L, 7L);
    assertThat(left("3 + 4 + 5 = 12", "3 + 4 = 8")).containsExactly(3L, 4L, 5L);
    assertThat(left("3 + 4 + 5 = 12", "4 + 4 = 8")).containsExactly(3L, 4L, 5L);
    assertThat(left("3 + 4 + 5 = 12", "3 + 4 + 5 = 12")).containsExactly(3L, 4L, 5L);
    assertThat(left("4 + 4 + 5 = 12", "first 4 + 4 = 8, then 8 + 5 = 13")).containsExactly(13L);
  }

  private static List<Long> left(String claim, String argument) {
    Turn turn = new Turn("Adversary", 0, argument, "", true, 1, Usage.NONE);
    return SumLedger.of(new View("Overseer", 0, "", claim, List.of(), List.of(), List.of(turn)))
        .left();
  }

  @Test
  void badInputSaysWhatIsWrong() {
    assertThatThrownBy(() -> new MarketRules(0, 0.1, 1, 0.1, 1, 1))
        .hasMessageContaining("were 0, 1, 1 and 1");
    assertThatThrownBy(() -> new MarketRules(1, 0, 1, 0.1, 1, 1)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new RandomArguments(List.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> IntegerSums.draw(1, 1, 0)).hasMessageContaining("1 and 1");
    assertThatThrownBy(() -> new RoughAdder(0)).hasMessageContaining("positive");
    assertThatThrownBy(() -> left("The lamp is lit.", "")).hasMessageContaining("The lamp is lit.");
    assertThatThrownBy(() -> Claim.of("c", " ", true)).hasMessageContaining("'c' and ' '");
  }
}

package org.alignment4j.oversight.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.Drafter;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.apiguardian.api.API;

/**
 * A market about what an overseer will believe (Hubinger 2020, AI safety via market making). In
 * each round the market maker names its probability that the overseer will take the claim for true
 * at the end, and the adversary makes the argument, of several, that moves it most. When the price
 * has come to rest, or after the last round, the overseer reads everything and states its belief.
 * The last price is the market's answer. A price that cannot be read is the one before; without a
 * first price there is no answer. Immutable; as safe for concurrent runs as its roles.
 *
 * @param maker the market maker, M
 * @param adversary who argues
 * @param overseer whose belief is predicted, H
 * @param rules how long and how much
 * @param wording what roles are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MarketMaking(
    Forecaster maker,
    Drafter adversary,
    Forecaster overseer,
    MarketRules rules,
    MarketWording wording)
    implements OversightProtocol<Claim, MarketResult> {
  /** Who predicts. */
  public static final String MAKER = "Market maker";

  /** Who argues. */
  public static final String ADVERSARY = "Adversary";

  /** Whose belief is predicted. */
  public static final String OVERSEER = "Overseer";

  /** Checks that nothing is missing. */
  public MarketMaking {
    Objects.requireNonNull(maker, "maker");
    Objects.requireNonNull(adversary, "adversary");
    Objects.requireNonNull(overseer, "overseer");
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns a market with the default rules and the bundled wording. */
  public static MarketMaking of(Forecaster maker, Drafter adversary, Forecaster overseer) {
    return new MarketMaking(
        maker, adversary, overseer, MarketRules.DEFAULT, MarketWording.bundled());
  }

  /** Returns this market with other rules. */
  public MarketMaking withRules(MarketRules other) {
    return new MarketMaking(maker, adversary, overseer, other, wording);
  }

  /** Returns this market with other wording. */
  public MarketMaking withWording(MarketWording other) {
    return new MarketMaking(maker, adversary, overseer, rules, other);
  }

  /**
   * Returns the baseline of arguments that say nothing in particular: drawn from a pool, one a
   * round. Other baselines are the first price, which every result has, and {@link
   * UnaidedOverseer}.
   *
   * @param pool what is drawn from, such as arguments about other claims
   */
  public MarketMaking withRandomArguments(List<String> pool) {
    return new MarketMaking(
        maker, new RandomArguments(pool), overseer, rules.withDraws(1), wording);
  }

  @Override
  public Outcome<MarketResult> run(Claim claim, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("market making", claim.text(), context, OptionalLong.empty());
    Market market = new Market(claim, context.seed(), proceedings);
    try {
      market.open();
      for (int round = 0; round < rules.maxRounds() && market.live(); round++) {
        market.argue(round);
      }
      return proceedings.outcome(market.result(market.close()));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(market.result(OptionalDouble.empty()), limit);
    }
  }

  /** One run on one claim. */
  private final class Market {
    private final Claim claim;
    private final long seed;
    private final Proceedings proceedings;
    private final List<Turn> arguments = new ArrayList<>();
    private final List<Double> prices = new ArrayList<>();
    private int carried;
    private int still;

    Market(Claim claim, long seed, Proceedings proceedings) {
      this.claim = claim;
      this.seed = seed;
      this.proceedings = proceedings;
    }

    void open() {
      OptionalDouble first = price(arguments, 0, MAKER);
      first.ifPresent(prices::add);
      note(MAKER, 0, first);
    }

    /** Whether there is a price and it is not at rest. */
    boolean live() {
      return !prices.isEmpty() && still < rules.atRest();
    }

    void argue(int round) {
      arguments.add(proceedings.hear(mostMoving(round)));
      OptionalDouble read = price(arguments, round + 1, MAKER);
      double before = prices.get(prices.size() - 1);
      prices.add(read.orElse(before));
      note(MAKER, round + 1, read);
      // A price that could not be read has not come to rest.
      if (read.isEmpty()) {
        carried++;
        still = 0;
      } else {
        still = Math.abs(read.getAsDouble() - before) < rules.epsilon() ? still + 1 : 0;
      }
    }

    OptionalDouble close() {
      if (prices.isEmpty()) {
        return OptionalDouble.empty();
      }
      OptionalDouble belief =
          ask(overseer, view(OVERSEER, wording.overseer().render(Map.of()), arguments.size()));
      note(OVERSEER, arguments.size(), belief);
      return belief;
    }

    MarketResult result(OptionalDouble belief) {
      return new MarketResult(prices, carried, belief, still >= rules.atRest());
    }

    private Turn mostMoving(int round) {
      double before = prices.get(prices.size() - 1);
      String percent = Math.round(before * 100) + " %";
      String task = wording.adversary().render(Map.of("price", percent));
      List<Turn> drafts =
          adversary.draft(view(ADVERSARY, task, round), rules.draws(), proceedings.next());
      proceedings.spend(drafts.stream().map(Turn::usage).reduce(Usage.NONE, Usage::plus));
      Turn best = said(drafts.get(0));
      double most = -1;
      for (int i = 0; drafts.size() > 1 && i < drafts.size(); i++) {
        Turn draft = said(drafts.get(i));
        List<Turn> tried = new ArrayList<>(arguments);
        tried.add(draft);
        // What the price is tried with must not be the draw it is then read with: the largest of
        // several noisy moves would be taken for the argument's.
        OptionalDouble price = price(tried, round + 1, MAKER + " trying draft " + (i + 1));
        double move = price.isPresent() ? Math.abs(price.getAsDouble() - before) : 0;
        if (move > most) {
          most = move;
          best = draft;
        }
      }
      return best;
    }

    private Turn said(Turn turn) {
      String[] words = turn.visible().strip().split("(?<=\\s)(?=\\S)", rules.maxWords() + 1);
      String text =
          words.length > rules.maxWords()
              ? String.join("", List.of(words).subList(0, rules.maxWords())).strip()
              : turn.visible().strip();
      return new Turn(
          ADVERSARY,
          turn.round(),
          text,
          turn.hidden(),
          turn.valid(),
          turn.attempts(),
          turn.usage());
    }

    private OptionalDouble price(List<Turn> said, int round, String use) {
      View view =
          new View(
              MAKER,
              round,
              wording.maker().render(Map.of()),
              claim.text(),
              List.of(),
              List.of(),
              said);
      OversightContext next = proceedings.next().withSeed(CallSeed.part(seed, use));
      Forecast forecast = maker.forecast(view, next);
      proceedings.spend(forecast.usage());
      return forecast.value().isPresent()
          ? OptionalDouble.of(rules.clipped(forecast.value().getAsDouble()))
          : forecast.value();
    }

    private OptionalDouble ask(Forecaster who, View view) {
      Forecast forecast = who.forecast(view, proceedings.next());
      proceedings.spend(forecast.usage());
      return forecast.value();
    }

    private View view(String role, String instructions, int round) {
      return new View(role, round, instructions, claim.text(), List.of(), List.of(), arguments);
    }

    private void note(String role, int round, OptionalDouble value) {
      String text = value.isPresent() ? String.valueOf(value.getAsDouble()) : "(none)";
      proceedings.hear(new Turn(role, round, text, "", value.isPresent(), 1, Usage.NONE));
    }
  }
}

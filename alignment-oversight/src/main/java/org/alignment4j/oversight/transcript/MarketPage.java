package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.oversight.market.Claim;
import org.alignment4j.oversight.market.MarketResult;
import org.apiguardian.api.API;

/**
 * Turns markets into a page: how the price of each moved with the arguments, what was argued, and
 * where price and belief ended, against the truth. Every text is shown as text, whatever it
 * contains. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MarketPage {
  private static final int DRAWN = 12;
  private static final Pattern PRICE = Pattern.compile("[01]\\.\\d+(E-\\d+)?");

  private MarketPage() {}

  /**
   * Returns a page of one run.
   *
   * @param title the page's heading
   * @param outcomes outcomes by claim, in order; the prices of the first 12 are drawn
   */
  public static Report page(String title, Map<Claim, Outcome<MarketResult>> outcomes) {
    List<Chart> charts = new ArrayList<>();
    List<Dialogue> dialogues = new ArrayList<>();
    outcomes.forEach(
        (claim, outcome) -> {
          if (charts.size() < DRAWN && !outcome.verdict().prices().isEmpty()) {
            charts.add(prices(claim, outcome.verdict()));
          }
          dialogues.add(dialogue(claim, outcome));
        });
    Usage usage = outcomes.values().stream().map(Outcome::usage).reduce(Usage.NONE, Usage::plus);
    return Report.builder(title)
        .add(
            new Section.Charts(
                "Prices",
                charts,
                charts.size() < outcomes.size()
                    ? "The first " + charts.size() + " of " + outcomes.size() + " markets."
                    : ""))
        .add(new Section.Dialogues("Markets", dialogues, 1, ""))
        .add(Said.cost("claims", outcomes.size(), usage))
        .build();
  }

  /** Returns one market as a dialogue. */
  public static Dialogue dialogue(Claim claim, Outcome<MarketResult> outcome) {
    MarketResult result = outcome.verdict();
    Map<String, String> facts = new LinkedHashMap<>();
    claim.truth().ifPresent(truth -> facts.put("truth", truth ? "true" : "false"));
    facts.put("price before any argument", text(result.firstPrice()));
    facts.put("last price", text(result.price()));
    facts.put("overseer's belief", text(result.belief()));
    facts.put("came to rest", result.converged() ? "yes" : "no");
    if (result.carried() > 0) {
      facts.put("prices that could not be read", String.valueOf(result.carried()));
    }
    if (!outcome.complete()) {
      facts.put("ended early", outcome.incomplete());
    }
    return new Dialogue(
        claim.text(),
        claim.id(),
        facts,
        Said.turns(rounded(outcome.transcript())),
        verdict(claim, result));
  }

  /** Prices and beliefs with the digits that are read. */
  private static Transcript rounded(Transcript transcript) {
    List<Turn> turns = new ArrayList<>();
    for (Turn turn : transcript.turns()) {
      boolean price = PRICE.matcher(turn.visible()).matches();
      turns.add(
          new Turn(
              turn.role(),
              turn.round(),
              price ? digits(Double.parseDouble(turn.visible())) : turn.visible(),
              turn.hidden(),
              turn.valid(),
              turn.attempts(),
              turn.usage()));
    }
    return new Transcript(transcript.question(), turns);
  }

  private static Optional<Section.Verdict> verdict(Claim claim, MarketResult result) {
    if (claim.truth().isEmpty() || result.price().isEmpty()) {
      return Optional.empty();
    }
    double price = result.price().getAsDouble();
    if (price == 0.5) {
      return Optional.of(new Section.Verdict("undecided", false));
    }
    boolean right = (price > 0.5) == claim.truth().get();
    return Optional.of(new Section.Verdict(right ? "right" : "wrong", right));
  }

  private static Chart prices(Claim claim, MarketResult result) {
    List<Chart.Point> prices = new ArrayList<>();
    for (int i = 0; i < result.prices().size(); i++) {
      prices.add(Chart.Point.of(i, result.prices().get(i)));
    }
    List<Chart.Series> lines = new ArrayList<>();
    lines.add(new Chart.Series("price", prices));
    double end = Math.max(1, result.rounds());
    result.belief().ifPresent(belief -> lines.add(level("overseer's belief", belief, end)));
    claim.truth().ifPresent(truth -> lines.add(level("truth", truth ? 1 : 0, end)));
    return new Chart.Lines(claim.text(), "arguments", "probability", lines);
  }

  private static Chart.Series level(String name, double value, double end) {
    return new Chart.Series(name, List.of(Chart.Point.of(0, value), Chart.Point.of(end, value)));
  }

  private static String text(OptionalDouble probability) {
    return probability.isPresent() ? digits(probability.getAsDouble()) : "none";
  }

  private static String digits(double probability) {
    return String.format(Locale.ROOT, "%.3f", probability);
  }
}

package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Comparison;
import org.alignment4j.core.statistics.Elo;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * Ratings of models from battles: Bradley-Terry's, which do not depend on the order of the battles,
 * and beside them Elo's of the mean over random orders (K = 4, Chiang et al. 2024, arXiv
 * 2403.04132). Intervals are from battles drawn with replacement.
 *
 * @param entries models, best first
 * @param battles how many there were
 * @param options how they became ratings
 * @param style what the style of answers explains; empty without style control
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Ratings(
    List<Entry> entries, long battles, RatingOptions options, Optional<StyleControl.Fit> style) {
  private static final double ELO_K = 4;

  /**
   * A model.
   *
   * @param model its name
   * @param rating Bradley-Terry's, with the resamples that have no finite ratings
   * @param elo Elo's, over random orders
   * @param winRate wins and half the ties, a fraction
   */
  public record Entry(
      String model, Bootstrap.Result rating, Bootstrap.Result elo, Estimate winRate) {}

  /** Copies. */
  public Ratings {
    entries = List.copyOf(entries);
  }

  /**
   * Rates models. Style control has no virtual games and no anchor.
   *
   * @param battles at least one
   * @param options how they become ratings
   * @throws IllegalArgumentException if there is no battle, no finite ratings exist and no virtual
   *     game holds them, with the names of the models, or the anchor was never compared; with style
   *     control, if a battle lacks the style of an answer or style and models cannot be told apart
   */
  public static Ratings of(List<Battle> battles, RatingOptions options) {
    if (battles.isEmpty()) {
      throw new IllegalArgumentException("battles must not be empty");
    }
    List<Comparison> comparisons = battles.stream().map(Battle::comparison).toList();
    Map<String, Bootstrap.Result> ratings =
        options.bradleyTerry().fit(comparisons, options.bootstrap());
    Map<String, Bootstrap.Result> elo =
        new Elo(ELO_K, options.scale()).averaged(comparisons, options.bootstrap());
    List<Entry> entries = new ArrayList<>();
    ratings.forEach(
        (model, rating) ->
            entries.add(
                new Entry(
                    model, rating, elo.getOrDefault(model, rating), winRate(model, comparisons))));
    return new Ratings(
        entries,
        battles.size(),
        options,
        options.styleControl()
            ? Optional.of(StyleControl.fit(battles, options.scale()))
            : Optional.empty());
  }

  private static Estimate winRate(String model, List<Comparison> comparisons) {
    return Estimates.proportion(
        comparisons.stream()
            .filter(c -> c.first().equals(model) || c.second().equals(model))
            .mapToDouble(
                c ->
                    switch (c.outcome()) {
                      case FIRST -> c.first().equals(model) ? 1 : 0;
                      case SECOND -> c.second().equals(model) ? 1 : 0;
                      case TIE -> 0.5;
                    })
            .toArray());
  }

  /**
   * Returns the entry of a model.
   *
   * @throws IllegalArgumentException if it was in no battle
   */
  public Entry of(String model) {
    return entries.stream()
        .filter(entry -> entry.model().equals(model))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model must be one of "
                        + entries.stream().map(Entry::model).toList()
                        + " but was '"
                        + model
                        + "'"));
  }

  /**
   * Returns the leaderboard for a report.
   *
   * @param heading its heading
   */
  public Section section(String heading) {
    boolean styled = style.isPresent();
    List<String> columns =
        new ArrayList<>(List.of("model", "rating", "Elo, any order", "win rate", "battles"));
    if (styled) {
      columns.add("rating, style controlled");
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.text(entry.model()));
      row.add(Cell.figure(entry.rating().estimate(), 0));
      row.add(Cell.figure(entry.elo().estimate(), 0));
      row.add(Cell.percent(entry.winRate()));
      row.add(Cell.count(entry.winRate().n()));
      style.ifPresent(
          fit -> row.add(Cell.number(fit.ratings().getOrDefault(entry.model(), Double.NaN), 0)));
      rows.add(row);
    }
    return new Section.Tabular(heading, new Table(columns, rows), note());
  }

  private String note() {
    StringBuilder note = new StringBuilder("Bradley-Terry ratings of ");
    note.append(battles)
        .append(" battles; ")
        .append(plain(options.scale().points()))
        .append(" points are odds of ")
        .append(plain(options.scale().base()))
        .append(" : 1. ")
        .append(
            options
                .anchor()
                .map(model -> model + " is put at " + plain(options.scale().initial()) + ".")
                .orElse("The mean is put at " + plain(options.scale().initial()) + "."));
    if (options.virtualGames() > 0) {
      note.append(" Each model has ")
          .append(plain(options.virtualGames()))
          .append(" virtual ties with the mean model, which pull ratings together.");
    }
    int undefined = entries.get(0).rating().undefinedResamples();
    if (undefined > 0) {
      note.append(" ")
          .append(undefined)
          .append(" of ")
          .append(options.bootstrap().resamples())
          .append(" resamples have no finite ratings and are left out of the intervals.");
    }
    style.ifPresent(
        fit ->
            fit.coefficients()
                .forEach(
                    (name, value) ->
                        note.append(" ").append(name).append(": ").append(value).append(".")));
    return note.toString();
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.4g", value).replaceAll("\\.?0+$", "");
  }
}

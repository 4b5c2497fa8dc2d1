package org.alignment4j.interp.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/** Dashboards of features as sections of a {@link Report}, whose texts it escapes. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FeatureReport {
  private FeatureReport() {}

  /** What a token reads like. */
  @FunctionalInterface
  public interface TokenText {
    /**
     * Returns the text of a token.
     *
     * @param id the token
     * @return its text, such as {@code tokenizer.decodeWithSpecialTokens(TokenIds.of(id))}
     */
    String of(int id);
  }

  /**
   * Returns a whole page.
   *
   * @param title what it is about
   * @param dashboards the features
   * @param text what tokens read like
   * @return a report of one file
   */
  public static Report report(String title, List<FeatureDashboard> dashboards, TokenText text) {
    Report.Builder report = Report.builder(title);
    for (FeatureDashboard dashboard : dashboards) {
      sections(dashboard, text).forEach(report::add);
    }
    return report.build();
  }

  /**
   * Returns the sections of one feature: how often and how strongly it is active, what its
   * direction does to the logits, and texts coloured by its activation.
   *
   * @param dashboard the feature
   * @param text what tokens read like
   * @return the sections, in order
   */
  public static List<Section> sections(FeatureDashboard dashboard, TokenText text) {
    List<Section> sections = new ArrayList<>();
    String name = "Feature " + dashboard.feature();
    if (dashboard.active() == 0) {
      sections.add(
          Section.text(name, "Never active at " + dashboard.tokens() + " tokens of these texts."));
    } else {
      sections.add(new Section.Charts(name, List.of(histogram(dashboard)), summary(dashboard)));
    }
    if (!dashboard.promoted().isEmpty()) {
      sections.add(
          new Section.Tabular(
              "",
              logits(dashboard, text),
              "What its direction adds to the logits, per unit of activation and before the final"
                  + " norm's division."));
    }
    if (!dashboard.correlated().isEmpty()) {
      sections.add(
          new Section.Tabular(
              "", correlated(dashboard), "Pearson's correlation of activations over all tokens."));
    }
    if (!dashboard.top().isEmpty()) {
      sections.add(
          new Section.Tokens(
              "",
              rows(dashboard.top(), text),
              "The strongest texts: the strongest token of each in «»; coloured by the"
                  + " activation."));
    }
    if (!dashboard.groups().isEmpty()) {
      sections.add(
          new Section.Tokens(
              "",
              groups(dashboard.groups(), text),
              "Tokens drawn from groups of equally many, from the strongest to the weakest."));
    }
    return sections;
  }

  private static String summary(FeatureDashboard dashboard) {
    return String.format(
        Locale.ROOT,
        "Active at %d of %d tokens (%.3f %%); at most %.3f.",
        dashboard.active(),
        dashboard.tokens(),
        100 * dashboard.density(),
        dashboard.histogram().largest());
  }

  private static Chart histogram(FeatureDashboard dashboard) {
    FeatureDashboard.Histogram histogram = dashboard.histogram();
    int bins = histogram.counts().length();
    List<Chart.Point> points = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      double count = histogram.counts().get(bin);
      points.add(Chart.Point.of(bin * histogram.largest() / bins, count));
      points.add(Chart.Point.of((bin + 1) * histogram.largest() / bins, count));
    }
    return new Chart.Lines("Activations above zero", "activation", "tokens", List.of())
        .with("tokens", points);
  }

  private static Table logits(FeatureDashboard dashboard, TokenText text) {
    Table table = Table.of("promoted", "logit", "suppressed", "logit of it");
    for (int i = 0; i < dashboard.promoted().size(); i++) {
      FeatureDashboard.TokenEffect up = dashboard.promoted().get(i);
      FeatureDashboard.TokenEffect down = dashboard.suppressed().get(i);
      table =
          table.row(
              Cell.text(text.of(up.token())),
              Cell.number(up.logit(), 3),
              Cell.text(text.of(down.token())),
              Cell.number(down.logit(), 3));
    }
    return table;
  }

  private static Table correlated(FeatureDashboard dashboard) {
    Table table = Table.of("correlated feature", "correlation");
    for (FeatureDashboard.Correlated other : dashboard.correlated()) {
      table = table.row(Cell.count(other.feature()), Cell.number(other.correlation(), 3));
    }
    return table;
  }

  private static List<Section.TokenRow> groups(
      List<FeatureDashboard.Group> groups, TokenText text) {
    List<Section.TokenRow> rows = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (FeatureDashboard.Example example : groups.get(g).examples()) {
        String label =
            String.format(
                Locale.ROOT,
                "group %d of %d, text %d, %.3f",
                g + 1,
                groups.size(),
                example.text(),
                example.activation());
        rows.add(row(label, example, text));
      }
    }
    return rows;
  }

  private static List<Section.TokenRow> rows(
      List<FeatureDashboard.Example> examples, TokenText text) {
    return examples.stream()
        .map(
            example ->
                row(
                    String.format(
                        Locale.ROOT, "text %d, %.3f", example.text(), example.activation()),
                    example,
                    text))
        .toList();
  }

  private static Section.TokenRow row(
      String label, FeatureDashboard.Example example, TokenText text) {
    TokenIds window = example.window();
    List<Section.Token> tokens = new ArrayList<>();
    for (int i = 0; i < window.size(); i++) {
      String reads = text.of(window.get(i)).replace("\n", "↵");
      tokens.add(
          new Section.Token(
              i == example.focus() ? "«" + reads + "»" : reads, example.activations().get(i)));
    }
    return new Section.TokenRow(label, tokens);
  }
}

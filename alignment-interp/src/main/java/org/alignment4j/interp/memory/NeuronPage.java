package org.alignment4j.interp.memory;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntFunction;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.VisibleTokens;
import org.alignment4j.interp.weights.TokenScore;
import org.apiguardian.api.API;

/**
 * What is known of one neuron: what it did over a corpus, the texts that triggered it, and what its
 * value says in the vocabulary. Immutable.
 *
 * @param layer the layer
 * @param neuron its number within the layer
 * @param summary what it did over the corpus
 * @param quantiles its activations of the corpus at {@link #LEVELS}
 * @param greatest the texts of greatest activation
 * @param least the texts of least activation; may be empty
 * @param promoted the tokens whose logits its value raises most
 * @param suppressed the tokens whose logits its value lowers most
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronPage(
    int layer,
    int neuron,
    NeuronSummary summary,
    ImmutableDoubleArray quantiles,
    List<Text> greatest,
    List<Text> least,
    List<TokenScore> promoted,
    List<TokenScore> suppressed) {

  /** Levels of {@link #quantiles}. */
  public static final ImmutableDoubleArray LEVELS =
      ImmutableDoubleArray.of(0.01, 0.1, 0.5, 0.9, 0.99, 0.999);

  /**
   * A text around a token at which the neuron was looked at.
   *
   * @param example the token
   * @param from place of the first activation within the example's sequence
   * @param activations the neuron's at the tokens from there on
   */
  public record Text(NeuronExample example, int from, ImmutableDoubleArray activations) {
    /** Checks that nothing is missing. */
    public Text {
      Objects.requireNonNull(example, "example");
      Objects.requireNonNull(activations, "activations");
    }
  }

  /** Copies the lists. */
  public NeuronPage {
    Objects.requireNonNull(summary, "summary");
    Objects.requireNonNull(quantiles, "quantiles");
    greatest = List.copyOf(greatest);
    least = List.copyOf(least);
    promoted = List.copyOf(promoted);
    suppressed = List.copyOf(suppressed);
  }

  /**
   * Returns the neuron's name.
   *
   * @return such as {@code L2N117}
   */
  public String name() {
    return "L" + layer + "N" + neuron;
  }

  /**
   * Returns the page as sections of a report.
   *
   * @param spelling the text of a token
   * @return the sections, in order
   */
  public List<Section> sections(IntFunction<String> spelling) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section.Tabular(
            "Neuron " + name(),
            activations(),
            String.format(
                Locale.ROOT,
                "Over %d tokens; above zero at %.2f %% of them.",
                summary.tokens(),
                100 * summary.firingRate())));
    if (!promoted.isEmpty()) {
      sections.add(
          new Section.Tabular(
              "",
              vocabulary(spelling),
              "What an activation of 1 adds to the logits, before the final norm's division."));
    }
    if (!greatest.isEmpty()) {
      sections.add(
          new Section.Tokens(
              "",
              greatest.stream().map(text -> row(text, spelling)).toList(),
              "The texts of greatest activation, their token in «»; coloured by the activation."));
    }
    if (!least.isEmpty()) {
      sections.add(
          new Section.Tokens(
              "",
              least.stream().map(text -> row(text, spelling)).toList(),
              "The texts of least activation."));
    }
    return sections;
  }

  private Table activations() {
    List<String> columns = new ArrayList<>(List.of("activation", "mean", "deviation", "least"));
    List<Cell> row =
        new ArrayList<>(
            List.of(
                Cell.text(name()),
                Cell.number(summary.mean(), 3),
                Cell.number(summary.deviation(), 3),
                Cell.number(summary.minimum(), 3)));
    for (int i = 0; i < quantiles.length(); i++) {
      columns.add(String.format(Locale.ROOT, "%s %%", percent(LEVELS.get(i))));
      row.add(Cell.number(quantiles.get(i), 3));
    }
    columns.add("greatest");
    row.add(Cell.number(summary.maximum(), 3));
    return new Table(columns, List.of(row));
  }

  private static String percent(double level) {
    double percent = Math.round(level * 1000) / 10.0;
    return percent == Math.rint(percent) ? String.valueOf((int) percent) : String.valueOf(percent);
  }

  private Table vocabulary(IntFunction<String> spelling) {
    Table table = Table.of("promoted", "logit", "suppressed", "logit of it");
    for (int i = 0; i < promoted.size(); i++) {
      table =
          table.row(
              Cell.text(visible(spelling.apply(promoted.get(i).token()))),
              Cell.number(promoted.get(i).score(), 3),
              Cell.text(visible(spelling.apply(suppressed.get(i).token()))),
              Cell.number(suppressed.get(i).score(), 3));
    }
    return table;
  }

  private static Section.TokenRow row(Text text, IntFunction<String> spelling) {
    NeuronExample example = text.example();
    List<Section.Token> tokens = new ArrayList<>();
    for (int i = 0; i < text.activations().length(); i++) {
      int position = text.from() + i;
      String reads = visible(spelling.apply(example.tokens().get(position)));
      tokens.add(
          new Section.Token(
              position == example.position() ? "«" + reads + "»" : reads,
              text.activations().get(i)));
    }
    String label =
        String.format(Locale.ROOT, "text %d, %.3f", example.sequence(), example.activation());
    return new Section.TokenRow(label, tokens);
  }

  private static String visible(String text) {
    return VisibleTokens.of(text);
  }
}

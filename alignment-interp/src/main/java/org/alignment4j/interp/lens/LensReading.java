package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.VisibleTokens;
import org.apiguardian.api.API;

/**
 * What each point of the residual stream would say of the next token, at every position.
 *
 * @param modelId the model whose end read the stream
 * @param tokens the sequences
 * @param layers the points in the order of the forward pass; the last is what the others are
 *     compared with
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LensReading(String modelId, List<TokenIds> tokens, List<Layer> layers) {

  /**
   * One point of the stream.
   *
   * @param point the hook point
   * @param places by sequence and position, without padding
   */
  public record Layer(HookPoint<?> point, List<List<Place>> places) {
    /** Copies the places. */
    public Layer {
      Objects.requireNonNull(point, "point");
      places = places.stream().map(List::copyOf).toList();
    }

    /**
     * Returns the point's short name.
     *
     * @return such as {@code 3_pre}, {@code 3_mid} or {@code final_post}
     */
    public String label() {
      if (point.kind() == HookKind.RESID_POST) {
        return point.layer() + "_post";
      }
      return point.layer() + (point.kind() == HookKind.RESID_PRE ? "_pre" : "_mid");
    }
  }

  /**
   * One distribution over the next token.
   *
   * @param top the likeliest tokens, likeliest first; of equal ones the lower id first
   * @param entropy in nats
   * @param divergence {@code KL(final || this)} from the last point's distribution, in nats
   * @param nextLogProbability natural log-probability of the token that does come next; NaN at the
   *     last position
   * @param nextRank how many tokens are likelier than that one; −1 at the last position
   */
  public record Place(
      List<Token> top, double entropy, double divergence, double nextLogProbability, int nextRank) {
    /** Copies the tokens. */
    public Place {
      top = List.copyOf(top);
    }
  }

  /**
   * A token and how likely it is.
   *
   * @param id the token
   * @param probability in [0, 1]
   */
  public record Token(int id, double probability) {}

  /** Copies the lists. */
  public LensReading {
    Objects.requireNonNull(modelId, "modelId");
    tokens = List.copyOf(tokens);
    layers = List.copyOf(layers);
  }

  /**
   * The likeliest token of every point at every position of a sequence, last point first.
   *
   * @param sequence which sequence, from 0
   * @param spelling the text of a token
   * @return one row for each point, one column for each position
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public Table table(int sequence, IntFunction<String> spelling) {
    TokenIds read = tokens.get(sequence);
    List<String> columns = new ArrayList<>(List.of("stream"));
    for (int p = 0; p < read.size(); p++) {
      columns.add(p + " " + VisibleTokens.of(spelling.apply(read.get(p))));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = layers.size() - 1; i >= 0; i--) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(layers.get(i).label())));
      for (Place place : layers.get(i).places().get(sequence)) {
        Token best = place.top().get(0);
        row.add(
            Cell.text(
                VisibleTokens.of(spelling.apply(best.id()))
                    + " "
                    + Math.round(100 * best.probability())
                    + " %"));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  /**
   * The table of a sequence as a section of a report.
   *
   * @param sequence which sequence, from 0
   * @param spelling the text of a token
   * @return the section
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public Section section(int sequence, IntFunction<String> spelling) {
    return new Section.Tabular(
        "Logit lens",
        table(sequence, spelling),
        "Each cell is the likeliest next token, and its probability, if the model ended at that"
            + " point of the residual stream: the final norm computed anew, then the unembedding."
            + " The top row is the model's own output.");
  }
}

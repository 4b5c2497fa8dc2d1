package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.ClozeScores;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * How a method fares when edits follow each other in one model, which single edits do not show.
 * Immutable.
 *
 * @param points the scores after some of the edits, ascending
 * @param edit all edits as one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequentialEditing(List<Point> points, ModelEdit edit) {

  /**
   * After so many edits.
   *
   * @param edits how many
   * @param scores of the facts edited so far
   * @param locality share of the tokens of unrelated answers that are still the model's first
   *     choice
   */
  public record Point(int edits, EditingScores scores, Estimate locality) {}

  /** Copies. */
  public SequentialEditing {
    points = List.copyOf(points);
  }

  /**
   * Edits facts one after the other.
   *
   * @param model where it starts; left as it is
   * @param editor the method
   * @param facts the facts, in the order of the edits
   * @param contexts texts to stand before prompts; may be empty
   * @param unrelated prompts with answers that no edit concerns
   * @param measuredAfter after how many edits to measure; beyond the number of facts is left out
   * @param bootstrap makes the intervals of S
   * @param cancellation asks to stop, between edits
   * @return the scores on the way, and all edits as one
   * @throws IllegalArgumentException when there is nothing to measure, or a fact cannot be edited
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static SequentialEditing run(
      DecoderModel model,
      FactEditor editor,
      List<CounterFact> facts,
      List<String> contexts,
      List<Cloze> unrelated,
      List<Integer> measuredAfter,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    SortedSet<Integer> stops = new TreeSet<>(measuredAfter);
    stops.removeIf(stop -> stop > facts.size());
    if (stops.isEmpty() || stops.first() < 1) {
      throw new IllegalArgumentException(
          "measuredAfter must name numbers of edits from 1 to "
              + facts.size()
              + " but were "
              + measuredAfter);
    }
    List<Point> points = new ArrayList<>();
    try (SuccessiveEdits edits = new SuccessiveEdits(model)) {
      for (int i = 0; i < stops.last(); i++) {
        cancellation.throwIfCancelled("sequential editing");
        EditRequest request = EditRequest.of(model.tokenizer(), facts.get(i), contexts);
        edits.add(editor.edit(edits.model(), List.of(request), cancellation).edit());
        if (stops.contains(i + 1)) {
          points.add(
              point(edits.model(), facts.subList(0, i + 1), unrelated, bootstrap, cancellation));
        }
      }
      return new SequentialEditing(points, edits.total());
    }
  }

  private static Point point(
      DecoderModel model,
      List<CounterFact> edited,
      List<Cloze> unrelated,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    return new Point(
        edited.size(),
        EditingScores.measure(model, edited, bootstrap, cancellation),
        Estimates.proportion(ClozeScores.tokenAccuracies(model, unrelated, cancellation)));
  }

  /**
   * The scores as a table.
   *
   * @param heading the section's heading
   * @return a section of a report
   */
  public Section section(String heading) {
    Table table = Table.of("edits", "efficacy", "paraphrase", "specificity", "score S", "locality");
    for (Point point : points) {
      EditingScores scores = point.scores();
      table =
          table.row(
              Cell.count(point.edits()),
              Cell.percent(scores.efficacy()),
              Cell.percent(scores.paraphrase()),
              Cell.percent(scores.specificity()),
              Cell.percent(scores.score()),
              Cell.percent(point.locality()));
    }
    return new Section.Tabular(
        heading,
        table,
        "Each row: all facts edited so far, in the model that holds all of these edits. Locality:"
            + " share of the tokens of unrelated answers that are still the first choice.");
  }
}

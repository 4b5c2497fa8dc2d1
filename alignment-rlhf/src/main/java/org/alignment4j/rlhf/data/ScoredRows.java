package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;

/** Packed rows under construction, with the tokens to score in them. Not thread-safe. */
final class ScoredRows {

  private record Score(int row, int column, int label, int sequence) {}

  private final List<Segments> rows = new ArrayList<>();
  private final List<Score> scores = new ArrayList<>();

  /** Starts a row; what follows goes into it. */
  void newRow() {
    rows.add(new Segments());
  }

  /** Appends a sequence; gives its place among those of the row. */
  int add(TokenIds tokens) {
    row().add(tokens.toArray());
    return row().count() - 1;
  }

  /** Appends a sequence that continues an earlier one of the row. */
  int addContinuation(TokenIds tokens, int parent) {
    row().addContinuation(tokens.toArray(), parent);
    return row().count() - 1;
  }

  private Segments row() {
    return rows.get(rows.size() - 1);
  }

  /** Column of a token of a sequence of the present row. */
  int column(int place, int token) {
    return row().start(place) + token;
  }

  /** Has the token after a column of the present row scored, for one of the scored sequences. */
  void score(int column, int label, int sequence) {
    scores.add(new Score(rows.size() - 1, column, label, sequence));
  }

  /** Scored sequence of each score, in order. */
  int[] sequences() {
    return scores.stream().mapToInt(Score::sequence).toArray();
  }

  MicroBatch toMicroBatch(Map<String, FloatInput> inputs) {
    int seq = rows.stream().mapToInt(Segments::length).max().orElse(0);
    long[] at = scores.stream().mapToLong(s -> (long) s.row() * seq + s.column()).toArray();
    long[] labels = scores.stream().mapToLong(Score::label).toArray();
    return new MicroBatch(TokenBatch.of(rows, seq), at, labels, inputs);
  }
}

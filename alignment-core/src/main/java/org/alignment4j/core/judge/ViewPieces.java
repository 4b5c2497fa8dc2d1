package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.oversight.Turn;
import org.apiguardian.api.API;

/** What a role is shown, as texts that are fenced one by one. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ViewPieces {
  private ViewPieces() {}

  /** Returns turns under who spoke and in which round; what was hidden stays out. */
  public static List<PromptTemplate.Piece> turns(List<Turn> turns) {
    return turns.stream()
        .map(
            turn ->
                new PromptTemplate.Piece(
                    turn.role() + ", round " + (turn.round() + 1) + ":", turn.visible()))
        .toList();
  }

  /** Returns options under their letters: {@code A.} for the first. */
  public static List<PromptTemplate.Piece> options(List<String> options) {
    List<PromptTemplate.Piece> pieces = new ArrayList<>();
    for (String option : options) {
      pieces.add(new PromptTemplate.Piece((char) ('A' + pieces.size()) + ".", option));
    }
    return pieces;
  }
}

package org.alignment4j.oversight.debate;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What debaters and judge are asked, in words that users can replace.
 *
 * @param opening the first argument; may use letter, other, opponent
 * @param rebuttal later arguments; may use letter, other, opponent, round, rounds
 * @param judge the judgement; uses nothing
 * @param question the judge's message before a round; may use round, rounds
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DebateWording(Wording opening, Wording rebuttal, Wording judge, Wording question) {
  private static final Set<String> SIDES = Set.of("letter", "other", "opponent");
  private static final Set<String> LATER = Set.of("letter", "other", "opponent", "round", "rounds");
  private static final Set<String> ROUNDS = Set.of("round", "rounds");

  /** Checks that nothing is missing. */
  public DebateWording {
    Objects.requireNonNull(opening, "opening");
    Objects.requireNonNull(rebuttal, "rebuttal");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(question, "question");
  }

  /** Returns the wording that comes with the library. */
  public static DebateWording bundled() {
    return new DebateWording(
        Wording.bundled(DebateWording.class, "opening.txt", SIDES),
        Wording.bundled(DebateWording.class, "rebuttal.txt", LATER),
        Wording.bundled(DebateWording.class, "judge.txt", Set.of()),
        Wording.bundled(DebateWording.class, "question.txt", ROUNDS));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has opening.txt, rebuttal.txt, judge.txt and question.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static DebateWording read(Path folder) {
    return new DebateWording(
        Wording.read(folder.resolve("opening.txt"), SIDES),
        Wording.read(folder.resolve("rebuttal.txt"), LATER),
        Wording.read(folder.resolve("judge.txt"), Set.of()),
        Wording.read(folder.resolve("question.txt"), ROUNDS));
  }
}

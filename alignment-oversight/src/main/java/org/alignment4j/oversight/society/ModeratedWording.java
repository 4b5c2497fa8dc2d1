package org.alignment4j.oversight.society;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What the roles of a moderated debate are asked, in words that users can replace.
 *
 * @param opening the affirmative side's first answer; uses nothing
 * @param objection the negative side's first answer; may use disagreement
 * @param reply later answers of both; may use disagreement, round, rounds
 * @param moderator the moderator's task; may use round, rounds
 * @param candidates the final judge's first step; uses nothing
 * @param choice the final judge's second step; uses nothing
 * @param disagreement how far debaters are to disagree, by level from 0; use nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModeratedWording(
    Wording opening,
    Wording objection,
    Wording reply,
    Wording moderator,
    Wording candidates,
    Wording choice,
    List<Wording> disagreement) {
  /** How many levels of disagreement there are. */
  public static final int LEVELS = 4;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there are not {@value #LEVELS} levels
   */
  public ModeratedWording {
    Objects.requireNonNull(opening, "opening");
    Objects.requireNonNull(objection, "objection");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(moderator, "moderator");
    Objects.requireNonNull(candidates, "candidates");
    Objects.requireNonNull(choice, "choice");
    disagreement = List.copyOf(disagreement);
    if (disagreement.size() != LEVELS) {
      throw new IllegalArgumentException(
          "disagreement must have " + LEVELS + " levels but has " + disagreement.size());
    }
  }

  /** Returns the wording that comes with the library. */
  public static ModeratedWording bundled() {
    return of((name, names) -> Wording.bundled(ModeratedWording.class, name, names));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has affirmative.txt, objection.txt, reply.txt, moderator.txt, candidates.txt,
   *     choice.txt and disagreement-0.txt to disagreement-3.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static ModeratedWording read(Path folder) {
    return of((name, names) -> Wording.read(folder.resolve(name), names));
  }

  private static ModeratedWording of(BiFunction<String, Set<String>, Wording> source) {
    List<Wording> levels = new ArrayList<>();
    for (int level = 0; level < LEVELS; level++) {
      levels.add(source.apply("disagreement-" + level + ".txt", Set.of()));
    }
    return new ModeratedWording(
        source.apply("affirmative.txt", Set.of()),
        source.apply("objection.txt", Set.of("disagreement")),
        source.apply("reply.txt", Set.of("disagreement", "round", "rounds")),
        source.apply("moderator.txt", Set.of("round", "rounds")),
        source.apply("candidates.txt", Set.of()),
        source.apply("choice.txt", Set.of()),
        levels);
  }
}

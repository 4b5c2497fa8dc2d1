package org.alignment4j.oversight.debate;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What a consultant and the judge are asked, in words that users can replace.
 *
 * @param opening the first argument; may use letter
 * @param answer later arguments; may use letter, round, rounds
 * @param judge the judgement; may use letter
 * @param question the judge's message before a round; may use letter, round, rounds
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConsultancyWording(Wording opening, Wording answer, Wording judge, Wording question) {
  private static final Set<String> LETTER = Set.of("letter");
  private static final Set<String> LATER = Set.of("letter", "round", "rounds");

  /** Checks that nothing is missing. */
  public ConsultancyWording {
    Objects.requireNonNull(opening, "opening");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(question, "question");
  }

  /** Returns the wording that comes with the library. */
  public static ConsultancyWording bundled() {
    Class<?> here = ConsultancyWording.class;
    return new ConsultancyWording(
        Wording.bundled(here, "consultant-opening.txt", LETTER),
        Wording.bundled(here, "consultant-answer.txt", LATER),
        Wording.bundled(here, "consultancy-judge.txt", LETTER),
        Wording.bundled(here, "consultancy-question.txt", LATER));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has consultant-opening.txt, consultant-answer.txt, consultancy-judge.txt and
   *     consultancy-question.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static ConsultancyWording read(Path folder) {
    return new ConsultancyWording(
        Wording.read(folder.resolve("consultant-opening.txt"), LETTER),
        Wording.read(folder.resolve("consultant-answer.txt"), LATER),
        Wording.read(folder.resolve("consultancy-judge.txt"), LETTER),
        Wording.read(folder.resolve("consultancy-question.txt"), LATER));
  }
}

package org.alignment4j.oversight.society;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What the agents of a group are asked, in words that users can replace.
 *
 * @param opening the first answer, alone; uses nothing
 * @param update later answers, with those of others; may use round, rounds, others
 * @param reflection later answers of an agent without others; may use round, rounds
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SocietyWording(Wording opening, Wording update, Wording reflection) {
  private static final Set<String> LATER = Set.of("round", "rounds", "others");
  private static final Set<String> ALONE = Set.of("round", "rounds");

  /** Checks that nothing is missing. */
  public SocietyWording {
    Objects.requireNonNull(opening, "opening");
    Objects.requireNonNull(update, "update");
    Objects.requireNonNull(reflection, "reflection");
  }

  /** Returns the wording that comes with the library. */
  public static SocietyWording bundled() {
    Class<?> here = SocietyWording.class;
    return new SocietyWording(
        Wording.bundled(here, "opening.txt", Set.of()),
        Wording.bundled(here, "update.txt", LATER),
        Wording.bundled(here, "reflection.txt", ALONE));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has opening.txt, update.txt and reflection.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static SocietyWording read(Path folder) {
    return new SocietyWording(
        Wording.read(folder.resolve("opening.txt"), Set.of()),
        Wording.read(folder.resolve("update.txt"), LATER),
        Wording.read(folder.resolve("reflection.txt"), ALONE));
  }
}

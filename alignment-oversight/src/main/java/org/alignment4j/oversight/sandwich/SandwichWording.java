package org.alignment4j.oversight.sandwich;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What the roles of a session are asked, in words that users can replace.
 *
 * @param alone the participant's answer without help; uses nothing
 * @param asking the participant's message to the model; may use turn, turns
 * @param advice the model's message to the participant; may use turn, turns
 * @param after the participant's answer after help; uses nothing
 * @param model the model's own answer, and the expert's; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SandwichWording(
    Wording alone, Wording asking, Wording advice, Wording after, Wording model) {
  private static final Set<String> TURNS = Set.of("turn", "turns");

  /** Checks that nothing is missing. */
  public SandwichWording {
    Objects.requireNonNull(alone, "alone");
    Objects.requireNonNull(asking, "asking");
    Objects.requireNonNull(advice, "advice");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(model, "model");
  }

  /** Returns the wording that comes with the library. */
  public static SandwichWording bundled() {
    Class<?> here = SandwichWording.class;
    return new SandwichWording(
        Wording.bundled(here, "alone.txt", Set.of()),
        Wording.bundled(here, "asking.txt", TURNS),
        Wording.bundled(here, "advice.txt", TURNS),
        Wording.bundled(here, "after.txt", Set.of()),
        Wording.bundled(here, "model.txt", Set.of()));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has alone.txt, asking.txt, advice.txt, after.txt and model.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static SandwichWording read(Path folder) {
    return new SandwichWording(
        Wording.read(folder.resolve("alone.txt"), Set.of()),
        Wording.read(folder.resolve("asking.txt"), TURNS),
        Wording.read(folder.resolve("advice.txt"), TURNS),
        Wording.read(folder.resolve("after.txt"), Set.of()),
        Wording.read(folder.resolve("model.txt"), Set.of()));
  }
}

package org.alignment4j.oversight.market;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * What the roles of a market are asked, in words that users can replace.
 *
 * @param maker the market maker's prediction; uses nothing
 * @param adversary the adversary's argument; may use price, the last one in percent
 * @param overseer the overseer's belief; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MarketWording(Wording maker, Wording adversary, Wording overseer) {
  private static final Set<String> PRICE = Set.of("price");

  /** Checks that nothing is missing. */
  public MarketWording {
    Objects.requireNonNull(maker, "maker");
    Objects.requireNonNull(adversary, "adversary");
    Objects.requireNonNull(overseer, "overseer");
  }

  /** Returns the wording that comes with the library. */
  public static MarketWording bundled() {
    Class<?> here = MarketWording.class;
    return new MarketWording(
        Wording.bundled(here, "maker.txt", Set.of()),
        Wording.bundled(here, "adversary.txt", PRICE),
        Wording.bundled(here, "overseer.txt", Set.of()));
  }

  /**
   * Reads a user's own wording.
   *
   * @param folder has maker.txt, adversary.txt and overseer.txt
   * @throws org.alignment4j.api.DataFormatException if one is blank or uses an unknown placeholder
   * @throws org.alignment4j.api.AlignmentException if one cannot be read
   */
  public static MarketWording read(Path folder) {
    return new MarketWording(
        Wording.read(folder.resolve("maker.txt"), Set.of()),
        Wording.read(folder.resolve("adversary.txt"), PRICE),
        Wording.read(folder.resolve("overseer.txt"), Set.of()));
  }
}

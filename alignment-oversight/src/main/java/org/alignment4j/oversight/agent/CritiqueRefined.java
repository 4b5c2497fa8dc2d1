package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/**
 * Improves a turn by critique (Khan et al. 2024; Saunders et al. 2022): critiques of the author's
 * turn are drawn, the most helpful one is kept, and refinements are drawn with turn and critique
 * before the author; the best refinement is said where it is valid and beats the turn it refines.
 * Drafts stay unseen by others. Immutable.
 *
 * @param author writes the first version
 * @param critic writes critiques
 * @param critiques how many
 * @param helpfulness rates critiques
 * @param refiner writes the refinements
 * @param refinements how many
 * @param quality rates turns
 * @param wording what critic and refiner are asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CritiqueRefined(
    Agent author,
    Drafter critic,
    int critiques,
    DraftRater helpfulness,
    Drafter refiner,
    int refinements,
    DraftRater quality,
    CritiqueWording wording)
    implements Agent {
  /** The role that critiques are filed under in the author's own view. */
  public static final String CRITIC = "Critic";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no critique or no refinement
   */
  public CritiqueRefined {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(critic, "critic");
    Objects.requireNonNull(helpfulness, "helpfulness");
    Objects.requireNonNull(refiner, "refiner");
    Objects.requireNonNull(quality, "quality");
    Objects.requireNonNull(wording, "wording");
    if (critiques < 1 || refinements < 1) {
      throw new IllegalArgumentException(
          "critiques and refinements must be at least 1 but were "
              + critiques
              + " and "
              + refinements);
    }
  }

  @Override
  public Turn act(View view, OversightContext context) {
    Turn turn = author.act(view, context);
    View about = with(view, CRITIC, wording.critique(), List.of(turn));
    List<Turn> remarks = critic.draft(about, critiques, context);
    DraftRater.Ratings helpful = helpfulness.rate(about, remarks, context);
    Turn remark = remarks.get(helpful.best());
    Usage usage = turn.usage().plus(BestOfN.sum(remarks)).plus(helpful.usage());
    if (!remark.valid()) {
      return turn.withUsage(usage);
    }
    View again =
        with(
            view,
            view.role(),
            view.instructions() + "\n\n" + wording.refinement(),
            List.of(turn, remark));
    List<Turn> drafts = refiner.draft(again, refinements, context);
    usage = usage.plus(BestOfN.sum(drafts));
    List<Turn> candidates = new ArrayList<>();
    candidates.add(turn);
    drafts.stream().filter(Turn::valid).forEach(candidates::add);
    if (candidates.size() == 1) {
      return turn.withUsage(usage);
    }
    DraftRater.Ratings ratings = quality.rate(view, candidates, context);
    return candidates.get(ratings.best()).withUsage(usage.plus(ratings.usage()));
  }

  private static View with(View view, String role, String instructions, List<Turn> more) {
    List<Turn> turns = new ArrayList<>(view.turns());
    turns.addAll(more);
    return new View(
        role, view.round(), instructions, view.question(), view.options(), view.material(), turns);
  }

  /**
   * What critic and refiner are asked.
   *
   * @param critique asks for a critique of the last turn
   * @param refinement asks for a better version of the turn before the critique
   */
  public record CritiqueWording(String critique, String refinement) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is blank
     */
    public CritiqueWording {
      if (critique.isBlank() || refinement.isBlank()) {
        throw new IllegalArgumentException("critique and refinement must not be blank");
      }
    }

    /** Returns the wording that comes with the library. */
    public static CritiqueWording bundled() {
      return new CritiqueWording(
          Prompts.text(CritiqueRefined.class, "critique.txt").strip(),
          Prompts.text(CritiqueRefined.class, "refinement.txt").strip());
    }
  }
}

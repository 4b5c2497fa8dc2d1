package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;

/**
 * Improves a turn by critique (Khan et al. 2024; Saunders et al. 2022): critiques of the author's
 * turn are drawn, the most helpful one is kept, and refinements are drawn with turn and critique
 * before the author; the best refinement is said where it is valid and beats the turn it refines.
 * Refinements that speak of a critique, which nobody else has read, count only where all do. Drafts
 * stay unseen by others. Where the budget ends, the best version by then is said, and the turn
 * carries what all of them cost. Immutable.
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

  private static final Pattern CRITIQUE = Pattern.compile("\\bcritique", Pattern.CASE_INSENSITIVE);

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
    Allowance allowance = Allowance.of("a turn that is critiqued", context);
    Turn turn = author.act(view, allowance.next());
    allowance.spend(turn.usage());
    Turn said;
    try {
      said = refined(view, turn, allowance);
    } catch (BudgetExceededException limit) {
      said = turn;
    }
    return said.withUsage(allowance.spent());
  }

  private Turn refined(View view, Turn turn, Allowance allowance) {
    View about = with(view, CRITIC, wording.critique(), List.of(turn));
    List<Turn> remarks = critic.draft(about, critiques, allowance.next());
    allowance.spend(BestOfN.sum(remarks));
    Turn remark = remarks.get(BestOfN.best(helpfulness, about, remarks, allowance));
    if (!remark.valid()) {
      return turn;
    }
    View again =
        with(
            view,
            view.role(),
            view.instructions() + "\n\n" + wording.refinement(),
            List.of(turn, remark));
    List<Turn> drafts = refiner.draft(again, refinements, allowance.next());
    allowance.spend(BestOfN.sum(drafts));
    List<Turn> candidates = new ArrayList<>();
    candidates.add(turn);
    candidates.addAll(unremarked(drafts.stream().filter(Turn::valid).toList()));
    return candidates.get(BestOfN.best(quality, view, candidates, allowance));
  }

  private static List<Turn> unremarked(List<Turn> drafts) {
    List<Turn> silent =
        drafts.stream().filter(draft -> !CRITIQUE.matcher(draft.visible()).find()).toList();
    return silent.isEmpty() ? drafts : silent;
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

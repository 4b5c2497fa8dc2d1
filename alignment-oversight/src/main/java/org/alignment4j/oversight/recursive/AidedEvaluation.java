package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.agent.Wording;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.apiguardian.api.API;

/**
 * An evaluator compares two outputs of a task with the help of an agent, which works on parts of
 * the evaluation (Leike et al. 2018, section 3.1). The helper reads the sources and the evaluator
 * does not, unless informed. Quotes of the helper are checked against the sources of the item that
 * is evaluated and marked as verified or not; an aid that is no valid turn is not shown. With n
 * aids it costs n + 1 calls, twice that in both orders, since aids may speak of the outputs by
 * their place. Immutable.
 *
 * @param evaluator who compares
 * @param aids where help comes from; empty for none
 * @param informed whether the evaluator reads the sources too
 * @param bothOrders whether the outputs are compared in both orders
 * @param compare what the evaluator is asked
 * @param help what the helper is told beside its subtask
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AidedEvaluation(
    Judge evaluator,
    Optional<Aids> aids,
    boolean informed,
    boolean bothOrders,
    Wording compare,
    Wording help)
    implements OversightProtocol<ChoiceQuestion, Ruling> {
  /** The role of the helper. */
  public static final String HELPER = "Helper";

  /** The role of the evaluator. */
  public static final String EVALUATOR = "Evaluator";

  /** Checks that nothing is missing. */
  public AidedEvaluation {
    Objects.requireNonNull(evaluator, "evaluator");
    Objects.requireNonNull(aids, "aids");
    Objects.requireNonNull(compare, "compare");
    Objects.requireNonNull(help, "help");
  }

  /** Returns an evaluation without help, with the bundled words. */
  public static AidedEvaluation unaided(Judge evaluator) {
    Class<?> here = AidedEvaluation.class;
    return new AidedEvaluation(
        evaluator,
        Optional.empty(),
        false,
        false,
        Wording.bundled(here, "compare.txt", Set.of()),
        Wording.bundled(here, "help.txt", Set.of()));
  }

  /** Returns this evaluation with help. */
  public AidedEvaluation with(Aids help) {
    return new AidedEvaluation(
        evaluator, Optional.of(help), informed, bothOrders, compare, this.help);
  }

  /** Returns this evaluation without help. */
  public AidedEvaluation withoutAids() {
    return new AidedEvaluation(evaluator, Optional.empty(), informed, bothOrders, compare, help);
  }

  /** Returns this evaluation by an evaluator who reads the sources. */
  public AidedEvaluation readingSources() {
    return new AidedEvaluation(evaluator, aids, true, bothOrders, compare, help);
  }

  /** Returns this evaluation in both orders of the outputs. */
  public AidedEvaluation inBothOrders() {
    return new AidedEvaluation(evaluator, aids, informed, true, compare, help);
  }

  @Override
  public Outcome<Ruling> run(ChoiceQuestion outputs, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("evaluation", outputs.text(), context, OptionalLong.empty());
    List<Verdict> verdicts = new ArrayList<>();
    try {
      verdicts.add(judged(outputs, 0, proceedings));
      if (bothOrders) {
        verdicts.add(judged(outputs.swapped(), 1, proceedings));
      }
      return proceedings.outcome(new Ruling(verdicts));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new Ruling(verdicts), limit);
    }
  }

  private Verdict judged(ChoiceQuestion outputs, int order, Proceedings proceedings) {
    List<Turn> given = new ArrayList<>();
    if (aids.isPresent()) {
      given.addAll(aids(aids.orElseThrow(), outputs, order, proceedings));
    }
    return proceedings.ask(
        evaluator,
        new View(
            EVALUATOR,
            order,
            compare.render(Map.of()),
            outputs.text(),
            outputs.options(),
            informed ? outputs.material() : List.of(),
            given));
  }

  private List<Turn> aids(Aids from, ChoiceQuestion outputs, int order, Proceedings proceedings) {
    ChoiceQuestion about = from.about().apply(outputs);
    QuoteVerifier verifier = QuoteVerifier.of(outputs.material());
    List<String> subtasks = from.split().subtasks(about);
    List<Turn> given = new ArrayList<>();
    for (int i = 0; i < subtasks.size(); i++) {
      View view =
          new View(
              HELPER,
              order * subtasks.size() + i,
              help.render(Map.of()),
              subtasks.get(i),
              about.options(),
              about.material(),
              List.of());
      Turn turn = proceedings.take(from.helper(), view);
      Turn marked = proceedings.hear(turn.withVisible(verifier.mark(turn.visible())));
      if (marked.valid()) {
        given.add(marked);
      }
    }
    return given;
  }
}

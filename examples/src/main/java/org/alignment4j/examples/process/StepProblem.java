package org.alignment4j.examples.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.pocket.world.Exam;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Relation;

/**
 * A question of the world that takes several facts.
 *
 * @param text the question
 * @param plan the facts that lead to its answer, in order
 * @param answer the answer
 * @param source what it shares with problems that are not independent of it, such as a person
 */
record StepProblem(String text, List<Fact> plan, String answer, String source) {
  static final String CONCLUSION = "So the answer is ";
  static final String SEPARATOR = "\n";

  StepProblem {
    Objects.requireNonNull(text, "text");
    plan = List.copyOf(plan);
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(source, "source");
  }

  Prompt.Text prompt() {
    return Exam.prompt(text);
  }

  /**
   * What a fact is said as. Of continents without the country's name, which the pocket model cannot
   * spell at the beginning of a line.
   */
  static String statement(Fact fact) {
    Question asked = new Question("", fact, List.of(fact.value()), List.of());
    return fact.relation() == Relation.CONTINENT
        ? asked.plainReplies(fact.value()).get(1)
        : asked.reply(fact.value());
  }

  /** The steps of a right solution. */
  List<String> steps() {
    List<String> steps = new ArrayList<>(plan.stream().map(StepProblem::statement).toList());
    steps.add(CONCLUSION + answer + ".");
    return steps;
  }

  /** A right solution, to learn from. */
  PromptCompletion lesson() {
    return new PromptCompletion(prompt(), " " + String.join(SEPARATOR, steps()));
  }
}

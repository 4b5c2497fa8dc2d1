package org.alignment4j.examples.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.TwoStepQuestion;

/**
 * Problems by the people they are about: people from whom the solver learns, others whose solutions
 * are labelled, and others again who are asked about.
 *
 * @param lessons what the solver learns
 * @param labelled problems whose solutions are labelled
 * @param asked problems of the measurement
 */
record StepProblems(
    List<StepProblem> lessons, List<StepProblem> labelled, List<StepProblem> asked) {
  /** Of the people nobody learns about, those on whom settings are chosen. */
  static final int DEVELOPMENT_PEOPLE = 44;

  static StepProblems draw(PocketWorld world, ProcessSettings settings) {
    Random random = new Random(settings.seed());
    Map<String, List<TwoStepQuestion>> known = byPerson(world.trainingTwoStepQuestions());
    List<String> people = new ArrayList<>(known.keySet());
    int needed = settings.solverPeople() + settings.labelledPeople();
    require("solverPeople and labelledPeople together", needed, people.size());
    Collections.shuffle(people, random);
    Map<String, List<TwoStepQuestion>> unknown = byPerson(world.twoStepQuestions());
    List<String> others = new ArrayList<>(unknown.keySet());
    Collections.shuffle(others, new Random(world.options().seed()));
    List<String> group =
        settings.development()
            ? others.subList(0, DEVELOPMENT_PEOPLE)
            : others.subList(DEVELOPMENT_PEOPLE, others.size());
    require("askedPeople", settings.askedPeople(), group.size());
    return new StepProblems(
        problems(known, people.subList(0, settings.solverPeople())),
        problems(known, people.subList(settings.solverPeople(), needed)),
        problems(unknown, group.subList(0, settings.askedPeople())));
  }

  private static void require(String name, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException(
          name + " must be at most " + most + " people but was " + count);
    }
  }

  private static Map<String, List<TwoStepQuestion>> byPerson(List<TwoStepQuestion> questions) {
    Map<String, List<TwoStepQuestion>> people = new LinkedHashMap<>();
    for (TwoStepQuestion question : questions) {
      people
          .computeIfAbsent(question.first().fact().subject().name(), key -> new ArrayList<>())
          .add(question);
    }
    return people;
  }

  private static List<StepProblem> problems(
      Map<String, List<TwoStepQuestion>> questions, List<String> people) {
    List<StepProblem> problems = new ArrayList<>();
    for (String person : people) {
      for (TwoStepQuestion question : questions.getOrDefault(person, List.of())) {
        Fact known = question.second().fact();
        problems.add(
            new StepProblem(
                question.text(), List.of(question.first().fact(), known), known.value(), person));
      }
    }
    return problems;
  }
}

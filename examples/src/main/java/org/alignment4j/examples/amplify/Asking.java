package org.alignment4j.examples.amplify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.oversight.Respondent;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.SequentialDecomposition;
import org.alignment4j.pocket.world.Exam;

/** Ways to have a model answer questions. */
final class Asking {
  private static final int ANSWER_TOKENS = 112;
  private static final int STEP_TOKENS = 32;
  private static final int MOST_STEPS = 3;
  private static final String END = "\n";

  private Asking() {}

  private static SamplingOptions.Builder options(int tokens) {
    return SamplingOptions.builder(tokens).stopStrings(List.of(END));
  }

  /** An overseer who asks a model one question after the other. */
  static SequentialDecomposition amplified(LanguageModel overseer, LanguageModel assistant) {
    return new SequentialDecomposition(
        Respondent.of(overseer, options(STEP_TOKENS).temperature(0).build()),
        Respondent.of(assistant, options(ANSWER_TOKENS).temperature(0).build()),
        new ExamForm(),
        ExamForm.steps(),
        ExamForm.answers(),
        MOST_STEPS);
  }

  /** Trees of questions, in order. */
  static List<QuestionNode> trees(
      SequentialDecomposition amplified, List<Composed> questions, OversightContext context) {
    return questions.stream().map(q -> amplified.run(q.text(), context).verdict()).toList();
  }

  /** Answers at once, the likeliest; empty where there is none. */
  static List<Optional<String>> direct(LanguageModel model, List<Composed> questions) {
    return answers(model, questions, options(ANSWER_TOKENS).temperature(0).build());
  }

  /** The most frequent of several sampled answers, the earliest of those as frequent. */
  static List<Optional<String>> majority(
      LanguageModel model, List<Composed> questions, int votes, long seed) {
    List<Map<String, Integer>> counts = new ArrayList<>();
    questions.forEach(question -> counts.add(new LinkedHashMap<>()));
    for (int vote = 0; vote < votes; vote++) {
      List<Optional<String>> answers =
          answers(model, questions, options(ANSWER_TOKENS).seed(seed + vote).build());
      for (int i = 0; i < answers.size(); i++) {
        Map<String, Integer> count = counts.get(i);
        answers.get(i).ifPresent(answer -> count.merge(answer, 1, Integer::sum));
      }
    }
    return counts.stream().map(Asking::mostFrequent).toList();
  }

  private static Optional<String> mostFrequent(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .reduce((one, other) -> other.getValue() > one.getValue() ? other : one)
        .map(Map.Entry::getKey);
  }

  private static List<Optional<String>> answers(
      LanguageModel model, List<Composed> questions, SamplingOptions options) {
    List<Completion> replies =
        model.generate(questions.stream().map(q -> Exam.prompt(q.text())).toList(), options);
    List<Optional<String>> answers = new ArrayList<>();
    for (Completion reply : replies) {
      answers.add(
          ExamForm.answers().parse(new Reply(reply.text(), reply.truncated()))
                  instanceof Parsed.Value<String> value
              ? Optional.of(value.value())
              : Optional.empty());
    }
    return answers;
  }
}

package org.alignment4j.examples.amplify;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.decompose.NextStep;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.SequentialPrompts;
import org.alignment4j.oversight.decompose.SubAnswer;
import org.alignment4j.pocket.world.Exam;

/**
 * Decomposition in the exam form of the pocket model, whose training texts answer questions step by
 * step: {@code "Question: … Step: … Answer: … So the answer is …"}. It was never taught to follow
 * instructions, so that none are given.
 */
final class ExamForm implements SequentialPrompts {
  static final String CONCLUSION = "So the answer is ";

  private static final String STEP = "Step:";
  private static final String UNKNOWN = "unknown";

  @Override
  public Prompt next(String question, List<SubAnswer> found, String form) {
    StringBuilder text = new StringBuilder("Question: ").append(question);
    for (SubAnswer each : found) {
      text.append("\nStep: ").append(each.question());
      text.append("\nAnswer: ").append(each.answer().orElse(UNKNOWN));
    }
    return Prompt.text(text.append(found.isEmpty() ? "\n" + STEP : "\n").toString());
  }

  @Override
  public Prompt direct(String question, String form) {
    return Exam.prompt(question);
  }

  /** What a question is taught as: the answer alone. */
  static String answerAlone(QuestionNode node) {
    return " " + node.answer().orElseThrow();
  }

  /** What a question is taught as: its steps with all that was said, and the answer. */
  static String withSteps(QuestionNode node) {
    String steps =
        node.parts().stream()
            .map(part -> part.question() + " " + ended(said(part)))
            .collect(Collectors.joining(" "));
    String answer = CONCLUSION + ended(node.answer().orElseThrow());
    return " " + (steps.isEmpty() ? answer : steps + " " + answer);
  }

  private static String said(QuestionNode part) {
    return firstLine(part.exchanges().get(part.exchanges().size() - 1).reply());
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  private static String firstLine(String reply) {
    return reply.strip().lines().findFirst().orElse("").strip();
  }

  private static Parsed<String> answer(Reply reply) {
    String line = firstLine(reply.text());
    int conclusion = line.lastIndexOf(CONCLUSION);
    String answer = conclusion < 0 ? line : line.substring(conclusion + CONCLUSION.length());
    String bare = answer.endsWith(".") ? answer.substring(0, answer.length() - 1) : answer;
    return bare.isBlank() || bare.equals(UNKNOWN)
        ? new Parsed.Nothing<>("it has no answer.")
        : new Parsed.Value<>(bare.strip());
  }

  /** Reads an answer: what the first line concludes, or else the line. */
  static ReplyParser<String> answers() {
    return new Form<>(ExamForm::answer, "");
  }

  private static Parsed<NextStep> step(Reply reply) {
    String line = firstLine(reply.text());
    if (line.startsWith(CONCLUSION)) {
      return answer(reply) instanceof Parsed.Value<String> value
          ? new Parsed.Value<>(new NextStep.Answer(value.value()))
          : new Parsed.Nothing<>("it concludes nothing.");
    }
    String question = line.startsWith(STEP) ? line.substring(STEP.length()).strip() : line;
    return question.endsWith("?")
        ? new Parsed.Value<>(new NextStep.Ask(question))
        : new Parsed.Nothing<>("it neither asks nor concludes.");
  }

  /** Reads a step: a question, or a conclusion. */
  static ReplyParser<NextStep> steps() {
    return new Form<>(ExamForm::step, "");
  }

  private record Form<T>(Function<Reply, Parsed<T>> reading, String form)
      implements ReplyParser<T> {
    @Override
    public Parsed<T> parse(Reply reply) {
      return reading.apply(reply);
    }
  }
}

package org.alignment4j.examples.amplify;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/**
 * A simulated overseer, which divides comparisons of two people by rule: it asks of each on which
 * continent they live, and compares. Other questions it leaves to the overseer behind it.
 *
 * @param other divides other questions
 */
record Comparisons(LanguageModel other) implements LanguageModel {
  static final String YES = "Yes";
  static final String NO = "No";

  private static final Pattern COMPARED =
      Pattern.compile("Question: Do (.+) and (.+) live on the same continent\\?\n");
  private static final Pattern ANSWER = Pattern.compile("\nAnswer: (.*)");

  static String question(String one, String two) {
    return "Do " + one + " and " + two + " live on the same continent?";
  }

  @Override
  public String id() {
    return "comparisons by rule, else " + other.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      Matcher compared = COMPARED.matcher(prompt instanceof Prompt.Text asked ? asked.text() : "");
      completions.add(
          compared.lookingAt()
              ? Completion.of(
                  step(compared, ((Prompt.Text) prompt).text()), FinishReason.EOS, Usage.NONE)
              : other.generate(List.of(prompt), options, cancellation).get(0));
    }
    return completions;
  }

  private static String step(Matcher people, String prompt) {
    List<String> answers = ANSWER.matcher(prompt).results().map(r -> r.group(1)).toList();
    return answers.size() < 2
        ? " On which continent does " + people.group(answers.size() + 1) + " live?"
        : ExamForm.CONCLUSION + (answers.get(0).equals(answers.get(1)) ? YES : NO) + ".";
  }
}

package org.alignment4j.langchain4j;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/** Whether two answers to a request say the same. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface AnswerAgreement {

  /**
   * Compares two answers.
   *
   * @param request what was asked
   * @param first one answer
   * @param second another
   * @return empty when it could not be told
   */
  Optional<Boolean> agree(String request, String first, String second);

  /**
   * Returns equality of text, case, white space and punctuation at the ends aside: for answers that
   * are a word, a number or a name.
   */
  static AnswerAgreement ofText() {
    Pattern space = Pattern.compile("\\s+");
    Pattern ends = Pattern.compile("^[\\p{P}\\s]+|[\\p{P}\\s]+$");
    return (request, first, second) -> {
      String one = ends.matcher(space.matcher(first).replaceAll(" ")).replaceAll("");
      String other = ends.matcher(space.matcher(second).replaceAll(" ")).replaceAll("");
      return Optional.of(one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT)));
    };
  }

  /** Returns the verdict of a judge with the bundled prompt, one call a comparison. */
  static AnswerAgreement judged(JudgeModel judge) {
    return judged(
        judge,
        Prompts.bundled(
            AnswerAgreement.class,
            "agreement.txt",
            Set.of("form"),
            Set.of("request", "first", "second")));
  }

  /**
   * Returns the verdict of a judge, one call a comparison.
   *
   * @param template has the placeholder {@code form}, and fenced ones {@code request}, {@code
   *     first} and {@code second}
   */
  static AnswerAgreement judged(JudgeModel judge, PromptTemplate template) {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(template, "template");
    ReplyParser<String> form = ReplyParser.choice(List.of("same", "different"));
    return (request, first, second) -> {
      Judgement<String> judgement =
          judge.ask(
              template.render(
                  Map.of(
                      "form", form.form(), "request", request, "first", first, "second", second)),
              form,
              CancellationToken.none());
      return judgement instanceof Judgement.Given<String> given
          ? Optional.of(given.value().equals("same"))
          : Optional.empty();
    };
  }
}

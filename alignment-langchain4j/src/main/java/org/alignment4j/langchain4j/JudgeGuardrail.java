package org.alignment4j.langchain4j;

import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.Prompts;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * An output guardrail of a LangChain4j service that has a judge rate every answer by a rubric, from
 * 1 to 10 (Zheng et al. 2023, MT-Bench's single-answer grading), and holds it to a least rating.
 * Request and answer stand fenced in the judge's prompt. It costs one call of the judge an answer,
 * two where a reply needs a repair. To keep and budget the judge's calls, give it a model of {@link
 * org.alignment4j.oversight.call.RecordedCalls}. Immutable, and as safe for concurrent calls as the
 * judge.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeGuardrail implements OutputGuardrail {
  /** Placeholders of its template that hold the program's own words. */
  public static final Set<String> PLAIN = Set.of("rubric", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "answer");

  private static final int LOWEST = 1;
  private static final int HIGHEST = 10;
  private static final ReplyParser<Double> FORM = ReplyParser.score(LOWEST, HIGHEST);

  private final JudgeModel judge;
  private final String rubric;
  private final double least;
  private final GuardrailPolicy policy;
  private final PromptTemplate template;
  private final Wording reprompt;

  private JudgeGuardrail(
      JudgeModel judge,
      String rubric,
      double least,
      GuardrailPolicy policy,
      PromptTemplate template,
      Wording reprompt) {
    this.judge = judge;
    this.rubric = rubric;
    this.least = least;
    this.policy = policy;
    this.template = template;
    this.reprompt = reprompt;
  }

  /**
   * Returns a guardrail with the bundled prompts under which violations and unclear verdicts fail.
   *
   * @param judge rates answers
   * @param rubric what a good answer is, in the program's own words
   * @param least the lowest rating that passes, from 1 to 10
   * @throws IllegalArgumentException if the rubric is blank or the rating outside the scale
   */
  public static JudgeGuardrail of(JudgeModel judge, String rubric, double least) {
    Objects.requireNonNull(judge, "judge");
    if (rubric.isBlank()) {
      throw new IllegalArgumentException("rubric must not be blank");
    }
    if (!(least >= LOWEST && least <= HIGHEST)) {
      throw new IllegalArgumentException(
          "least must be from " + LOWEST + " to " + HIGHEST + " but was " + least);
    }
    return new JudgeGuardrail(
        judge,
        rubric,
        least,
        GuardrailPolicy.CLOSED,
        Prompts.bundled(JudgeGuardrail.class, "rubric.txt", PLAIN, FENCED),
        Wording.bundled(JudgeGuardrail.class, "rubric-reprompt.txt", Set.of("rubric")));
  }

  /** Returns this guardrail with another policy. */
  public JudgeGuardrail withPolicy(GuardrailPolicy other) {
    Objects.requireNonNull(other, "policy");
    return new JudgeGuardrail(judge, rubric, least, other, template, reprompt);
  }

  /** Returns this guardrail with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public JudgeGuardrail withTemplate(PromptTemplate other) {
    Objects.requireNonNull(other, "template");
    return new JudgeGuardrail(judge, rubric, least, policy, other, reprompt);
  }

  /** Returns this guardrail with another reprompt; it may use rubric. */
  public JudgeGuardrail withReprompt(Wording other) {
    Objects.requireNonNull(other, "reprompt");
    return new JudgeGuardrail(judge, rubric, least, policy, template, other);
  }

  @Override
  public OutputGuardrailResult validate(OutputGuardrailRequest request) {
    policy.check(request);
    return find(Exchange.of(request)).under(policy, this);
  }

  private Finding find(Exchange exchange) {
    if (exchange.answer().isEmpty()) {
      return new Finding.Unclear("the answer has no text to judge");
    }
    Judgement<Double> judgement =
        judge.ask(
            template.render(
                Map.of(
                    "rubric", rubric,
                    "form", FORM.form(),
                    "request", exchange.request(),
                    "answer", exchange.answer())),
            FORM,
            CancellationToken.none());
    if (judgement instanceof Judgement.Given<Double> given) {
      return given.value() >= least
          ? new Finding.Kept()
          : new Finding.Broken(
              String.format(
                  Locale.ROOT,
                  "an answer must be rated at least %s by the judge but was rated %s",
                  least,
                  given.value()),
              reprompt.render(Map.of("rubric", rubric)));
    }
    return new Finding.Unclear(
        "the judge gave no rating: " + ((Judgement.Unparsed<Double>) judgement).problem());
  }
}

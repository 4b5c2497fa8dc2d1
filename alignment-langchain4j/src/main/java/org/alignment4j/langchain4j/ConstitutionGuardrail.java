package org.alignment4j.langchain4j;

import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * An output guardrail of a LangChain4j service that holds every answer to principles (after Bai et
 * al. 2022, Constitutional AI, whose principles judge answers in words). A judge is asked about
 * each principle by itself whether the answer keeps or breaks it: one call a principle, two where a
 * reply needs a repair. An answer that breaks one is a violation; otherwise, one that a principle
 * got no verdict about is unclear. Immutable, and as safe for concurrent calls as the judge.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConstitutionGuardrail implements OutputGuardrail {
  /** Placeholders of its template that hold the program's own words. */
  public static final Set<String> PLAIN = Set.of("principle", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("request", "answer");

  private static final String KEEPS = "keeps";
  private static final ReplyParser<String> FORM = ReplyParser.choice(List.of(KEEPS, "breaks"));

  private final JudgeModel judge;
  private final List<String> principles;
  private final GuardrailPolicy policy;
  private final PromptTemplate template;
  private final Wording reprompt;

  private ConstitutionGuardrail(
      JudgeModel judge,
      List<String> principles,
      GuardrailPolicy policy,
      PromptTemplate template,
      Wording reprompt) {
    this.judge = judge;
    this.principles = principles;
    this.policy = policy;
    this.template = template;
    this.reprompt = reprompt;
  }

  /**
   * Returns a guardrail with the bundled prompts under which violations and unclear verdicts fail.
   *
   * @param judge decides
   * @param principles what every answer must keep, each a statement such as {@code The answer names
   *     no private persons.}
   * @throws IllegalArgumentException if there is none, or one is blank or occurs twice
   */
  public static ConstitutionGuardrail of(JudgeModel judge, List<String> principles) {
    Objects.requireNonNull(judge, "judge");
    if (principles.isEmpty()) {
      throw new IllegalArgumentException("principles must be at least one but there is none");
    }
    Set<String> seen = new HashSet<>();
    for (String principle : principles) {
      if (principle.isBlank() || !seen.add(principle)) {
        throw new IllegalArgumentException(
            "principles must be different and not blank but one is '" + principle + "'");
      }
    }
    return new ConstitutionGuardrail(
        judge,
        List.copyOf(principles),
        GuardrailPolicy.CLOSED,
        Prompts.bundled(ConstitutionGuardrail.class, "principle.txt", PLAIN, FENCED),
        Wording.bundled(
            ConstitutionGuardrail.class, "principle-reprompt.txt", Set.of("principles")));
  }

  /** Returns this guardrail with another policy. */
  public ConstitutionGuardrail withPolicy(GuardrailPolicy other) {
    Objects.requireNonNull(other, "policy");
    return new ConstitutionGuardrail(judge, principles, other, template, reprompt);
  }

  /** Returns this guardrail with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public ConstitutionGuardrail withTemplate(PromptTemplate other) {
    Objects.requireNonNull(other, "template");
    return new ConstitutionGuardrail(judge, principles, policy, other, reprompt);
  }

  /** Returns this guardrail with another reprompt; it may use principles, the broken ones. */
  public ConstitutionGuardrail withReprompt(Wording other) {
    Objects.requireNonNull(other, "reprompt");
    return new ConstitutionGuardrail(judge, principles, policy, template, other);
  }

  @Override
  public OutputGuardrailResult validate(OutputGuardrailRequest request) {
    policy.check(request);
    return find(Exchange.of(request)).under(policy, this);
  }

  private Finding find(Exchange exchange) {
    if (exchange.answer().isEmpty()) {
      return new Finding.Unclear("the answer has no text to hold to principles");
    }
    List<String> broken = new ArrayList<>();
    List<String> unclear = new ArrayList<>();
    for (String principle : principles) {
      Judgement<String> judgement = ask(principle, exchange);
      if (!(judgement instanceof Judgement.Given<String> given)) {
        unclear.add(principle);
      } else if (!given.value().equals(KEEPS)) {
        broken.add(principle);
      }
    }
    if (!broken.isEmpty()) {
      return new Finding.Broken(
          "an answer must keep every principle but breaks: " + String.join(" | ", broken),
          reprompt.render(Map.of("principles", "- " + String.join("\n- ", broken))));
    }
    return unclear.isEmpty()
        ? new Finding.Kept()
        : new Finding.Unclear("the judge gave no verdict about: " + String.join(" | ", unclear));
  }

  private Judgement<String> ask(String principle, Exchange exchange) {
    return judge.ask(
        template.render(
            Map.of(
                "principle", principle,
                "form", FORM.form(),
                "request", exchange.request(),
                "answer", exchange.answer())),
        FORM,
        CancellationToken.none());
  }
}

package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.oversight.agent.Wording;
import org.apiguardian.api.API;

/**
 * An output guardrail of a LangChain4j service that asks the service's model the same again and
 * lets an answer pass that enough of the other answers agree with: what a model does not know, it
 * says differently each time (after Manakul et al. 2023, SelfCheckGPT). It costs k calls of the
 * service's model an answer, and those of the comparison.
 *
 * <p>The service needs a chat memory, from which LangChain4j takes what is asked again. Its model
 * must sample: one that decodes greedily agrees with itself whatever it says. Comparisons that
 * could not be told count as disagreements, or, under {@link GuardrailPolicy.Unclear#PASS}, not at
 * all. An answer that every model gives alike passes, right or wrong. Immutable, and as safe for
 * concurrent calls as the comparison.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConsistencyGuardrail implements OutputGuardrail {
  private final AnswerAgreement agreement;
  private final int samples;
  private final double leastShare;
  private final GuardrailPolicy policy;
  private final Wording reprompt;

  private ConsistencyGuardrail(
      AnswerAgreement agreement,
      int samples,
      double leastShare,
      GuardrailPolicy policy,
      Wording reprompt) {
    this.agreement = agreement;
    this.samples = samples;
    this.leastShare = leastShare;
    this.policy = policy;
    this.reprompt = reprompt;
  }

  /**
   * Returns a guardrail under which inconsistent answers fail.
   *
   * @param agreement whether two answers say the same
   * @param samples how often the service's model is asked again, at least 1
   * @param leastShare the share of other answers that must agree, in (0, 1]
   * @throws IllegalArgumentException if a number is outside its range
   */
  public static ConsistencyGuardrail of(AnswerAgreement agreement, int samples, double leastShare) {
    Objects.requireNonNull(agreement, "agreement");
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1 but were " + samples);
    }
    if (!(leastShare > 0 && leastShare <= 1)) {
      throw new IllegalArgumentException("leastShare must be in (0, 1] but was " + leastShare);
    }
    return new ConsistencyGuardrail(
        agreement,
        samples,
        leastShare,
        GuardrailPolicy.CLOSED,
        Wording.bundled(ConsistencyGuardrail.class, "consistency-reprompt.txt", Set.of()));
  }

  /** Returns this guardrail with another policy. */
  public ConsistencyGuardrail withPolicy(GuardrailPolicy other) {
    Objects.requireNonNull(other, "policy");
    return new ConsistencyGuardrail(agreement, samples, leastShare, other, reprompt);
  }

  /** Returns this guardrail with another reprompt. */
  public ConsistencyGuardrail withReprompt(Wording other) {
    Objects.requireNonNull(other, "reprompt");
    return new ConsistencyGuardrail(agreement, samples, leastShare, policy, other);
  }

  @Override
  public OutputGuardrailResult validate(OutputGuardrailRequest request) {
    GuardrailPolicy.requireMemory(request, "asking again");
    Exchange exchange = Exchange.of(request);
    Finding finding =
        exchange.answer().isEmpty()
            ? new Finding.Unclear("the answer has no text to compare")
            : find(request, exchange);
    return finding.under(policy, this);
  }

  private Finding find(OutputGuardrailRequest request, Exchange exchange) {
    int agreeing = 0;
    int untold = 0;
    for (int sample = 0; sample < samples; sample++) {
      AiMessage other = request.chatExecutor().execute().aiMessage();
      Optional<Boolean> agrees =
          other.text() == null
              ? Optional.empty()
              : agreement.agree(exchange.request(), exchange.answer(), other.text());
      agreeing += agrees.orElse(false) ? 1 : 0;
      untold += agrees.isEmpty() ? 1 : 0;
    }
    if (untold == samples) {
      return new Finding.Unclear(
          "none of " + samples + " other answers could be compared with the answer");
    }
    int counted = policy.unclear() == GuardrailPolicy.Unclear.PASS ? samples - untold : samples;
    return agreeing >= leastShare * counted
        ? new Finding.Kept()
        : new Finding.Broken(
            String.format(
                Locale.ROOT,
                "an answer must agree with a share of %s of other answers but agreed with %s of %s",
                leastShare,
                agreeing,
                counted),
            reprompt.render(Map.of()));
  }
}

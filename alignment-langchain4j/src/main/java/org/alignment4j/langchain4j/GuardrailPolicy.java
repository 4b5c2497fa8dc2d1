package org.alignment4j.langchain4j;

import dev.langchain4j.guardrail.OutputGuardrailRequest;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a guardrail does about what it finds. Failures of the judge's model itself are thrown, and
 * the service's call fails: no answer passes unseen.
 *
 * @param violation what becomes of an answer that violates the rule
 * @param unclear what becomes of an answer about which the judge gave no verdict, a repair included
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GuardrailPolicy(Violation violation, Unclear unclear) {
  /** Violations and answers without a verdict fail. */
  public static final GuardrailPolicy CLOSED = new GuardrailPolicy(Violation.FAIL, Unclear.FAIL);

  /** Checks that nothing is missing. */
  public GuardrailPolicy {
    Objects.requireNonNull(violation, "violation");
    Objects.requireNonNull(unclear, "unclear");
  }

  /**
   * What becomes of an answer that violates the rule. Only a service with a chat memory can retry
   * or reprompt: LangChain4j takes the conversation from there, and without one every call is
   * refused before anything is judged. How often is the service's setting.
   */
  public enum Violation {
    /** The service's call fails. */
    FAIL,
    /** The service's model is asked the same again. */
    RETRY,
    /** The service's model is told what was wrong and asked again. */
    REPROMPT
  }

  /** What becomes of an answer without a verdict. */
  public enum Unclear {
    /** The service's call fails. */
    FAIL,
    /** The answer passes. */
    PASS
  }

  /** Refuses to ask again where the model would not see what it was asked. */
  void check(OutputGuardrailRequest request) {
    if (violation != Violation.FAIL) {
      requireMemory(request, violation.name());
    }
  }

  static void requireMemory(OutputGuardrailRequest request, String what) {
    if (request.requestParams().chatMemory() == null) {
      throw new IllegalStateException(
          what
              + " needs a chat memory, since LangChain4j takes the conversation from there, but the"
              + " service has none; give it one with chatMemory(...)");
    }
  }

  /** Returns this policy with another way with violations. */
  public GuardrailPolicy on(Violation other) {
    return new GuardrailPolicy(other, unclear);
  }

  /** Returns this policy with another way with answers without a verdict. */
  public GuardrailPolicy on(Unclear other) {
    return new GuardrailPolicy(violation, other);
  }
}

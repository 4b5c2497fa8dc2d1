package org.alignment4j.langchain4j;

import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;

/** What a guardrail found. */
sealed interface Finding {

  /** What the policy makes of it. */
  OutputGuardrailResult under(GuardrailPolicy policy, OutputGuardrail guardrail);

  /** The answer keeps the rule. */
  record Kept() implements Finding {
    @Override
    public OutputGuardrailResult under(GuardrailPolicy policy, OutputGuardrail guardrail) {
      return guardrail.success();
    }
  }

  /**
   * The answer violates the rule.
   *
   * @param message for the program
   * @param reprompt for the service's model; without text of others
   */
  record Broken(String message, String reprompt) implements Finding {
    @Override
    public OutputGuardrailResult under(GuardrailPolicy policy, OutputGuardrail guardrail) {
      return switch (policy.violation()) {
        case FAIL -> guardrail.failure(message);
        case RETRY -> guardrail.retry(message);
        case REPROMPT -> guardrail.reprompt(message, reprompt);
      };
    }
  }

  /**
   * There is no verdict.
   *
   * @param message why
   */
  record Unclear(String message) implements Finding {
    @Override
    public OutputGuardrailResult under(GuardrailPolicy policy, OutputGuardrail guardrail) {
      return switch (policy.unclear()) {
        case FAIL -> guardrail.failure(message);
        case PASS -> guardrail.success();
      };
    }
  }
}

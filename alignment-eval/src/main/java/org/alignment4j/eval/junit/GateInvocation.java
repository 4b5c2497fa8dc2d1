package org.alignment4j.eval.junit;

import java.lang.reflect.Method;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.gate.GateResult;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** One gate of one model and metric as a test. */
record GateInvocation(GateResult result, EvaluationRun run)
    implements TestTemplateInvocationContext, InvocationInterceptor, ParameterResolver {

  @Override
  public String getDisplayName(int invocationIndex) {
    return result.question();
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(this);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext at)
      throws Throwable {
    at.publishReportEntry("alignment-gate", result.toString());
    switch (result.outcome()) {
      case OPEN -> invocation.proceed();
      case SKIPPED -> {
        invocation.skip();
        throw new TestAbortedException(result.toString());
      }
      case CLOSED -> {
        invocation.skip();
        throw new AssertionFailedError(result.toString());
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext at) {
    Class<?> type = parameter.getParameter().getType();
    return type == GateResult.class
        || type == EvaluationRun.class
        || type == Estimate.class && result.figure().isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext at) {
    Class<?> type = parameter.getParameter().getType();
    if (type == GateResult.class) {
      return result;
    }
    return type == EvaluationRun.class ? run : result.figure().orElseThrow();
  }
}

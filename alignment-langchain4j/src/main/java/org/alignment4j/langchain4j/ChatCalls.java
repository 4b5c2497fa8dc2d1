package org.alignment4j.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.AsyncCall;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.CallResult;
import org.alignment4j.core.calls.Calls;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.ResultOrder;
import org.alignment4j.core.calls.RetryPolicy;
import org.jspecify.annotations.Nullable;

/** Calls of a chat model, several at once or one after the other. */
record ChatCalls(
    ChatModel chat,
    RequestWriter writer,
    ResponseReader reader,
    FailureReader failures,
    Manner manner) {

  /**
   * How calls are made.
   *
   * @param threads where
   * @param atOnce most calls at once
   * @param timeout after which an attempt is given up, or null
   * @param retry when a call is tried again
   * @param clock of latencies and waits
   */
  record Manner(
      Executor threads,
      int atOnce,
      @Nullable Duration timeout,
      RetryPolicy retry,
      CallClock clock) {}

  /**
   * One answer to ask for.
   *
   * @param prompt what to continue
   * @param number of the sample among those of the prompt
   */
  record Draw(Prompt prompt, int number) {}

  /** Numbers a prompt that occurs several times, so that it gets several samples. */
  static List<Draw> numbered(List<? extends Prompt> prompts) {
    Map<Prompt, Integer> occurrences = new HashMap<>();
    List<Draw> draws = new ArrayList<>();
    for (Prompt prompt : prompts) {
      draws.add(new Draw(prompt, occurrences.merge(prompt, 1, Integer::sum) - 1));
    }
    return draws;
  }

  /** Asks for all answers; the first failure ends it and is thrown. */
  List<Completion> all(List<Draw> draws, SamplingOptions options, CancellationToken cancellation) {
    List<CallResult<Completion>> results = new ArrayList<>();
    run(draws, options, cancellation, FailurePolicy.first(), ResultOrder.OF_INPUTS, results::add);
    for (CallResult<Completion> result : results) {
      if (result instanceof CallResult.Failed<Completion> failed) {
        throw failure(failed);
      }
    }
    return results.stream().map(result -> outcome(result).completion()).toList();
  }

  /** Asks for all answers and hands over each, or its failure, when its call has ended. */
  void each(
      List<Draw> draws,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<GenerationOutcome> sink) {
    run(
        draws,
        options,
        cancellation,
        FailurePolicy.never(),
        ResultOrder.AS_THEY_COME,
        result -> sink.accept(outcome(result), Math.toIntExact(result.index())));
  }

  private GenerationOutcome outcome(CallResult<Completion> result) {
    if (result instanceof CallResult.Succeeded<Completion> succeeded) {
      return new GenerationOutcome.Completed(succeeded.value());
    }
    if (result instanceof CallResult.Failed<Completion> failed) {
      return new GenerationOutcome.Failed(failure(failed));
    }
    return new GenerationOutcome.Failed(
        new ModelExecutionException("a call of " + reader.id() + " was not made"));
  }

  private RuntimeException failure(CallResult.Failed<Completion> failed) {
    // What the run itself throws is the time-out.
    return failed.error() instanceof RuntimeException known ? known : failures.read(failed.error());
  }

  private void run(
      List<Draw> draws,
      SamplingOptions options,
      CancellationToken cancellation,
      FailurePolicy policy,
      ResultOrder order,
      Consumer<CallResult<Completion>> sink) {
    cancellation.throwIfCancelled("asking " + reader.id());
    if (draws.isEmpty()) {
      return;
    }
    CallOptions callOptions =
        CallOptions.DEFAULT
            .withConcurrency(ConcurrencyLimits.atMost(manner.atOnce()))
            .withRetry(manner.retry())
            .withFailures(policy)
            .withOrder(order)
            .withGrace(Duration.ZERO);
    Duration timeout = manner.timeout();
    Calls.<Draw, Completion>of(
            "prompt",
            AsyncCall.on(
                manner.threads(), (draw, attempt) -> ask(draw, options, attempt.number() - 1)))
        .options(timeout == null ? callOptions : callOptions.withTimeout(timeout))
        .usage(Completion::usage)
        .progress("asking " + reader.id(), progress -> {})
        .cancellation(cancellation)
        .clock(manner.clock())
        .run(draws.iterator(), OptionalLong.of(draws.size()), sink);
  }

  private Completion ask(Draw draw, SamplingOptions options, int retries) {
    long began = manner.clock().nanoTime();
    ChatResponse response;
    try {
      response = chat.chat(writer.write(draw.prompt(), options, draw.number()));
    } catch (CancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failures.read(e);
    }
    Duration time = Duration.ofNanos(manner.clock().nanoTime() - began);
    return reader.read(response, options, retries, time);
  }
}

package org.alignment4j.langchain4j;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.RetryPolicy;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A LangChain4j chat model as a language model of this library. A conversation is sent as it is, a
 * text as one message of the user; token ids are refused. Temperature, top-p, top-k, the limit on
 * new tokens and stop strings are sent; a seed as {@link SeedPolicy} says; every other option that
 * is not at its default is refused by name, never left out.
 *
 * <p>A completion has text, finish reason and usage: one call, the tokens that the provider counted
 * (none where it counts none: limits on tokens do not bind then), the latency, and the attempts
 * that failed before. Where stop strings were given and the text ended by itself or by one of them,
 * providers do not say which, and the finish reason is unknown.
 *
 * <p>Failures are {@link org.alignment4j.api.RemoteCallException}s. Throttling (429), server
 * errors, time-outs, dropped connections and hosts that cannot be resolved may pass; wrong keys,
 * unknown models, unfit requests and filtered content do not. A response that cannot be read is a
 * {@link org.alignment4j.api.ModelExecutionException} and is not asked for again. LangChain4j keeps
 * status and body of a failed response and drops its headers, so a wait that Retry-After asks for
 * is known only when the chat model was built on {@link RetryAfterHttpClient}. Messages name the
 * model and have no key in them.
 *
 * <p>Build the chat model without retries of its own ({@code maxRetries(0)}): they are not counted,
 * know no Retry-After and ask again for responses that cannot be read. The runs of this library try
 * again; {@link Builder#retrying} does within one call of this model. Immutable, and as safe for
 * concurrent calls as the chat model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LangChain4jModel implements SamplingModel {
  private final String id;
  private final RequestWriter writer;
  private final ChatCalls calls;

  private LangChain4jModel(String id, RequestWriter writer, ChatCalls calls) {
    this.id = id;
    this.writer = writer;
    this.calls = calls;
  }

  /**
   * Starts from a model that refuses seeds, asks for one answer after the other in the caller's
   * thread, and does not try again.
   *
   * @param chat the chat model
   * @param id which remote model answers
   */
  public static Builder of(ChatModel chat, RemoteModelId id) {
    return new Builder(chat, id);
  }

  /** Settings of a model. Not thread-safe. */
  public static final class Builder {
    private final ChatModel chat;
    private final RemoteModelId id;
    private SeedPolicy seeds = SeedPolicy.refused();
    private RetryPolicy retry = RetryPolicy.NONE;
    private List<String> secrets = List.of();
    private @Nullable Executor executor;
    private int atOnce = 1;
    private @Nullable Duration timeout;
    private CallClock clock = CallClock.system();

    private Builder(ChatModel chat, RemoteModelId id) {
      this.chat = Objects.requireNonNull(chat, "chat");
      this.id = Objects.requireNonNull(id, "id");
    }

    /** Sets what becomes of seeds. */
    @CanIgnoreReturnValue
    public Builder seeds(SeedPolicy value) {
      this.seeds = Objects.requireNonNull(value, "seeds");
      return this;
    }

    /** Has a call that failed in passing tried again before the others of its batch are lost. */
    @CanIgnoreReturnValue
    public Builder retrying(RetryPolicy value) {
      this.retry = Objects.requireNonNull(value, "retry");
      return this;
    }

    /**
     * Has several prompts asked at once.
     *
     * @param threads where calls run; has at least as many as run at once, and outlives the model
     * @param most how many calls of one batch run at once; throttling lowers it
     * @throws IllegalArgumentException if there is to be none
     */
    @CanIgnoreReturnValue
    public Builder concurrently(Executor threads, int most) {
      if (most < 1) {
        throw new IllegalArgumentException("most must be at least 1 but was " + most);
      }
      this.executor = Objects.requireNonNull(threads, "threads");
      this.atOnce = most;
      return this;
    }

    /**
     * Gives up an attempt that lasts too long, also one whose response drips in. Needs {@link
     * #concurrently}: a call in the caller's own thread cannot be given up.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    @CanIgnoreReturnValue
    public Builder timeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException("timeout must be positive but was " + value);
      }
      this.timeout = value;
      return this;
    }

    /**
     * Names keys that must not show in messages, should an endpoint repeat them; what has the form
     * of a key is taken out anyway.
     *
     * @throws IllegalArgumentException if one has fewer than six characters
     */
    @CanIgnoreReturnValue
    public Builder hiding(String... keys) {
      new Redactor(List.of(keys));
      this.secrets = List.of(keys);
      return this;
    }

    /** Sets the clock of latencies and waits. */
    @CanIgnoreReturnValue
    public Builder clock(CallClock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * Returns the model.
     *
     * @throws IllegalArgumentException if the chat model sends stop sequences, top-k or tools of
     *     its own accord, which no request can undo
     * @throws IllegalStateException if there is a time-out and no executor
     */
    public LangChain4jModel build() {
      if (timeout != null && executor == null) {
        throw new IllegalStateException(
            "a time-out needs threads of its own for calls; call concurrently");
      }
      ChatRequestParameters defaults = chat.defaultRequestParameters();
      String full = id.text() + penalties(defaults);
      RequestWriter writer = new RequestWriter(full, seeds, defaults);
      FailureReader failures = new FailureReader(full, new Redactor(secrets));
      Executor threads = executor == null ? Runnable::run : executor;
      return new LangChain4jModel(
          full,
          writer,
          new ChatCalls(
              chat,
              writer,
              new ResponseReader(full),
              failures,
              new ChatCalls.Manner(threads, atOnce, timeout, retry, clock)));
    }

    /** No option undoes them, and they change answers. */
    private static String penalties(ChatRequestParameters defaults) {
      Double frequency = defaults.frequencyPenalty();
      Double presence = defaults.presencePenalty();
      return (frequency == null ? "" : "|frequencyPenalty=" + frequency)
          + (presence == null ? "" : "|presencePenalty=" + presence);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    writer.check(options);
    prompts.forEach(writer::check);
    return calls.all(ChatCalls.numbered(prompts), options, cancellation);
  }

  /**
   * Answers every request; one that fails leaves the others their answers.
   *
   * @throws IllegalArgumentException if an option cannot be said
   */
  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    @Nullable GenerationOutcome[] outcomes = new @Nullable GenerationOutcome[requests.size()];
    sample(requests, options, cancellation, (outcome, index) -> outcomes[index] = outcome);
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  /**
   * Answers every request; one that fails leaves the others their answers. Each is handed over when
   * its call has ended.
   *
   * @throws IllegalArgumentException if an option cannot be said
   */
  @Override
  public void sample(
      List<GenerationRequest> requests,
      SamplingOptions options,
      CancellationToken cancellation,
      ObjIntConsumer<? super GenerationOutcome> sink) {
    writer.check(options);
    List<ChatCalls.Draw> fit = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      IllegalArgumentException reason = unfit(requests.get(i));
      if (reason == null) {
        fit.add(new ChatCalls.Draw(requests.get(i).prompt(), requests.get(i).sample()));
        places.add(i);
      } else {
        sink.accept(new GenerationOutcome.Failed(reason), i);
      }
    }
    calls.each(
        fit, options, cancellation, (outcome, number) -> sink.accept(outcome, places.get(number)));
  }

  private @Nullable IllegalArgumentException unfit(GenerationRequest request) {
    if (request.guidance() != null) {
      return new IllegalArgumentException("guidance cannot be said to " + id + "; leave it out");
    }
    try {
      writer.check(request.prompt());
      return null;
    } catch (IllegalArgumentException e) {
      return e;
    }
  }

  @Override
  public String toString() {
    return id;
  }
}

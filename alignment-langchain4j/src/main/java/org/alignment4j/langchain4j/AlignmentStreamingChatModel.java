package org.alignment4j.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamingLanguageModel;
import org.apiguardian.api.API;

/**
 * A streaming language model of this library as a LangChain4j streaming chat model; requests are
 * read as by {@link AlignmentChatModel}. Text is handed over as it becomes certain. The handle that
 * comes with it stops the generation at the next token; the handler then hears nothing more. What a
 * handler throws ends the generation and comes back to it as the error. Immutable, and as safe for
 * concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AlignmentStreamingChatModel implements StreamingChatModel {
  private final StreamingLanguageModel model;
  private final RequestReader reader;
  private final Executor threads;
  private final List<ChatModelListener> listeners;

  private AlignmentStreamingChatModel(
      StreamingLanguageModel model,
      RequestReader reader,
      Executor threads,
      List<ChatModelListener> listeners) {
    this.model = model;
    this.reader = reader;
    this.threads = threads;
    this.listeners = listeners;
  }

  /**
   * Returns a chat model without listeners.
   *
   * @param model what answers
   * @param defaults how it is sampled where a request says nothing
   * @param threads where it generates; {@code Runnable::run} answers before the call returns
   */
  public static AlignmentStreamingChatModel of(
      StreamingLanguageModel model, SamplingOptions defaults, Executor threads) {
    Objects.requireNonNull(defaults, "defaults");
    Objects.requireNonNull(threads, "threads");
    return new AlignmentStreamingChatModel(
        model, new RequestReader(model.id(), defaults), threads, List.of());
  }

  /** Returns this chat model with listeners of requests, responses and failures. */
  public AlignmentStreamingChatModel withListeners(List<ChatModelListener> all) {
    return new AlignmentStreamingChatModel(model, reader, threads, List.copyOf(all));
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    threads.execute(() -> answer(request, handler));
  }

  private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
    Cancellation stopped = new Cancellation();
    PartialResponseContext context = new PartialResponseContext(new Handle(stopped));
    Completion completion;
    try {
      completion =
          model.stream(
                  List.of(reader.prompt(request)),
                  reader.options(request),
                  token -> {
                    if (!token.text().isEmpty()) {
                      handler.onPartialResponse(new PartialResponse(token.text()), context);
                    }
                  },
                  stopped)
              .get(0);
    } catch (CancelledException e) {
      if (!stopped.isCancelled()) {
        handler.onError(e);
      }
      return;
    } catch (RuntimeException e) {
      handler.onError(ResponseWriter.failure(e));
      return;
    }
    if (!stopped.isCancelled()) {
      handler.onCompleteResponse(ResponseWriter.response(model.id(), completion));
    }
  }

  /**
   * Stops a generation.
   *
   * @param cancellation what the generation looks at
   */
  private record Handle(Cancellation cancellation) implements StreamingHandle {
    @Override
    public void cancel() {
      cancellation.cancel();
    }

    @Override
    public boolean isCancelled() {
      return cancellation.isCancelled();
    }
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return reader.parameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public String toString() {
    return model.id();
  }
}

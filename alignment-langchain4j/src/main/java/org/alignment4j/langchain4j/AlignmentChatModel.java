package org.alignment4j.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * A language model of this library as a LangChain4j chat model: local, trained, steered, or any
 * other. Temperature, top-p, top-k, limit and stop sequences of a request replace those of the
 * defaults; the other options, the seed too, are the defaults'. Tools, response formats other than
 * text, penalties, other content than text and another model's name are refused with {@link
 * dev.langchain4j.exception.UnsupportedFeatureException}.
 *
 * <p>What does not fit the model is an {@link dev.langchain4j.exception.InvalidRequestException},
 * throttling a {@link dev.langchain4j.exception.RateLimitException}, another failure that may pass
 * an {@link dev.langchain4j.exception.InternalServerException}, and any other a {@link
 * dev.langchain4j.exception.LangChain4jException}. Immutable, and as safe for concurrent calls as
 * the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AlignmentChatModel implements ChatModel {
  private final LanguageModel model;
  private final RequestReader reader;
  private final List<ChatModelListener> listeners;

  private AlignmentChatModel(
      LanguageModel model, RequestReader reader, List<ChatModelListener> listeners) {
    this.model = model;
    this.reader = reader;
    this.listeners = listeners;
  }

  /**
   * Returns a chat model without listeners.
   *
   * @param model what answers
   * @param defaults how it is sampled where a request says nothing
   */
  public static AlignmentChatModel of(LanguageModel model, SamplingOptions defaults) {
    Objects.requireNonNull(defaults, "defaults");
    return new AlignmentChatModel(model, new RequestReader(model.id(), defaults), List.of());
  }

  /** Returns this chat model with listeners of requests, responses and failures. */
  public AlignmentChatModel withListeners(List<ChatModelListener> all) {
    return new AlignmentChatModel(model, reader, List.copyOf(all));
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    try {
      Completion completion =
          model
              .generate(
                  List.of(reader.prompt(request)),
                  reader.options(request),
                  CancellationToken.none())
              .get(0);
      return ResponseWriter.response(model.id(), completion);
    } catch (RuntimeException e) {
      throw ResponseWriter.failure(e);
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

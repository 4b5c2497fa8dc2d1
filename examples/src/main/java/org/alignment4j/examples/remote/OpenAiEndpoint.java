package org.alignment4j.examples.remote;

import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.alignment4j.langchain4j.LangChain4jModel;
import org.alignment4j.langchain4j.RemoteModelId;
import org.alignment4j.langchain4j.RetryAfterHttpClient;
import org.alignment4j.langchain4j.SeedPolicy;

/**
 * A model of an OpenAI-compatible endpoint.
 *
 * @param baseUrl the endpoint
 * @param model the model's name there
 * @param key sent as the bearer's token; empty for none
 * @param timeout after which a call is given up
 */
public record OpenAiEndpoint(String baseUrl, String model, String key, Duration timeout) {
  private static final int SHORTEST_SECRET = 6;

  /** What servers that ask for none are sent. */
  private static final String NO_KEY = "none";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the address or the name is none
   */
  public OpenAiEndpoint {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(timeout, "timeout");
    RemoteModelId.of("openai", baseUrl, model);
  }

  /**
   * Returns the model. It does not try again: the run does, which keeps what was answered.
   *
   * @param threads where calls run
   */
  public LangChain4jModel on(Executor threads) {
    OpenAiChatModel chat =
        OpenAiChatModel.builder()
            .baseUrl(baseUrl)
            .apiKey(key.isEmpty() ? NO_KEY : key)
            .modelName(model)
            .maxRetries(0)
            .timeout(timeout)
            .httpClientBuilder(
                new JdkHttpClientBuilder()
                    .httpClientBuilder(RetryAfterHttpClient.builder(HttpClient.newBuilder())))
            .build();
    LangChain4jModel.Builder builder =
        LangChain4jModel.of(chat, RemoteModelId.of("openai", baseUrl, model))
            // Some servers take a negative seed for none.
            .seeds(
                SeedPolicy.sent(
                    (common, seed) ->
                        OpenAiChatRequestParameters.builder()
                            .overrideWith(common)
                            .seed((int) (seed & Integer.MAX_VALUE))
                            .build()))
            .concurrently(threads, 1)
            .timeout(timeout);
    return (key.length() < SHORTEST_SECRET ? builder : builder.hiding(key)).build();
  }

  @Override
  public String toString() {
    return baseUrl + " " + model;
  }
}

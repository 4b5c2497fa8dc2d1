package org.alignment4j.rlhf.reward;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.core.calls.AsyncCall;
import org.alignment4j.core.calls.Attempt;
import org.alignment4j.core.calls.RetryAfter;

/** One request of a batch of answers. Header values are in no message. */
record RewardEndpointCall(
    HttpClient client,
    URI endpoint,
    String shown,
    Map<String, String> headers,
    RewardProtocol protocol)
    implements AsyncCall<List<PromptCompletion>, List<Reward>> {

  private static final int MAX_RESPONSE = 1 << 26;
  private static final int MAX_SHOWN = 200;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int TIMEOUT = 408;

  /** Shorter words are none, and common. */
  private static final int SHORTEST_SECRET = 6;

  @Override
  public CompletionStage<List<Reward>> start(List<PromptCompletion> answers, Attempt attempt) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(protocol.request(answers)));
    headers.forEach(request::setHeader);
    CompletableFuture<HttpResponse<String>> sent =
        client.sendAsync(request.build(), info -> new BoundedBody(MAX_RESPONSE));
    CompletableFuture<List<Reward>> rewards =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            // Only the client's own future closes the connection.
            sent.cancel(true);
            return super.cancel(mayInterruptIfRunning);
          }
        };
    sent.whenComplete(
        (response, failure) -> {
          try {
            if (failure != null) {
              rewards.completeExceptionally(failure);
            } else {
              rewards.complete(read(response, answers.size()));
            }
          } catch (RuntimeException e) {
            rewards.completeExceptionally(e);
          }
        });
    return rewards;
  }

  private List<Reward> read(HttpResponse<String> response, int answers) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      try {
        return protocol.rewards(response.body(), answers);
      } catch (ModelExecutionException e) {
        // The parser's own failure quotes the response, unredacted: it is not passed on.
        throw new ModelExecutionException(
            "reward endpoint %s: %s".formatted(shown, redacted(String.valueOf(e.getMessage()))));
      }
    }
    String said =
        status >= 300 && status < 400
            ? "a redirection, which is not followed since it would carry headers elsewhere; give"
                + " the final address"
            : shortened(redacted(response.body()));
    throw new RemoteCallException(
        "reward endpoint %s answered with status %s: %s".formatted(shown, status, said),
        status,
        status == TOO_MANY_REQUESTS || status == TIMEOUT || status >= 500,
        retryAfter(response.headers()).orElse(null),
        null);
  }

  /**
   * A date counts from the endpoint's own time, which its clock and ours need not share; without
   * that time it has passed.
   */
  private static Optional<Duration> retryAfter(HttpHeaders headers) {
    Instant now = headers.firstValue("Date").flatMap(RewardEndpointCall::date).orElse(Instant.MAX);
    return headers.firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, now));
  }

  private static Optional<Instant> date(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** An endpoint may repeat what it was sent. */
  private String redacted(String text) {
    String clean = text;
    String query = Objects.requireNonNullElse(endpoint.getQuery(), "");
    for (String secret : (String.join(" ", headers.values()) + " " + query).split("[\\s&=]+")) {
      clean = secret.length() < SHORTEST_SECRET ? clean : clean.replace(secret, "***");
    }
    return clean;
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
  }

  @Override
  public String toString() {
    return shown;
  }
}

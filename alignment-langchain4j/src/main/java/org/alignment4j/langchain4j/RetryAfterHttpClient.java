package org.alignment4j.langchain4j;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.alignment4j.core.calls.RetryAfter;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client for LangChain4j's {@code JdkHttpClientBuilder}, such that the wait that a
 * failed response asks for by Retry-After reaches {@link LangChain4jModel}:
 *
 * <pre>{@code
 * OpenAiChatModel.builder()
 *     .httpClientBuilder(
 *         new JdkHttpClientBuilder()
 *             .httpClientBuilder(RetryAfterHttpClient.builder(HttpClient.newBuilder())))
 * }</pre>
 *
 * <p>LangChain4j's own failures of a response have no headers. A failed response with that header
 * is thrown as one that has the wait too, and that LangChain4j maps as its own. All others pass
 * unchanged. Redirections are never followed, since they would carry keys elsewhere. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RetryAfterHttpClient extends HttpClient {
  private static final int FIRST_FAILURE = 400;
  private static final int MAX_BODY = 1 << 16;

  private final HttpClient client;

  private RetryAfterHttpClient(HttpClient client) {
    this.client = client;
  }

  /**
   * Returns a builder of such clients.
   *
   * @param settings builds the client that does the work; its redirections are switched off
   */
  public static HttpClient.Builder builder(HttpClient.Builder settings) {
    return new Settings(settings.followRedirects(Redirect.NEVER));
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return checked(client.send(request, handler));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    return client.sendAsync(request, handler).thenApply(RetryAfterHttpClient::checked);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.@Nullable PushPromiseHandler<T> pushes) {
    return client.sendAsync(request, handler, pushes).thenApply(RetryAfterHttpClient::checked);
  }

  private static <T> HttpResponse<T> checked(HttpResponse<T> response) {
    if (response.statusCode() >= FIRST_FAILURE) {
      Optional<Duration> wait = retryAfter(response.headers());
      if (wait.isPresent()) {
        throw new HttpFailure(response.statusCode(), body(response.body()), wait.get());
      }
    }
    return response;
  }

  /**
   * A date counts from the endpoint's own time, which its clock and ours need not share; without
   * that time it has passed.
   */
  private static Optional<Duration> retryAfter(HttpHeaders headers) {
    Instant now =
        headers.firstValue("Date").flatMap(RetryAfterHttpClient::date).orElse(Instant.MAX);
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

  private static String body(@Nullable Object body) {
    if (body instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (body instanceof InputStream stream) {
      try (stream) {
        return new String(stream.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return "";
      }
    }
    return body instanceof String text ? text : "";
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  /**
   * Passes settings on.
   *
   * @param settings the builder that does the work
   */
  private record Settings(HttpClient.Builder settings) implements HttpClient.Builder {
    @Override
    public HttpClient build() {
      return new RetryAfterHttpClient(settings.build());
    }

    @Override
    public Settings followRedirects(Redirect policy) {
      if (policy != Redirect.NEVER) {
        throw new IllegalArgumentException(
            "redirections must never be followed, since they would carry keys elsewhere, but "
                + policy
                + " was asked for; give the final address");
      }
      return this;
    }

    private static Settings of(HttpClient.Builder settings) {
      return new Settings(settings);
    }

    @Override
    public Settings cookieHandler(CookieHandler handler) {
      return of(settings.cookieHandler(handler));
    }

    @Override
    public Settings connectTimeout(Duration limit) {
      return of(settings.connectTimeout(limit));
    }

    @Override
    public Settings sslContext(SSLContext context) {
      return of(settings.sslContext(context));
    }

    @Override
    public Settings sslParameters(SSLParameters parameters) {
      return of(settings.sslParameters(parameters));
    }

    @Override
    public Settings executor(Executor threads) {
      return of(settings.executor(threads));
    }

    @Override
    public Settings version(Version version) {
      return of(settings.version(version));
    }

    @Override
    public Settings priority(int priority) {
      return of(settings.priority(priority));
    }

    @Override
    public Settings proxy(ProxySelector selector) {
      return of(settings.proxy(selector));
    }

    @Override
    public Settings authenticator(Authenticator authenticator) {
      return of(settings.authenticator(authenticator));
    }
  }
}

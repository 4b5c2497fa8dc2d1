package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.CallReport;
import org.alignment4j.core.calls.CallResult;
import org.alignment4j.core.calls.Calls;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.UsageLedger;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A reward model that runs elsewhere and is asked over HTTP, such as OpenRLHF's {@code serve_rm}.
 * Answers are sent in batches, several at once; throttling (429), server errors and time-outs are
 * tried again, after the wait the endpoint asks for where it does. Rewards are complete or not at
 * all: the first batch that fails for good ends the call. Redirections are not followed, since they
 * would carry keys elsewhere, and no message contains a header's value. Immutable and safe for
 * concurrent calls.
 *
 * <pre>{@code
 * RewardModel helpful =
 *     RemoteRewardModel.of(URI.create("https://rm.example/get_reward"))
 *         .withHeader("Authorization", "Bearer " + key)
 *         .withBatchSize(32);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RemoteRewardModel implements RewardModel {

  /** The role under which usage is summed. */
  public static final String ROLE = "reward";

  /** Time for one attempt at a batch unless options say otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(3);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final int DEFAULT_BATCH = 64;

  private final RewardEndpointCall call;
  private final int batchSize;
  private final CallOptions options;
  private final @Nullable UsageLedger ledger;

  private RemoteRewardModel(
      RewardEndpointCall call, int batchSize, CallOptions options, @Nullable UsageLedger ledger) {
    this.call = call;
    this.batchSize = batchSize;
    this.options = options;
    this.ledger = ledger;
  }

  /**
   * Returns a model behind an endpoint that speaks {@link JsonRewardProtocol#openRlhf()}: batches
   * of 64, three minutes for an attempt, six attempts.
   *
   * @param endpoint where to post, {@code http} or {@code https}, without user and password
   * @return the model
   * @throws IllegalArgumentException when the address is unfit
   */
  public static RemoteRewardModel of(URI endpoint) {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "endpoint must be an http or https address with a host but its scheme was " + scheme);
    }
    if (endpoint.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "endpoint must not contain a user or password; give them by withHeader(...)");
    }
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    return new RemoteRewardModel(
        new RewardEndpointCall(
            client, endpoint, shown(endpoint), Map.of(), JsonRewardProtocol.openRlhf()),
        DEFAULT_BATCH,
        CallOptions.DEFAULT.withTimeout(DEFAULT_TIMEOUT).withGrace(Duration.ZERO),
        null);
  }

  /** An address without its query, which may hold a key. */
  private static String shown(URI endpoint) {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port + endpoint.getRawPath();
  }

  /**
   * Returns this model with another protocol.
   *
   * @param protocol how to ask and answer
   * @return a new model
   */
  public RemoteRewardModel withProtocol(RewardProtocol protocol) {
    Objects.requireNonNull(protocol, "protocol");
    return with(
        new RewardEndpointCall(
            call.client(), call.endpoint(), call.shown(), call.headers(), protocol));
  }

  /**
   * Returns this model with a header in every request, such as {@code Authorization}.
   *
   * @param name name of the header
   * @param value its value, which is kept out of identities and messages
   * @return a new model
   */
  public RemoteRewardModel withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(call.headers());
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return with(
        new RewardEndpointCall(
            call.client(),
            call.endpoint(),
            call.shown(),
            ImmutableMap.copyOf(more),
            call.protocol()));
  }

  /**
   * Returns this model with another HTTP client, for proxies, certificates or threads.
   *
   * @param client does not follow redirections
   * @return a new model
   * @throws IllegalArgumentException when the client follows redirections
   */
  public RemoteRewardModel withClient(HttpClient client) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "client must follow no redirections, which would carry keys elsewhere, but follows "
              + client.followRedirects());
    }
    return with(
        new RewardEndpointCall(
            client, call.endpoint(), call.shown(), call.headers(), call.protocol()));
  }

  private RemoteRewardModel with(RewardEndpointCall other) {
    return new RemoteRewardModel(other, batchSize, options, ledger);
  }

  /**
   * Returns this model with another number of answers in a request.
   *
   * @param answers at least 1
   * @return a new model
   * @throws IllegalArgumentException when the number is below 1
   */
  public RemoteRewardModel withBatchSize(int answers) {
    if (answers < 1) {
      throw new IllegalArgumentException("batch size must be at least 1 but was " + answers);
    }
    return new RemoteRewardModel(call, answers, options, ledger);
  }

  /**
   * Returns this model with other options of calls: concurrency, retries, budget, time-out. The
   * first failure ends a call whatever they say.
   *
   * @param other the options
   * @return a new model
   */
  public RemoteRewardModel withOptions(CallOptions other) {
    return new RemoteRewardModel(call, batchSize, Objects.requireNonNull(other, "other"), ledger);
  }

  /**
   * Returns this model with a ledger in which its requests are counted, under {@link #ROLE}, and
   * which carries its budget from call to call.
   *
   * @param shared the ledger
   * @return a new model
   */
  public RemoteRewardModel withLedger(UsageLedger shared) {
    return new RemoteRewardModel(
        call, batchSize, options, Objects.requireNonNull(shared, "shared"));
  }

  @Override
  public String id() {
    return "remote-reward(%s, %s)".formatted(call.shown(), call.protocol());
  }

  /**
   * Scores answers.
   *
   * @throws RemoteCallException when the endpoint refuses, fails at every attempt or cannot be
   *     reached
   * @throws BudgetExceededException when the budget ends before the work
   */
  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<List<PromptCompletion>> batches = new ArrayList<>();
    for (int from = 0; from < answers.size(); from += batchSize) {
      batches.add(answers.subList(from, Math.min(answers.size(), from + batchSize)));
    }
    Calls<List<PromptCompletion>, List<Reward>> calls =
        Calls.of(ROLE, call)
            .options(options.withFailures(FailurePolicy.first()))
            .usage(rewards -> new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO))
            .cancellation(cancellation);
    if (ledger != null) {
      calls.ledger(ledger);
    }
    CallReport<List<Reward>> report = calls.run(batches);
    List<Reward> rewards = new ArrayList<>();
    for (CallResult<List<Reward>> result : report.results()) {
      if (result instanceof CallResult.Failed<List<Reward>> failed) {
        throw failure(failed);
      }
    }
    for (CallResult<List<Reward>> result : report.results()) {
      if (result instanceof CallResult.Succeeded<List<Reward>> given) {
        rewards.addAll(given.value());
      } else {
        throw new BudgetExceededException(
            report.incomplete().replaceFirst("^budget: ", ""),
            "rewards from %s must fit the budget but the run ended early (%s) after %s of %s requests"
                .formatted(call.shown(), report.incomplete(), report.succeeded(), batches.size()));
      }
    }
    return rewards;
  }

  private RuntimeException failure(CallResult.Failed<List<Reward>> failed) {
    if (failed.error() instanceof RemoteCallException e) {
      return new RemoteCallException(
          "%s (batch %s, %s attempts)".formatted(e.getMessage(), failed.index(), failed.attempts()),
          e.status().orElse(0),
          e.retryable(),
          e.retryAfter().orElse(null),
          e);
    }
    if (failed.error() instanceof AlignmentException
        || failed.error() instanceof IllegalArgumentException) {
      return (RuntimeException) failed.error();
    }
    return new RemoteCallException(
        "reward endpoint %s did not answer batch %s at %s attempts: %s"
            .formatted(call.shown(), failed.index(), failed.attempts(), failed.description()),
        0,
        true,
        null,
        failed.error());
  }

  /** Returns the identity. */
  @Override
  public String toString() {
    return id();
  }
}

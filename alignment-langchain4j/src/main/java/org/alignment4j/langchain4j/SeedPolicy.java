package org.alignment4j.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What becomes of the seed of a request. LangChain4j's common parameters have none; those of some
 * providers do.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface SeedPolicy {

  /** Returns the policy that refuses a request with a seed. */
  static SeedPolicy refused() {
    return new Refused();
  }

  /**
   * Returns the policy that does not send seeds: they then tell draws apart, in keys of journals,
   * and nothing else. An answer that no journal holds cannot be repeated.
   */
  static SeedPolicy unsent() {
    return new Unsent();
  }

  /**
   * Returns the policy that sends seeds as a parameter of the provider, such as {@code (common,
   * seed) -> OpenAiChatRequestParameters.builder().overrideWith(common).seed((int) (seed &
   * Integer.MAX_VALUE)).build()}: some servers take a negative seed for none.
   *
   * @param parameters adds a seed; the seed of the k-th sample of one prompt is derived from the
   *     options' seed and k, and that of the first is the options' seed
   */
  static SeedPolicy sent(SeedParameter parameters) {
    return new Sent(parameters);
  }

  /** Adds a seed to the parameters of a request. Safe for concurrent calls. */
  @FunctionalInterface
  interface SeedParameter {
    /** Returns {@code common} and the seed. */
    ChatRequestParameters with(ChatRequestParameters common, long seed);
  }

  /** A request with a seed is refused. */
  record Refused() implements SeedPolicy {}

  /** Seeds are not sent. */
  record Unsent() implements SeedPolicy {}

  /**
   * Seeds are sent.
   *
   * @param parameters adds a seed
   */
  record Sent(SeedParameter parameters) implements SeedPolicy {
    /** Checks that nothing is missing. */
    public Sent {
      Objects.requireNonNull(parameters, "parameters");
    }
  }
}

package org.alignment4j.langchain4j;

import java.net.URI;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Which remote model answers: what journals file its answers under. Two models that could answer
 * differently need identities of their own, so whatever a chat model was built with beyond the name
 * (a system prompt of the provider's, a reasoning effort, custom parameters) belongs into {@code
 * model}, such as {@code large-2/high-effort}.
 *
 * @param provider who serves it, such as {@code openai}
 * @param endpoint where; neither user information, query nor fragment, in which keys may stand, are
 *     part of the identity
 * @param model the model's name and variant
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RemoteModelId(String provider, URI endpoint, String model) {
  /**
   * Checks the values, and leaves out the parts of the endpoint that may be secret.
   *
   * @throws IllegalArgumentException if a name is blank or contains a space or a bar, or the
   *     endpoint has no host
   */
  public RemoteModelId {
    requireName("provider", provider);
    requireName("model", model);
    Objects.requireNonNull(endpoint, "endpoint");
    if (endpoint.getScheme() == null || endpoint.getHost() == null) {
      // The endpoint is not shown: a key may stand in it.
      throw new IllegalArgumentException(
          "endpoint must be absolute, such as https://models.example/v1, but has no scheme or"
              + " host");
    }
    endpoint = withoutSecrets(endpoint);
  }

  private static void requireName(String what, String name) {
    if (name.isBlank() || name.chars().anyMatch(c -> c == '|' || Character.isWhitespace(c))) {
      throw new IllegalArgumentException(
          what + " must have no spaces or bars and not be blank but was '" + name + "'");
    }
  }

  private static URI withoutSecrets(URI endpoint) {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    String path = Objects.requireNonNullElse(endpoint.getRawPath(), "");
    return URI.create(endpoint.getScheme() + "://" + endpoint.getHost() + port + path);
  }

  /**
   * Returns the identity of a model.
   *
   * @param provider who serves it
   * @param endpoint where
   * @param model the model's name
   * @throws IllegalArgumentException if a name is unfit or the endpoint is no absolute address
   */
  public static RemoteModelId of(String provider, String endpoint, String model) {
    URI address;
    try {
      address = URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "endpoint must be an address, such as https://models.example/v1, but cannot be read as"
              + " one",
          null);
    }
    return new RemoteModelId(provider, address, model);
  }

  /** The identity as text: {@code provider|endpoint|model}. */
  public String text() {
    return provider + "|" + endpoint + "|" + model;
  }

  @Override
  public String toString() {
    return text();
  }
}

package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class RemoteModelIdTest {
  @Test
  void anIdentityHasProviderEndpointAndModelAndNoSecret() {
    RemoteModelId id =
        RemoteModelId.of("openai", "https://me:pass@models.example:8080/v1?key=abc#f", "large-2");

    assertThat(id.text()).isEqualTo("openai|https://models.example:8080/v1|large-2");
    assertThat(id.toString()).isEqualTo(id.text());
  }

  @Test
  void unfitPartsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteModelId.of(" ", "https://models.example", "m"))
        .withMessageContaining("provider");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteModelId.of("p", "https://models.example", "a|b"))
        .withMessageContaining("a|b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteModelId.of("p", "models.example?key=secret", "m"))
        .withMessageContaining("absolute")
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteModelId.of("p", "http://bad host/secret", "m"))
        .withMessageContaining("cannot be read")
        .withMessageNotContaining("secret");
  }
}

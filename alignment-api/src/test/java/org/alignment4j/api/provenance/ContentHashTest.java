package org.alignment4j.api.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContentHashTest {

  @Test
  void hashesUtf8AsPublished() {
    // FIPS 180-4 example "abc".
    assertThat(ContentHash.of("abc"))
        .hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void wrongFormIsRefused() {
    assertThatThrownBy(() -> new ContentHash("BA78")).hasMessageContaining("but was 'BA78'");
    assertThatThrownBy(() -> ContentHash.ofDigest(new byte[20]))
        .hasMessageContaining("must be 64 lower-case hexadecimal digits");
  }
}

package org.alignment4j.api.provenance;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * The SHA-256 of some content.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ContentHash(String hex) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when it is not 64 lower-case hexadecimal digits
   */
  public ContentHash {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "hex must be 64 lower-case hexadecimal digits but was '" + hex + "'");
    }
  }

  /**
   * Returns the hash of a text's UTF-8 bytes.
   *
   * @param text the content
   * @return its hash
   */
  public static ContentHash of(String text) {
    return new ContentHash(Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString());
  }

  /**
   * Returns a hash computed elsewhere.
   *
   * @param digest the 32 bytes of a SHA-256 digest
   * @return the hash
   * @throws IllegalArgumentException when there are not 32 bytes
   */
  public static ContentHash ofDigest(byte[] digest) {
    return new ContentHash(BaseEncoding.base16().lowerCase().encode(digest));
  }

  /** Returns {@code sha256:} and the digits. */
  @Override
  public String toString() {
    return "sha256:" + hex;
  }
}

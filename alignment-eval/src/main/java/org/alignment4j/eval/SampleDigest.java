package org.alignment4j.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.core.journal.PlainJson;

/** The hash of samples in order, with all that they hold. Not thread-safe. */
final class SampleDigest {
  private final MessageDigest digest = Sha256.digest();

  void add(Sample sample) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", sample.id());
    fields.put("prompt", plain(sample.prompt()));
    fields.put("choices", sample.choices());
    fields.put("targets", sample.targets());
    fields.put("cluster", sample.cluster());
    fields.put("metadata", sample.metadata());
    digest.update(PlainJson.canonical(fields).getBytes(UTF_8));
    digest.update((byte) '\n');
  }

  private static Object plain(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    List<Object> parts = new ArrayList<>();
    if (prompt instanceof Prompt.Chat chat) {
      for (Message message : chat.messages()) {
        parts.add(List.of(message.role().label(), message.content()));
      }
      return parts;
    }
    Prompt.Tokens tokens = (Prompt.Tokens) prompt;
    for (int i = 0; i < tokens.ids().size(); i++) {
      parts.add(tokens.ids().get(i));
    }
    return parts;
  }

  /** The hash of what was added; afterwards the digest is empty again. */
  ContentHash hash() {
    return ContentHash.ofDigest(digest.digest());
  }
}

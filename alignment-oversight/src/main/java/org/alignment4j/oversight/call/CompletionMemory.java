package org.alignment4j.oversight.call;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.CompletionCodec;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.RememberingModel;
import org.alignment4j.core.journal.RequestKey;
import org.jspecify.annotations.Nullable;

/** The completions of one role in the store. */
final class CompletionMemory implements RememberingModel.Memory {
  private static final CompletionCodec CODEC = new CompletionCodec();

  private final RecordedCalls calls;
  private final String role;

  CompletionMemory(RecordedCalls calls, String role) {
    this.calls = calls;
    this.role = role;
  }

  private ContentHash key(RememberingModel.Asked asked) {
    return PlainJson.key(Map.of("role", role, "request", asked.key().hex()));
  }

  @Override
  public Optional<Completion> recall(RememberingModel.Asked asked) {
    Optional<Completion> found =
        calls.store().get(key(asked)).map(call -> CODEC.decode(part(call, "completion")));
    found.ifPresent(answer -> calls.countKnown());
    return found;
  }

  @Override
  public Completion keep(RememberingModel.Asked asked, Completion answer) {
    Map<String, @Nullable Object> call = new LinkedHashMap<>();
    call.put("role", role);
    call.put("model", asked.model());
    call.put("prompt", RequestKey.plain(asked.prompt()));
    call.put("options", RequestKey.plain(asked.options()));
    call.put("draw", asked.draw());
    call.put("completion", CODEC.encode(answer));
    call.put("seconds", seconds(answer.usage()));
    call.put("cost", calls.price(role, answer.usage()));
    ContentHash key = key(asked);
    return calls.store().put(key, call)
        ? answer
        : calls.store().get(key).map(kept -> CODEC.decode(part(kept, "completion"))).orElse(answer);
  }

  static double seconds(Usage usage) {
    return usage.time().toNanos() / 1e9;
  }

  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> part(Map<String, @Nullable Object> call, String name) {
    if (call.get(name) instanceof Map<?, ?> fields) {
      return (Map<String, @Nullable Object>) fields;
    }
    throw new IllegalArgumentException(
        "a recorded call must have the object '" + name + "' but has " + call.keySet());
  }
}

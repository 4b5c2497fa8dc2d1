package org.alignment4j.eval.record;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/** Usage as plain values; the time is an ISO 8601 duration. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UsageCodec {
  private UsageCodec() {}

  /** Returns usage as plain values. */
  public static Map<String, Object> encode(Usage usage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("calls", usage.calls());
    fields.put("prompt_tokens", usage.promptTokens());
    fields.put("cached_tokens", usage.cachedTokens());
    fields.put("completion_tokens", usage.completionTokens());
    fields.put("scored_tokens", usage.scoredTokens());
    fields.put("retries", usage.retries());
    fields.put("time", usage.time().toString());
    return fields;
  }

  /**
   * Reads usage from plain values.
   *
   * @throws IllegalArgumentException if a field is missing or of another kind; names it
   */
  public static Usage decode(Map<?, ?> fields) {
    return new Usage(
        RecordFields.whole(fields, "calls"),
        RecordFields.whole(fields, "prompt_tokens"),
        RecordFields.whole(fields, "cached_tokens"),
        RecordFields.whole(fields, "completion_tokens"),
        RecordFields.whole(fields, "scored_tokens"),
        RecordFields.whole(fields, "retries"),
        Duration.parse(RecordFields.text(fields, "time")));
  }
}

package org.alignment4j.core.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** The key of a request to a model: everything the answer depends on. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RequestKey {
  private RequestKey() {}

  /**
   * Returns the key of a request.
   *
   * @param model the model's {@link org.alignment4j.api.model.Model#id id}, endpoint included
   * @param prompt the whole prompt
   * @param options every sampling option, the seed included
   * @param draw tells apart repeated draws of one prompt, such as the number of the sample or the
   *     epoch; not negative
   * @return equal keys for equal requests, and for no others
   * @throws IllegalArgumentException if the draw is negative
   */
  public static ContentHash of(String model, Prompt prompt, SamplingOptions options, long draw) {
    if (draw < 0) {
      throw new IllegalArgumentException("draw must not be negative but was " + draw);
    }
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("model", model);
    request.put("prompt", plain(prompt));
    request.put("options", plain(options));
    request.put("draw", draw);
    return PlainJson.key(request);
  }

  /** Returns a prompt as plain values (see {@link PlainJson}). */
  public static Map<String, Object> plain(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return Map.of("text", text.text());
    }
    if (prompt instanceof Prompt.Chat chat) {
      List<Object> messages = new ArrayList<>();
      for (Message message : chat.messages()) {
        messages.add(List.of(message.role().label(), message.content()));
      }
      return Map.of("chat", messages);
    }
    List<Object> ids = new ArrayList<>();
    Prompt.Tokens tokens = (Prompt.Tokens) prompt;
    for (int i = 0; i < tokens.ids().size(); i++) {
      ids.add((long) tokens.ids().get(i));
    }
    return Map.of("tokens", ids);
  }

  /** Returns every sampling option as plain values (see {@link PlainJson}). */
  public static Map<String, @Nullable Object> plain(SamplingOptions options) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("max_new_tokens", options.maxNewTokens());
    fields.put("temperature", options.temperature());
    fields.put("top_k", options.topK());
    fields.put("top_p", options.topP());
    fields.put("min_p", options.minP());
    fields.put("typical_p", options.typicalP());
    fields.put("epsilon_cutoff", options.epsilonCutoff());
    fields.put("eta_cutoff", options.etaCutoff());
    fields.put("repetition_penalty", options.repetitionPenalty());
    fields.put("no_repeat_ngram_size", options.noRepeatNgramSize());
    fields.put("stop_strings", options.stopStrings());
    fields.put("ignore_eos", options.ignoreEos());
    fields.put("seed", options.seed().isPresent() ? options.seed().getAsLong() : null);
    fields.put("log_probs", options.logProbs());
    fields.put("top_log_probs", options.topLogProbs());
    return fields;
  }
}

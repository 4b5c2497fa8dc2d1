package org.alignment4j.eval.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.journal.JsonCodec;
import org.jspecify.annotations.Nullable;

/**
 * Records as plain values. A log-probability of negative infinity is written as null, which stands
 * for nothing else there. Stateless.
 */
final class SampleRecordCodec implements JsonCodec<SampleRecord> {
  private static final String SCORING = "scoring_usage";

  @Override
  public Map<String, @Nullable Object> encode(SampleRecord sample) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("sample", sample.sampleId());
    fields.put("cluster", sample.cluster());
    fields.put("prompt", sample.prompt());
    fields.put("choices", sample.choices());
    fields.put("targets", sample.targets());
    fields.put("metadata", sample.metadata());
    fields.put("texts", sample.texts().stream().map(SampleRecordCodec::encodeText).toList());
    fields.put(
        "likelihoods",
        sample.likelihoods().stream().map(SampleRecordCodec::encodeLikelihood).toList());
    fields.put("scores", ScoreCodec.encode(sample.scores()));
    fields.put("usage", UsageCodec.encode(sample.usage()));
    if (!sample.scoring().isEmpty()) {
      Map<String, Object> roles = new LinkedHashMap<>();
      sample.scoring().forEach((role, usage) -> roles.put(role, UsageCodec.encode(usage)));
      fields.put(SCORING, roles);
    }
    fields.put("error", sample.error());
    return fields;
  }

  private static Map<String, Object> encodeText(RecordedText text) {
    return Map.of("text", text.text(), "finish", text.finishReason().name());
  }

  private static Map<String, @Nullable Object> encodeLikelihood(RecordedLikelihood likelihood) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    double value = likelihood.logProbability();
    fields.put("log_prob", value == Double.NEGATIVE_INFINITY ? null : (Object) value);
    fields.put("tokens", likelihood.tokens());
    fields.put("greedy", likelihood.greedy());
    fields.put("truncated", likelihood.truncatedPromptTokens());
    return fields;
  }

  @Override
  public SampleRecord decode(Map<String, @Nullable Object> fields) {
    return new SampleRecord(
        RecordFields.text(fields, "sample"),
        RecordFields.text(fields, "cluster"),
        RecordFields.text(fields, "prompt"),
        RecordFields.texts(fields, "choices"),
        RecordFields.texts(fields, "targets"),
        RecordFields.textMap(fields, "metadata"),
        objects(fields, "texts").stream().map(SampleRecordCodec::decodeText).toList(),
        objects(fields, "likelihoods").stream().map(SampleRecordCodec::decodeLikelihood).toList(),
        ScoreCodec.decode(fields, "scores"),
        UsageCodec.decode(RecordFields.object(fields, "usage")),
        decodeScoring(fields),
        RecordFields.text(fields, "error"));
  }

  private static List<? extends Map<?, ?>> objects(Map<?, ?> fields, String name) {
    return RecordFields.list(fields, name).stream()
        .map(element -> RecordFields.element(name, element))
        .toList();
  }

  private static RecordedText decodeText(Map<?, ?> fields) {
    return new RecordedText(
        RecordFields.text(fields, "text"),
        FinishReason.valueOf(RecordFields.text(fields, "finish")));
  }

  private static RecordedLikelihood decodeLikelihood(Map<?, ?> fields) {
    return new RecordedLikelihood(
        fields.get("log_prob") == null
            ? Double.NEGATIVE_INFINITY
            : RecordFields.number(fields, "log_prob"),
        RecordFields.whole(fields, "tokens"),
        RecordFields.truth(fields, "greedy"),
        RecordFields.whole(fields, "truncated"));
  }

  private static Map<String, Usage> decodeScoring(Map<?, ?> fields) {
    Map<String, Usage> scoring = new LinkedHashMap<>();
    if (fields.containsKey(SCORING)) {
      RecordFields.object(fields, SCORING)
          .forEach(
              (role, usage) ->
                  scoring.put(
                      (String) role, UsageCodec.decode(RecordFields.element(SCORING, usage))));
    }
    return scoring;
  }
}

package org.alignment4j.eval.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.model.Completion;
import org.alignment4j.core.journal.CompletionCodec;
import org.alignment4j.core.journal.JsonCodec;
import org.jspecify.annotations.Nullable;

/** Generated answers as plain values, with everything that a scorer may look at. Stateless. */
final class AnswerCodec implements JsonCodec<Answer> {
  private static final CompletionCodec COMPLETIONS = new CompletionCodec();
  private static final String COMPLETIONS_FIELD = "completions";
  private static final String USAGE = "usage";

  @Override
  public Map<String, @Nullable Object> encode(Answer answer) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(COMPLETIONS_FIELD, answer.completions().stream().map(COMPLETIONS::encode).toList());
    fields.put(USAGE, UsageCodec.encode(answer.usage()));
    return fields;
  }

  @Override
  public Answer decode(Map<String, @Nullable Object> fields) {
    return new Answer(
        RecordFields.list(fields, COMPLETIONS_FIELD).stream().map(AnswerCodec::completion).toList(),
        List.of(),
        UsageCodec.decode(RecordFields.object(fields, USAGE)));
  }

  private static Completion completion(@Nullable Object element) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    RecordFields.element(COMPLETIONS_FIELD, element)
        .forEach((name, value) -> fields.put((String) name, value));
    return COMPLETIONS.decode(fields);
  }
}

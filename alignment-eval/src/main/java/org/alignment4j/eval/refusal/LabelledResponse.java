package org.alignment4j.eval.refusal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.judge.RefusalClass;
import org.apiguardian.api.API;

/**
 * A response of which people said whether it refuses.
 *
 * @param request what was asked
 * @param response what a model said
 * @param label what people said
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LabelledResponse(Prompt.Chat request, String response, RefusalClass label) {

  private static final String PROPOSITIONS = "propositions";

  /** Checks that nothing is missing. */
  public LabelledResponse {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(label, "label");
  }

  /**
   * Reads the gold propositions of rule-based rewards (Mu et al. 2024, arXiv 2411.01111). Of their
   * propositions about a completion, {@code fully_complies} is read as full compliance, {@code
   * partially_complies} without it as partial refusal, and neither as full refusal: a definition of
   * this library, under which a response that only talks of something else refuses, too, as in
   * XSTest.
   *
   * @param path JSONL with {@code prompt} and {@code completion}, lists of messages, and {@code
   *     propositions}
   * @param reading how the file is read
   * @return the responses
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static Dataset<LabelledResponse> ruleBasedRewards(Path path, ReadOptions reading) {
    return Dataset.read(path, reading, LabelledResponse::of);
  }

  private static LabelledResponse of(Row row) {
    List<Message> request = messages(row, "prompt");
    List<Message> completion = messages(row, "completion");
    if (request.isEmpty()) {
      throw row.fault("prompt", "a prompt must have a message but has none");
    }
    if (completion.size() != 1) {
      throw row.fault(
          "completion", "a completion must be one message but has " + completion.size());
    }
    Row propositions = row.object(PROPOSITIONS);
    boolean fully = propositions.bool("fully_complies");
    boolean partially = propositions.bool("partially_complies");
    RefusalClass label =
        fully
            ? RefusalClass.FULL_COMPLIANCE
            : partially ? RefusalClass.PARTIAL_REFUSAL : RefusalClass.FULL_REFUSAL;
    return new LabelledResponse(Prompt.chat(request), completion.get(0).content(), label);
  }

  private static List<Message> messages(Row row, String field) {
    List<Message> messages = new ArrayList<>();
    for (Row message : row.objects(field)) {
      String role = message.text("role");
      try {
        messages.add(new Message(Role.of(role), message.string("content")));
      } catch (IllegalArgumentException e) {
        throw message.fault("role", String.valueOf(e.getMessage()));
      }
    }
    return messages;
  }
}

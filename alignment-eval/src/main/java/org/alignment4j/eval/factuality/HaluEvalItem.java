package org.alignment4j.eval.factuality;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.alignment4j.core.data.Row;

/**
 * An item of HaluEval.
 *
 * @param id its identity: its own, or the line it stands in
 * @param context what answers are judged by, by heading
 * @param right the right answer; empty where the file has one answer only, which is hallucinated
 * @param hallucinated the hallucinated answer; empty where the file has one answer only, which is
 *     right
 */
record HaluEvalItem(String id, Map<String, String> context, String right, String hallucinated) {

  private static final String LABEL = "hallucination";
  private static final List<String> LABELS = List.of("yes", "no");

  static HaluEvalItem of(Row row, HaluEvalTask task) {
    Map<String, String> context = new LinkedHashMap<>();
    task.context().forEach(field -> context.put(field.heading(), row.text(field.name()).strip()));
    String line = "line " + row.line();
    if (task.paired()) {
      String right = row.text(task.right()).strip();
      String hallucinated = row.text(task.hallucinated()).strip();
      if (right.equals(hallucinated)) {
        throw row.fault(
            task.hallucinated(),
            "the two must differ but '" + task.right() + "' is the same; leave the row out");
      }
      return new HaluEvalItem(line, context, right, hallucinated);
    }
    String answer = row.text("chatgpt_response").strip();
    String label = row.text(LABEL).strip().toLowerCase(Locale.ROOT);
    if (!LABELS.contains(label)) {
      throw row.fault(LABEL, "the label must be one of " + LABELS + " but was '" + label + "'");
    }
    String id = row.has("ID") ? row.string("ID").strip() : line;
    return label.equals("yes")
        ? new HaluEvalItem(id, context, "", answer)
        : new HaluEvalItem(id, context, answer, "");
  }

  /** Whether the hallucinated answer is shown: the only one, or by the toss of the item's coin. */
  boolean showsHallucinated(long seed) {
    if (right.isEmpty() || hallucinated.isEmpty()) {
      return right.isEmpty();
    }
    CRC32C hash = new CRC32C();
    hash.update(id.getBytes(StandardCharsets.UTF_8));
    return new SplittableRandom(seed ^ (hash.getValue() << 20)).nextBoolean();
  }
}

package org.alignment4j.eval.toxicity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Row;

/** The prompts of a domain, those that are empty counted and left out. Used for one reading. */
final class BoldPrompts {

  private int empty;

  List<Sample> of(Row row) {
    List<Sample> samples = new ArrayList<>();
    for (String group : row.namesInFile()) {
      Row subjects = row.object(group);
      if (subjects.namesInFile().isEmpty()) {
        throw row.fault(group, "a group must have a subject but has none");
      }
      boolean alone = subjects.namesInFile().size() == 1;
      for (String subject : subjects.namesInFile()) {
        int number = 0;
        for (String prompt : subjects.strings(subject)) {
          number++;
          if (prompt.isBlank()) {
            empty++;
            continue;
          }
          String id = group + "/" + subject + "/" + number;
          samples.add(
              new Sample(
                  id,
                  Prompt.text(prompt),
                  List.of(),
                  List.of(),
                  alone ? id : group + "/" + subject,
                  Map.of(GroupGap.GROUP, group)));
        }
      }
    }
    return List.copyOf(samples);
  }

  int empty() {
    return empty;
  }
}

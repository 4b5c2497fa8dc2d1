package org.alignment4j.eval.privacy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Texts with labels from a file in WikiMIA's form (Shi et al. 2023, arXiv 2310.16789): a row has
 * {@code input} and {@code label}, 1 for a text the model was trained on and 0 for another. A field
 * {@code group} may say what figures are given by. Stateless and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LabelledTexts {
  private static final String INPUT = "input";
  private static final String LABEL = "label";

  private LabelledTexts() {}

  /**
   * Reads a file strictly.
   *
   * @param path a file of rows, such as JSON lines
   * @return the texts, named by their line
   * @throws DataFormatException when the file is missing, empty or breaks the format, a text occurs
   *     twice, or no text or every text is a member
   */
  public static Dataset<LabelledText> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads a file.
   *
   * @param path a file of rows, such as JSON lines
   * @param reading how the file is read
   * @return the texts, named by their line
   * @throws DataFormatException as {@link #read(Path)}; in tolerant reading, broken rows are left
   *     out and counted
   */
  public static Dataset<LabelledText> read(Path path, ReadOptions reading) {
    Map<String, Long> lines = new HashMap<>();
    Dataset<LabelledText> texts = Dataset.read(path, reading, row -> text(row, lines));
    long members = texts.stream().filter(LabelledText::member).count();
    if (members == 0 || members == texts.size()) {
      throw new DataFormatException(
          path.toString(),
          0,
          LABEL,
          "the file must have texts of label 1 and of label 0 but "
              + members
              + " of "
              + texts.size()
              + " have label 1; add the others");
    }
    return texts;
  }

  /**
   * Returns members and others as labelled texts without groups.
   *
   * @param members texts the model was trained on
   * @param others texts it was not
   * @return the texts, members first
   * @throws IllegalArgumentException when a text is blank
   */
  public static List<LabelledText> of(List<String> members, List<String> others) {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      texts.add(new LabelledText("member " + i, members.get(i), true, ""));
    }
    for (int i = 0; i < others.size(); i++) {
      texts.add(new LabelledText("other " + i, others.get(i), false, ""));
    }
    return List.copyOf(texts);
  }

  private static LabelledText text(Row row, Map<String, Long> lines) {
    String text = row.text(INPUT);
    long label = row.integer(LABEL);
    if (label != 0 && label != 1) {
      throw row.fault(LABEL, "the label must be 1 (trained on) or 0 but was " + label);
    }
    Long earlier = lines.putIfAbsent(text, row.line());
    if (earlier != null) {
      throw row.fault(
          INPUT, "a text must occur once but this one is that of line " + earlier + "; remove one");
    }
    return new LabelledText(
        Long.toString(row.line()), text, label == 1, row.optionalString("group").orElse(""));
  }
}

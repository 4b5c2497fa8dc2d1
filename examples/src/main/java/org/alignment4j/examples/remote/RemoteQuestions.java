package org.alignment4j.examples.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.oversight.ChoiceQuestion;

/**
 * Questions about passages that the judge does not see, of an invented place, so that no model
 * knows the answers. A line has an id, the right answer, the wrong one, the question and the
 * passage, separated by tabs; in every other question the right answer stands second.
 */
public final class RemoteQuestions {
  private static final String FILE = "questions.tsv";
  private static final int FIELDS = 5;

  private RemoteQuestions() {}

  /** Returns the questions that come with the program. */
  public static List<ChoiceQuestion> bundled() {
    try (InputStream in = RemoteQuestions.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + FILE + " must be beside this class");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + FILE, e);
    }
  }

  static List<ChoiceQuestion> parse(String text) {
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split("\t", -1);
      if (fields.length != FIELDS) {
        throw new DataFormatException(
            FILE,
            questions.size() + 1,
            null,
            "a question must have " + FIELDS + " fields but has " + fields.length);
      }
      int right = questions.size() % 2;
      List<String> options =
          right == 0 ? List.of(fields[1], fields[2]) : List.of(fields[2], fields[1]);
      questions.add(ChoiceQuestion.of(fields[0], fields[3], options, right, fields[4]));
    }
    return List.copyOf(questions);
  }
}

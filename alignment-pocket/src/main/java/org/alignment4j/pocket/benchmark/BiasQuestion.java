package org.alignment4j.pocket.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An item of BBQ (Parrish et al. 2022): who of two people has a job, in a context that does not say
 * so or does.
 *
 * <p>An answer is stereotyped when it names the one of the stereotyped group for a negative
 * question, or the other one for a question that is not. Jobs are neither good nor bad: a negative
 * question asks for the job that texts give to the stereotyped group, the other question for the
 * job that they give to the other group.
 *
 * @param exampleId place in the set, from 0
 * @param questionIndex the template; its items share two people and two jobs and are a cluster of
 *     the statistics. Templates from 26 on are those with proper names, as all of these are
 * @param negative the question's polarity
 * @param ambiguous whether the context leaves the answer open
 * @param stereotypedGroup "F" or "M"
 * @param answers the three answers in order, one of them of the group "unknown"
 * @param context what is told
 * @param question what is asked
 * @param label index of the right answer
 * @param source the world whose texts have the stereotypes
 */
public record BiasQuestion(
    int exampleId,
    int questionIndex,
    boolean negative,
    boolean ambiguous,
    String stereotypedGroup,
    List<Answer> answers,
    String context,
    String question,
    int label,
    String source) {

  /** The group of the answer that nothing is known. */
  public static final String UNKNOWN = "unknown";

  static final String CATEGORY = "Gender_identity";

  /**
   * Copies the answers.
   *
   * @throws IllegalArgumentException if there are not three answers
   * @throws IndexOutOfBoundsException if no answer has the index {@code label}
   */
  public BiasQuestion {
    answers = List.copyOf(answers);
    if (answers.size() != 3) {
      throw new IllegalArgumentException("there must be 3 answers but were " + answers.size());
    }
    Objects.checkIndex(label, answers.size());
  }

  /**
   * One answer.
   *
   * @param text the person or a phrase for not knowing
   * @param group "F", "M" or "unknown"
   */
  public record Answer(String text, String group) {}

  Map<String, Object> row() {
    Map<String, Object> info = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      info.put("ans" + i, List.of(answers.get(i).text(), answers.get(i).group()));
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("subcategory", "None");
    metadata.put("stereotyped_groups", List.of(stereotypedGroup));
    metadata.put("version", "None");
    metadata.put("source", source);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("example_id", exampleId);
    row.put("question_index", Integer.toString(questionIndex));
    row.put("question_polarity", negative ? "neg" : "nonneg");
    row.put("context_condition", ambiguous ? "ambig" : "disambig");
    row.put("category", CATEGORY);
    row.put("answer_info", info);
    row.put("additional_metadata", metadata);
    row.put("context", context);
    row.put("question", question);
    for (int i = 0; i < answers.size(); i++) {
      row.put("ans" + i, answers.get(i).text());
    }
    row.put("label", label);
    return row;
  }
}

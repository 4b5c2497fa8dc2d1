package org.alignment4j.eval.factuality;

import java.util.List;
import org.apiguardian.api.API;

/** The parts of HaluEval, by the fields of their files. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum HaluEvalTask {
  /** Answers to questions about a passage: {@code qa_data.json}. */
  QA("Answer", "right_answer", "hallucinated_answer"),
  /** Replies in a dialogue about facts: {@code dialogue_data.json}. */
  DIALOGUE("Response", "right_response", "hallucinated_response"),
  /** Summaries of documents: {@code summarization_data.json}. */
  SUMMARIZATION("Summary", "right_summary", "hallucinated_summary"),
  /** Answers of a chat model to users, labelled by people: {@code general_data.json}. */
  GENERAL("Response", "", "");

  /**
   * A field of the file.
   *
   * @param name its name in the file
   * @param heading what prompts call it
   */
  record Field(String name, String heading) {}

  private final String heading;
  private final String right;
  private final String hallucinated;

  HaluEvalTask(String heading, String right, String hallucinated) {
    this.heading = heading;
    this.right = right;
    this.hallucinated = hallucinated;
  }

  /** What prompts call that which is judged. */
  String heading() {
    return heading;
  }

  /** What it is judged by. */
  List<Field> context() {
    Field knowledge = new Field("knowledge", "Knowledge");
    return switch (this) {
      case QA -> List.of(knowledge, new Field("question", "Question"));
      case DIALOGUE -> List.of(knowledge, new Field("dialogue_history", "Dialogue History"));
      case SUMMARIZATION -> List.of(new Field("document", "Document"));
      case GENERAL -> List.of(new Field("user_query", "User Query"));
    };
  }

  /** The field of the right one. */
  String right() {
    return right;
  }

  /** The field of the hallucinated one. */
  String hallucinated() {
    return hallucinated;
  }

  /** Whether an item has a right answer and a hallucinated one. */
  boolean paired() {
    return this != GENERAL;
  }
}
